# GitHub's workflows show a token of GitHub's and get one of Google's for an hour: nothing secret is stored at GitHub.
resource "google_iam_workload_identity_pool" "github" {
  count = var.github_repository == null ? 0 : 1

  workload_identity_pool_id = "github"
  display_name              = "GitHub Actions"

  depends_on = [google_project_service.used]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  count = var.github_repository == null ? 0 : 1

  workload_identity_pool_id          = google_iam_workload_identity_pool.github[0].workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  display_name                       = "GitHub Actions"

  attribute_mapping = {
    "google.subject"                = "assertion.sub"
    "attribute.repository_id"       = "assertion.repository_id"
    "attribute.repository_owner_id" = "assertion.repository_owner_id"
  }

  # Every repository of GitHub has the same issuer. By number, because a name that its owner gave up can be taken by others; the
  # names in the subjects below only tell the jobs of this repository apart.
  attribute_condition = "assertion.repository_id == '${var.github_repository_id}' && assertion.repository_owner_id == '${var.github_owner_id}'"

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

# A subject says branch or environment. Jobs of the branch may train; only a job of the environment `production`, which
# GitHub starts after its reviewers have approved, may promote.
resource "google_service_account_iam_member" "github_trains" {
  count = var.github_repository == null ? 0 : 1

  service_account_id = google_service_account.training.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${local.github_pool}/subject/repo:${var.github_repository}:ref:refs/heads/${var.github_branch}"
}

resource "google_service_account_iam_member" "github_promotes" {
  count = var.github_repository == null ? 0 : 1

  service_account_id = google_service_account.ci.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${local.github_pool}/subject/repo:${var.github_repository}:environment:production"
}

resource "google_service_account_iam_member" "github_builds" {
  count = var.github_repository == null ? 0 : 1

  service_account_id = google_service_account.build.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${local.github_pool}/subject/repo:${var.github_repository}:environment:images"
}

resource "google_service_account_iam_member" "github_rolls_out" {
  count = var.github_repository == null ? 0 : 1

  service_account_id = google_service_account.rollout.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principal://iam.googleapis.com/${local.github_pool}/subject/repo:${var.github_repository}:environment:roll-out"
}

# The workflow `images` hands its build to Cloud Build, to run as the account that it has itself.
resource "google_project_iam_member" "build_submits" {
  count = var.github_repository == null ? 0 : 1

  project = var.project
  role    = "roles/cloudbuild.builds.editor"
  member  = google_service_account.build.member
}

resource "google_service_account_iam_member" "build_as_itself" {
  count = var.github_repository == null ? 0 : 1

  service_account_id = google_service_account.build.name
  role               = "roles/iam.serviceAccountUser"
  member             = google_service_account.build.member
}
