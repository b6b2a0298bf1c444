resource "google_artifact_registry_repository" "images" {
  repository_id = "repartee"
  location      = var.region
  format        = "DOCKER"
  description   = "Images serving, serving-gpu and training"
  kms_key_name  = var.kms_key

  # Tagged images could be what runs, so only age and number together take one out.
  cleanup_policies {
    id     = "keep-recent"
    action = "KEEP"

    most_recent_versions {
      keep_count = 20
    }
  }

  cleanup_policies {
    id     = "delete-old"
    action = "DELETE"

    condition {
      tag_state  = "ANY"
      older_than = "7776000s" # 90 days
    }
  }

  depends_on = [google_project_service.used]
}
