# The file of API keys (docs/security.md). Terraform makes the empty secret only: a value would stand in its state. Put the
# keys there by hand (docs/deploy.md).
resource "google_secret_manager_secret" "api_keys" {
  secret_id           = "repartee-api-keys"
  deletion_protection = false

  replication {
    user_managed {
      replicas {
        location = var.region

        dynamic "customer_managed_encryption" {
          for_each = var.kms_key == null ? [] : [var.kms_key]

          content {
            kms_key_name = customer_managed_encryption.value
          }
        }
      }
    }
  }

  depends_on = [google_project_service.used]
}

resource "google_secret_manager_secret_iam_member" "serving" {
  secret_id = google_secret_manager_secret.api_keys.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.serving.member
}
