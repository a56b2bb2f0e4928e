terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.100, < 7"
    }
  }

  # The state is a file in this folder until you move it to S3: see "Where the state is" in README.md.
  backend "local" {}
}
