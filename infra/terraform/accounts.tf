# Who there is. What each may do with the buckets stands in access.tf.
resource "google_service_account" "nodes" {
  account_id   = "repartee-nodes"
  display_name = "Repartee: nodes"
  description  = "Logs, metrics and pulling of images"

  depends_on = [google_project_service.used]
}

resource "google_service_account" "serving" {
  account_id   = "repartee-serving"
  display_name = "Repartee: the service"
  description  = "Reads models and experiments, adds feedback"

  depends_on = [google_project_service.used]
}

resource "google_service_account" "training" {
  account_id   = "repartee-training"
  display_name = "Repartee: training"
  description  = "Reads conversations, publishes versions, moves the alias for candidates"

  depends_on = [google_project_service.used]
}

resource "google_service_account" "builder" {
  account_id   = "repartee-builder"
  display_name = "Repartee: the builder of knowledge"
  description  = "Reads libraries and feedback, publishes versions of the same weights, moves aliases to them"

  depends_on = [google_project_service.used]
}

resource "google_service_account" "ci" {
  account_id   = "repartee-ci"
  display_name = "Repartee: promotion"
  description  = "Moves any alias, rolls back, collects garbage; used after an approval only"

  depends_on = [google_project_service.used]
}

resource "google_service_account" "build" {
  account_id   = "repartee-build"
  display_name = "Repartee: images"
  description  = "Tests, builds and pushes images"

  depends_on = [google_project_service.used]
}

resource "google_service_account" "rollout" {
  account_id   = "repartee-rollout"
  display_name = "Repartee: roll-outs"
  description  = "Rolls images out; builds and tests nothing"

  depends_on = [google_project_service.used]
}

# What GKE needs of a node's account, and no more; the last is for image streaming.
resource "google_project_iam_member" "nodes" {
  for_each = toset([
    "roles/logging.logWriter",
    "roles/monitoring.metricWriter",
    "roles/monitoring.viewer",
    "roles/stackdriver.resourceMetadata.writer",
    "roles/serviceusage.serviceUsageConsumer",
  ])

  project = var.project
  role    = each.key
  member  = google_service_account.nodes.member
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.nodes.member
}

# Pods get these accounts by their Kubernetes service account (workload identity); there are no keys.
resource "google_service_account_iam_member" "serving_pods" {
  count = var.cloud_run ? 0 : 1

  service_account_id = google_service_account.serving.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${local.namespace}/repartee-serving]"

  depends_on = [google_container_cluster.main] # which makes the pool
}

resource "google_service_account_iam_member" "training_pods" {
  count = var.cloud_run ? 0 : 1

  service_account_id = google_service_account.training.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${local.namespace}/repartee-training]"

  depends_on = [google_container_cluster.main]
}

resource "google_service_account_iam_member" "builder_pods" {
  count = var.cloud_run ? 0 : 1

  service_account_id = google_service_account.builder.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:${var.project}.svc.id.goog[${local.namespace}/repartee-builder]"

  depends_on = [google_container_cluster.main]
}

# ESPv2 beside the service checks API keys and reports calls.
resource "google_project_iam_member" "serving_endpoints" {
  project = var.project
  role    = "roles/servicemanagement.serviceController"
  member  = google_service_account.serving.member
}

resource "google_artifact_registry_repository_iam_member" "build" {
  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = google_service_account.build.member
}

# Training and promotion run in the training image.
resource "google_artifact_registry_repository_iam_member" "training_image" {
  for_each = {
    training = google_service_account.training.member
    ci       = google_service_account.ci.member
  }

  location   = google_artifact_registry_repository.images.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = each.value
}

# Builds that run as one of these accounts write their own logs.
resource "google_project_iam_member" "build_logs" {
  for_each = {
    build    = google_service_account.build.member
    rollout  = google_service_account.rollout.member
    training = google_service_account.training.member
    ci       = google_service_account.ci.member
  }

  project = var.project
  role    = "roles/logging.logWriter"
  member  = each.value
}

# Rolls out with kubectl. IAM knows no finer grain than "all workloads of the project's clusters"; keep one cluster a project. With it
# come the cluster's secrets, so it is not for the account that runs the tests.
resource "google_project_iam_member" "rollout" {
  project = var.project
  role    = "roles/container.developer"
  member  = google_service_account.rollout.member
}

# The adapter through which the autoscaler reads the service's metrics (docs/deploy.md installs it) has a Kubernetes service account
# only, which is given the right itself.
data "google_project" "this" {
  depends_on = [google_project_service.used]
}

resource "google_project_iam_member" "metrics_adapter" {
  count = var.cloud_run ? 0 : 1

  project = var.project
  role    = "roles/monitoring.viewer"
  member  = "principal://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog/subject/ns/custom-metrics/sa/custom-metrics-stackdriver-adapter"

  depends_on = [google_container_cluster.main]
}
