# Two zones and a database that stays awake and has a second instance to take over.
#
#   terraform apply -var-file=examples/production.tfvars -var alarm_email=team@example.com
#
# At rest it costs, per month in us-east-1 (list prices; check them before you rely on the sum):
#
#   interface endpoints   2 services x 2 zones   x $7.30    $29.20
#   Aurora                2 instances            x $43.80   $87.60   (0.5 ACU x 730 hours x $0.12)
#   Aurora storage        10 GB                  x $0.10     $1.00
#   secrets               5 channels + 1 owner   x $0.40     $2.40
#   KMS key               of the alarms' topic               $1.00
#   alarms                108                    x $0.10    $10.80
#   queue polling         22 consumers           x $0.30     $6.60
#                                                          -------
#                                                          $138.60
#
# A NAT gateway, which this design does without, would be $33 more for each zone, and $0.045 for each GB.

prefix = "omni"
zones  = 2

database = {
  min_capacity = 0.5
  max_capacity = 16
  backup_days  = 30
}

concurrency = {
  webhook   = 200
  processor = 60
  sender    = 20
  api       = 60
  realtime  = 20
}

throttle = {
  rate  = 2000
  burst = 2000
}

# A name of your own, instead of CloudFront's; the certificate has to be in us-east-1.
# dashboard_domain = { name = "inbox.example.com", certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/..." }

# Everybody signs in with a second factor.
require_mfa = true

log_retention_days = 90
