# The dashboard's files: a private bucket that only CloudFront reads.

locals {
  files = toset([for name in fileset(var.folder, "**") : name if !anytrue([for part in local.left_out : startswith(name, part)])])

  # What belongs to the laptop, what the build keeps of itself, and what is made here.
  left_out = ["simulator", "demo/", ".", "config.json"]

  # Names of these hold a hash of their contents; everything else keeps its name when it changes.
  hashed = "assets/"

  # What other companies' pages load: /widget/v1/... stays what it is for those who wrote it into their pages, and is renewed within minutes.
  widget = "widget/"

  content_types = {
    css         = "text/css; charset=utf-8", html = "text/html; charset=utf-8", ico = "image/x-icon", jpg = "image/jpeg",
    js          = "text/javascript; charset=utf-8", json = "application/json", map = "application/json", mp3 = "audio/mpeg",
    ogg         = "audio/ogg", png = "image/png", svg = "image/svg+xml", txt = "text/plain; charset=utf-8", wav = "audio/wav",
    webmanifest = "application/manifest+json", webp = "image/webp", woff2 = "font/woff2",
  }
}

resource "aws_s3_object" "asset" {
  for_each = toset([for name in local.files : name if startswith(name, local.hashed)])

  bucket        = var.bucket.name
  key           = each.key
  source        = "${var.folder}/${each.key}"
  source_hash   = filebase64sha256("${var.folder}/${each.key}")
  content_type  = lookup(local.content_types, reverse(split(".", each.key))[0], "application/octet-stream")
  cache_control = "public, max-age=31536000, immutable"

  lifecycle {
    create_before_destroy = true # with it, those of the old version go after the new pages came
  }
}

# The pages come after the assets that they name.
resource "aws_s3_object" "page" {
  for_each = toset([for name in local.files : name if !startswith(name, local.hashed)])

  bucket        = var.bucket.name
  key           = each.key
  source        = "${var.folder}/${each.key}"
  source_hash   = filebase64sha256("${var.folder}/${each.key}")
  content_type  = lookup(local.content_types, reverse(split(".", each.key))[0], "application/octet-stream")
  cache_control = startswith(each.key, local.widget) ? "public, max-age=300" : "no-cache" # asked for again every time, and sent only when it changed

  depends_on = [aws_s3_object.asset]
}

# Where to sign in, for the page. It holds nothing secret.
resource "aws_s3_object" "config" {
  bucket        = var.bucket.name
  key           = "config.json"
  content       = jsonencode(var.config)
  content_type  = "application/json"
  cache_control = "no-store"

  lifecycle {
    precondition {
      condition     = contains(local.files, "index.html")
      error_message = "${var.folder}/index.html does not exist: build the dashboard first, with `make build` (it needs Node 20 or newer and npm)."
    }
  }
}
