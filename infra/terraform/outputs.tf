output "images" {
  description = "Where images are pushed: append /serving:TAG, /serving-gpu:TAG or /training:TAG."
  value       = "${var.region}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "store" {
  description = "The model registry, for --store."
  value       = "${google_storage_bucket.models.url}/${local.store_prefix}"
}

output "data" {
  description = "Where conversations to train on are put (train.jsonl.gz, validation.jsonl.gz, test.jsonl.gz) and runs are kept (runs/)."
  value       = google_storage_bucket.data.url
}

output "address" {
  description = "The service's IP address: point its DNS name at it. Null on Cloud Run, which has addresses of its own."
  value       = one(google_compute_global_address.service[*].address)
}

output "certificate_record" {
  description = "The DNS record by which Google sees that 'host' is yours; the certificate is made when it is there. Null without 'host'."
  value       = one(google_certificate_manager_dns_authorization.service[*].dns_resource_record)
}

output "credentials_command" {
  description = "Lets kubectl talk to the cluster; null without one."
  value       = var.cloud_run ? null : "gcloud container clusters get-credentials ${google_container_cluster.main[0].name} --region ${var.region} --project ${var.project} --dns-endpoint"
}

output "api_keys_secret" {
  description = "The secret that the file of API keys goes into."
  value       = google_secret_manager_secret.api_keys.secret_id
}

output "github_variables" {
  description = "What the workflows want as variables of the repository (Settings, Secrets and variables, Actions, Variables)."
  value = {
    GCP_PROJECT                    = var.project
    GCP_REGION                     = var.region
    GCP_WORKLOAD_IDENTITY_PROVIDER = one(google_iam_workload_identity_pool_provider.github[*].name)
    REPARTEE_MODEL                 = var.model
  }
}

output "service_accounts" {
  description = "Addresses of the accounts, for annotations of Kubernetes service accounts and for builds."
  value = {
    serving  = google_service_account.serving.email
    training = google_service_account.training.email
    builder  = google_service_account.builder.email
    ci       = google_service_account.ci.email
    build    = google_service_account.build.email
    rollout  = google_service_account.rollout.email
  }
}
