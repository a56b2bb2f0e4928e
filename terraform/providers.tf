provider "aws" {
  region            = var.region
  s3_use_path_style = var.emulator

  default_tags {
    tags = merge(var.tags, { Project = var.prefix })
  }
}
