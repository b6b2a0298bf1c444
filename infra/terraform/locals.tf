locals {
  # Names that the manifests, workflows and docs/deploy.md rely on.
  namespace     = "repartee"
  models_bucket = "${var.project}-repartee-models"
  data_bucket   = "${var.project}-repartee-data"
  store_prefix  = "registry"

  # The alias that only an approved promotion may move; the other one follows each training.
  protected_alias = "production"
  training_alias  = "candidate"

  github_pool = one(google_iam_workload_identity_pool.github[*].name)
}
