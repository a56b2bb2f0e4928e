# A VPC without a way out: no internet gateway, no NAT. Functions in it reach the database and, through endpoints, three services of AWS.

data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

locals {
  database_zones = slice(data.aws_availability_zones.available.names, 0, 2)
  function_zones = slice(local.database_zones, 0, var.zones)

  # What functions do with each service. The endpoints allow nothing else, whatever a role allows.
  endpoint_actions = {
    sqs            = ["sqs:SendMessage", "sqs:ChangeMessageVisibility"]
    secretsmanager = ["secretsmanager:GetSecretValue"]
    s3             = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
  }

  endpoint_policies = {
    for service, actions in local.endpoint_actions : service => jsonencode({
      Version = "2012-10-17"
      Statement = [{
        Sid       = "OwnResourcesOnly"
        Effect    = "Allow"
        Principal = { AWS = "*" }
        Action    = actions
        Resource  = var.endpoint_resources[service]
        Condition = { StringEquals = { "aws:PrincipalAccount" = var.account } }
      }]
    })
  }
}

resource "aws_vpc" "this" {
  cidr_block           = var.cidr
  enable_dns_support   = true
  enable_dns_hostnames = true # the endpoints' private names need it

  tags = { Name = var.prefix }
}

# The VPC's own security group allows everything among its members; without rules it allows nothing, should anything end up in it.
resource "aws_default_security_group" "closed" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-closed" }
}

resource "aws_subnet" "functions" {
  for_each = { for i, zone in local.function_zones : zone => i }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 2, each.value)

  tags = { Name = "${var.prefix}-functions-${each.key}" }
}

resource "aws_subnet" "database" {
  for_each = { for i, zone in local.database_zones : zone => i }

  vpc_id            = aws_vpc.this.id
  availability_zone = each.key
  cidr_block        = cidrsubnet(var.cidr, 2, 2 + each.value)

  tags = { Name = "${var.prefix}-database-${each.key}" }
}

# One route table for all: the VPC itself and, through the gateway endpoint, S3.
resource "aws_route_table" "private" {
  vpc_id = aws_vpc.this.id

  tags = { Name = "${var.prefix}-private" }
}

resource "aws_route_table_association" "functions" {
  for_each = aws_subnet.functions

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

resource "aws_route_table_association" "database" {
  for_each = aws_subnet.database

  subnet_id      = each.value.id
  route_table_id = aws_route_table.private.id
}

resource "aws_vpc_endpoint" "interface" {
  for_each = toset(["sqs", "secretsmanager"])

  vpc_id              = aws_vpc.this.id
  service_name        = "com.amazonaws.${var.region}.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true # the SDK's usual host names lead here
  subnet_ids          = [for subnet in aws_subnet.functions : subnet.id]
  security_group_ids  = [aws_security_group.this["endpoints"].id]
  policy              = local.endpoint_policies[each.key]

  tags = { Name = "${var.prefix}-${each.key}" }
}

resource "aws_vpc_endpoint" "s3" {
  vpc_id            = aws_vpc.this.id
  service_name      = "com.amazonaws.${var.region}.s3"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  policy            = local.endpoint_policies["s3"]

  tags = { Name = "${var.prefix}-s3" }
}
