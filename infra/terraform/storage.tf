# Models and feedback. What is overwritten or deleted can be brought back twice: as a noncurrent version, and then for as
# long as soft deletion lasts. A retention policy on the bucket would do more than is wanted: aliases are overwritten at
# each promotion, and gc deletes (docs/adr/0020-what-runs-where-and-who-may.md).
resource "google_storage_bucket" "models" {
  name          = local.models_bucket
  location      = var.region
  storage_class = "STANDARD"
  force_destroy = var.force_destroy_buckets

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 1209600 # 14 days
  }

  lifecycle_rule {
    condition {
      days_since_noncurrent_time = var.noncurrent_days
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  # Pieces of uploads that nobody finished.
  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.feedback_days > 0 ? [var.feedback_days] : []

    content {
      condition {
        age            = lifecycle_rule.value
        matches_prefix = ["${local.store_prefix}/feedback/"]
      }
      action {
        type = "Delete"
      }
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [var.kms_key]

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.used]
}

# Conversations to train on, and what training leaves. Customers' words are forgotten on time: noncurrent versions go after
# a week, soft deletion keeps them for another.
resource "google_storage_bucket" "data" {
  name          = local.data_bucket
  location      = var.region
  storage_class = "STANDARD"
  force_destroy = var.force_destroy_buckets

  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  versioning {
    enabled = true
  }

  soft_delete_policy {
    retention_duration_seconds = 604800 # 7 days
  }

  lifecycle_rule {
    condition {
      days_since_noncurrent_time = 7
      with_state                 = "ARCHIVED"
    }
    action {
      type = "Delete"
    }
  }

  lifecycle_rule {
    condition {
      age = 7
    }
    action {
      type = "AbortIncompleteMultipartUpload"
    }
  }

  dynamic "lifecycle_rule" {
    for_each = var.conversation_days > 0 ? [var.conversation_days] : []

    content {
      condition {
        age = lifecycle_rule.value
      }
      action {
        type = "Delete"
      }
    }
  }

  dynamic "encryption" {
    for_each = var.kms_key == null ? [] : [var.kms_key]

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.used]
}
