# One zone and a database that sleeps: for trying out, demonstrations, and companies whose customers write by day.
#
#   terraform apply -var-file=examples/small.tfvars
#
# At rest it costs, per month in us-east-1 (list prices; check them before you rely on the sum):
#
#   interface endpoints   2 services x 1 zone    x $7.30    $14.60
#   Aurora                asleep; storage at $0.10 a GB      $0.10   (awake: $0.12 an hour for each ACU, of which it uses 0.5 or more)
#   secrets               5 channels + 1 owner   x $0.40     $2.40
#   KMS key               of the alarms' topic               $1.00
#   alarms                108                    x $0.10    $10.80
#   queue polling         22 consumers           x $0.30     $6.60
#                                                           ------
#                                                           $35.50
#
# Every channel that you leave out (channels = ["whatsapp"]) saves $2.20.
#
# The first message after a pause waits for the database to wake (15 to 30 seconds); its webhook does not.

prefix = "omni"
zones  = 1

database = {
  min_capacity        = 0
  max_capacity        = 2
  pause_after_seconds = 300
  backup_days         = 7
}

log_retention_days = 14
