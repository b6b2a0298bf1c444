# Cloud Build's triggers. All are started by hand, by the schedule below or by a push; infra/cloudbuild/README.md.
locals {
  github_uri = var.github_repository == null ? "" : "https://github.com/${var.github_repository}"

  substitutions = {
    _REGION = var.region
    _MODEL  = var.model
  }
}

resource "google_cloudbuild_trigger" "images" {
  count = var.build_triggers ? 1 : 0

  name            = "repartee-images"
  description     = "Tests, builds the images, pushes them"
  location        = var.region
  filename        = "infra/cloudbuild/cloudbuild.yaml"
  service_account = google_service_account.build.id
  substitutions   = { _REGION = var.region }

  github {
    owner = split("/", var.github_repository)[0]
    name  = split("/", var.github_repository)[1]

    push {
      branch = "^${var.github_branch}$"
    }
  }
}

resource "google_cloudbuild_trigger" "roll_out" {
  count = var.build_triggers ? 1 : 0

  name            = "repartee-roll-out"
  description     = "Rolls out an overlay with images that are in the registry"
  location        = var.region
  service_account = google_service_account.rollout.id
  substitutions   = { _REGION = var.region }

  source_to_build {
    uri       = local.github_uri
    ref       = "refs/heads/${var.github_branch}"
    repo_type = "GITHUB"
  }

  git_file_source {
    path      = "infra/cloudbuild/cloudbuild-roll-out.yaml"
    uri       = local.github_uri
    revision  = "refs/heads/${var.github_branch}"
    repo_type = "GITHUB"
  }
}

resource "google_cloudbuild_trigger" "train" {
  count = var.build_triggers ? 1 : 0

  name            = "repartee-train"
  description     = "Trains, evaluates, publishes, promotes to candidate"
  location        = var.region
  service_account = google_service_account.training.id
  substitutions   = local.substitutions

  source_to_build {
    uri       = local.github_uri
    ref       = "refs/heads/${var.github_branch}"
    repo_type = "GITHUB"
  }

  git_file_source {
    path      = "infra/cloudbuild/cloudbuild-train.yaml"
    uri       = local.github_uri
    revision  = "refs/heads/${var.github_branch}"
    repo_type = "GITHUB"
  }
}

resource "google_cloudbuild_trigger" "promote" {
  count = var.build_triggers ? 1 : 0

  name            = "repartee-promote"
  description     = "Promotes a version to production, after an approval of its number"
  location        = var.region
  service_account = google_service_account.ci.id
  substitutions   = local.substitutions

  approval_config {
    approval_required = true
  }

  source_to_build {
    uri       = local.github_uri
    ref       = "refs/heads/${var.github_branch}"
    repo_type = "GITHUB"
  }

  git_file_source {
    path      = "infra/cloudbuild/cloudbuild-promote.yaml"
    uri       = local.github_uri
    revision  = "refs/heads/${var.github_branch}"
    repo_type = "GITHUB"
  }
}

# Who starts the training of the schedule: may run builds, and hand them the training account.
resource "google_service_account" "scheduler" {
  count = var.build_triggers && var.training_schedule != null ? 1 : 0

  account_id   = "repartee-scheduler"
  display_name = "Repartee: schedule of training"
}

resource "google_project_iam_member" "scheduler_builds" {
  count = var.build_triggers && var.training_schedule != null ? 1 : 0

  project = var.project
  role    = "roles/cloudbuild.builds.editor"
  member  = google_service_account.scheduler[0].member
}

resource "google_service_account_iam_member" "scheduler_trains" {
  count = var.build_triggers && var.training_schedule != null ? 1 : 0

  service_account_id = google_service_account.training.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.scheduler[0].member
}

resource "google_cloud_scheduler_job" "train" {
  count = var.build_triggers && var.training_schedule != null ? 1 : 0

  name             = "repartee-train"
  description      = "Starts the trigger repartee-train"
  region           = var.region
  schedule         = var.training_schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "180s"

  # A training that is asked for twice would publish twice.
  retry_config {
    retry_count = 0
  }

  http_target {
    http_method = "POST"
    uri         = "https://cloudbuild.googleapis.com/v1/${google_cloudbuild_trigger.train[0].id}:run"
    body        = base64encode("{}")

    headers = {
      "Content-Type" = "application/json"
    }

    oauth_token {
      service_account_email = google_service_account.scheduler[0].email
    }
  }
}
