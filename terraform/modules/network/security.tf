# Who may talk to whom: functions to the database and to the endpoints, nobody to functions, the database to nobody.

locals {
  security_groups = {
    functions = "Lambda functions with the database"
    database  = "Aurora"
    endpoints = "Endpoints of SQS and Secrets Manager"
  }

  # Each pair is a rule on either side.
  conversations = {
    database  = { port = 5432, description = "PostgreSQL" }
    endpoints = { port = 443, description = "Services of AWS" }
  }
}

resource "aws_security_group" "this" {
  for_each = local.security_groups

  name        = "${var.prefix}-${each.key}"
  description = each.value
  vpc_id      = aws_vpc.this.id

  tags = { Name = "${var.prefix}-${each.key}" }
}

resource "aws_vpc_security_group_egress_rule" "functions" {
  for_each = local.conversations

  security_group_id            = aws_security_group.this["functions"].id
  referenced_security_group_id = aws_security_group.this[each.key].id
  description                  = var.emulator ? null : "${each.value.description}, to ${each.key}"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_ingress_rule" "functions" {
  for_each = local.conversations

  security_group_id            = aws_security_group.this[each.key].id
  referenced_security_group_id = aws_security_group.this["functions"].id
  description                  = var.emulator ? null : "${each.value.description}, from functions"
  ip_protocol                  = "tcp"
  from_port                    = each.value.port
  to_port                      = each.value.port
}

resource "aws_vpc_security_group_egress_rule" "s3" {
  security_group_id = aws_security_group.this["functions"].id
  prefix_list_id    = aws_vpc_endpoint.s3.prefix_list_id
  description       = var.emulator ? null : "S3, through its gateway endpoint"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}
