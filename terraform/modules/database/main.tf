# Aurora PostgreSQL Serverless v2. It pauses when nobody is connected, if its minimum is 0; so the server ends idle sessions, because a
# frozen Lambda cannot end its own.

locals {
  maintenance_window = "sun:03:30-sun:04:30" # UTC

  parameters = {
    idle_session_timeout = "60000" # milliseconds
    "rds.force_ssl"      = "1"
    log_error_verbosity  = "terse" # the detail of an error may hold a customer's words
  }
}

resource "aws_db_subnet_group" "this" {
  name        = var.prefix
  description = "Private subnets of ${var.prefix}"
  subnet_ids  = var.subnet_ids
}

resource "aws_rds_cluster_parameter_group" "this" {
  name        = "${var.prefix}-${var.engine_version}"
  description = "Settings of ${var.prefix}"
  family      = "aurora-postgresql${var.engine_version}"

  dynamic "parameter" {
    for_each = local.parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true # a new major version needs a new family while the old one is in use
  }
}

# RDS would make this group by itself, and keep its lines for ever.
resource "aws_cloudwatch_log_group" "postgresql" {
  name              = "/aws/rds/cluster/${var.prefix}/postgresql"
  retention_in_days = var.log_retention_days
}

# A word that tells this cluster's final snapshot from that of an earlier cluster of the same name.
resource "terraform_data" "generation" {}

resource "aws_rds_cluster" "this" {
  cluster_identifier = var.prefix
  engine             = "aurora-postgresql"
  engine_mode        = "provisioned" # Serverless v2 is a class of instances
  engine_version     = var.engine_version
  database_name      = "omni"

  master_username                     = "omni_owner"
  manage_master_user_password         = true
  iam_database_authentication_enabled = true

  db_subnet_group_name            = aws_db_subnet_group.this.name
  vpc_security_group_ids          = [var.security_group_id]
  db_cluster_parameter_group_name = aws_rds_cluster_parameter_group.this.name

  serverlessv2_scaling_configuration {
    min_capacity             = var.capacity.min
    max_capacity             = var.capacity.max
    seconds_until_auto_pause = var.capacity.min == 0 ? var.capacity.pause_seconds : null
  }

  storage_encrypted               = true
  copy_tags_to_snapshot           = true
  backup_retention_period         = var.backup_days
  preferred_backup_window         = "02:00-02:30" # UTC
  preferred_maintenance_window    = local.maintenance_window
  deletion_protection             = var.deletion_protection
  skip_final_snapshot             = !var.final_snapshot
  final_snapshot_identifier       = var.final_snapshot ? "${var.prefix}-final-${substr(terraform_data.generation.id, 0, 8)}" : null
  enabled_cloudwatch_logs_exports = ["postgresql"]
  apply_immediately               = true

  depends_on = [aws_cloudwatch_log_group.postgresql]

  lifecycle {
    # Serverless v1's block; the emulator answers with an empty one.
    ignore_changes = [scaling_configuration]
  }
}

resource "aws_rds_cluster_instance" "this" {
  for_each = { for i, zone in var.zone_names : "${i + 1}" => zone }

  identifier         = "${var.prefix}-${each.key}"
  cluster_identifier = aws_rds_cluster.this.id
  engine             = aws_rds_cluster.this.engine
  instance_class     = "db.serverless"
  availability_zone  = each.value
  promotion_tier     = 1 # tiers 0 and 1 keep the writer's capacity, so that they can take over

  publicly_accessible          = false
  auto_minor_version_upgrade   = true
  copy_tags_to_snapshot        = true
  apply_immediately            = true
  preferred_maintenance_window = local.maintenance_window
  performance_insights_enabled = !var.emulator && var.capacity.min >= 2 # below that it takes too large a share of the instance
}
