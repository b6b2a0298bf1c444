# Who may do what with which objects. Overwriting an object takes storage.objects.delete as well as create. A publication
# renews the blobs that it reuses, a promotion takes its pin back (docs/adr/0016):
#
#                 models/ read   models/ create                models/ overwrite, delete                       libraries/   experiments/   feedback/
#   serving       yes            no                            no                                              no           read           create, read **
#   training      yes            yes *                         aliases/candidate.json, blobs/, pins/           no           no             no
#   builder       yes            versions/, claims/, history/  aliases/, blobs/, pins/,                        read         read           read
#                                                              lease.json, forgotten.json
#   ci            yes            yes                           yes                                             all          all            read
#
#   *  but neither the alias `production` nor its history
#   ** after a lost answer it looks whether the object is there
#
# What agents are told to say is published by `ci` alone, whose jobs have reviewers: training has nothing to do with it. The
# same jobs start and stop experiments, and read feedback to see what they say. A promotion to production builds on the newest
# library and on feedback, as a rollback does: `ci` may read both.
#
# `models build` (docs/adr/0059) works as `builder`. It moves aliases, and checks itself that a version has the same weights:
# no condition can. It neither overwrites nor deletes a version or a move of the history, and stores no evaluation.
#
# So training can destroy files, though not move what is served: object versions and soft deletion bring them back, and a
# service checks every hash.
#
# Names can be listed everywhere in the bucket: without that right Cloud Storage answers 403 for what does not exist, and
# "no such version" could not be told from "no access".
locals {
  objects     = "projects/_/buckets/${local.models_bucket}/objects/${local.store_prefix}"
  models      = "${local.objects}/models/"
  libraries   = "${local.objects}/libraries/"
  experiments = "${local.objects}/experiments/"
  feedback    = "${local.objects}/feedback/"

  in_models   = "resource.name.startsWith('${local.models}')"
  in_registry = "resource.name.startsWith('${local.models}') || resource.name.startsWith('${local.libraries}') || resource.name.startsWith('${local.experiments}')"
  in_feedback = "resource.name.startsWith('${local.feedback}')"

  # A model may be called `blobs` or `history`, too. So folders count only right behind the model's name: what stands before them must be
  # that name, and nothing more. An object without a model (models/.agent-salt) has no name and no such folder.
  model        = "resource.name.extract('${local.models}{model}/')"
  is_candidate = "${local.model} == resource.name.extract('${local.models}{model}/aliases/${local.training_alias}.json')"
  is_transfer  = "${local.model} == resource.name.extract('${local.models}{model}/blobs/') || ${local.model} == resource.name.extract('${local.models}{model}/pins/')"
  is_alias     = "${local.model} == resource.name.extract('${local.models}{model}/aliases/')"
  is_version   = "${local.model} == resource.name.extract('${local.models}{model}/versions/') || ${local.model} == resource.name.extract('${local.models}{model}/claims/')"
  is_history   = "${local.model} == resource.name.extract('${local.models}{model}/history/')"
  is_build     = "${local.model} == resource.name.extract('${local.models}{model}/lease.json') || ${local.model} == resource.name.extract('${local.models}{model}/forgotten.json')"
  is_salt      = "resource.name == '${local.models}.agent-salt'"
  is_protected = "resource.name.endsWith('/aliases/${local.protected_alias}.json') || (${local.model} != '' && ${local.model} == resource.name.extract('${local.models}{model}/history/${local.protected_alias}/'))"
}

resource "google_project_iam_custom_role" "lister" {
  role_id     = "reparteeObjectLister"
  title       = "Repartee: lists names of objects"
  permissions = ["storage.objects.list"]
}

resource "google_project_iam_custom_role" "reader" {
  role_id     = "reparteeObjectReader"
  title       = "Repartee: reads objects"
  permissions = ["storage.objects.get"]
}

resource "google_project_iam_custom_role" "overwriter" {
  role_id     = "reparteeObjectOverwriter"
  title       = "Repartee: creates, overwrites and deletes objects"
  permissions = ["storage.objects.create", "storage.objects.delete"]
}

resource "google_storage_bucket_iam_member" "lists_models" {
  for_each = {
    serving  = google_service_account.serving.member
    training = google_service_account.training.member
    builder  = google_service_account.builder.member
    ci       = google_service_account.ci.member
  }

  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.lister.name
  member = each.value
}

resource "google_storage_bucket_iam_member" "serving_reads_models" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.serving.member

  condition {
    title      = "models-and-experiments"
    expression = "${local.in_models} || resource.name.startsWith('${local.experiments}')"
  }
}

resource "google_storage_bucket_iam_member" "ci_reads_models_and_libraries" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.ci.member

  condition {
    title      = "models-and-libraries"
    expression = local.in_registry
  }
}

resource "google_storage_bucket_iam_member" "training_reads_models" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.training.member

  condition {
    title      = "models"
    expression = local.in_models
  }
}

resource "google_storage_bucket_iam_member" "serving_adds_feedback" {
  bucket = google_storage_bucket.models.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.serving.member

  condition {
    title      = "feedback"
    expression = local.in_feedback
  }
}

resource "google_storage_bucket_iam_member" "serving_reads_feedback" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.serving.member

  condition {
    title      = "feedback"
    expression = local.in_feedback
  }
}

resource "google_storage_bucket_iam_member" "ci_reads_feedback" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.ci.member

  condition {
    title      = "feedback"
    expression = local.in_feedback
  }
}

resource "google_storage_bucket_iam_member" "training_publishes" {
  bucket = google_storage_bucket.models.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.training.member

  condition {
    title       = "models-but-production"
    description = "Whatever a version is made of, but neither the protected alias nor its history"
    expression  = "${local.in_models} && !(${local.is_protected})"
  }
}

resource "google_storage_bucket_iam_member" "training_publishes_and_moves_candidate" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.overwriter.name
  member = google_service_account.training.member

  condition {
    title      = "candidate-and-transfers"
    expression = "${local.in_models} && !(${local.is_protected}) && ${local.model} != '' && (${local.is_candidate} || ${local.is_transfer})"
  }
}

resource "google_storage_bucket_iam_member" "builder_reads_sources" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.builder.member

  condition {
    title      = "models-libraries-experiments-and-feedback"
    expression = "${local.in_registry} || ${local.in_feedback}"
  }
}

resource "google_storage_bucket_iam_member" "builder_publishes" {
  bucket = google_storage_bucket.models.name
  role   = "roles/storage.objectCreator"
  member = google_service_account.builder.member

  condition {
    title       = "versions-and-history"
    description = "Versions and moves of aliases, which stay as they are, and the salt of a store that has none"
    expression  = "${local.is_salt} || (${local.in_models} && ${local.model} != '' && (${local.is_version} || ${local.is_history}))"
  }
}

resource "google_storage_bucket_iam_member" "builder_moves_aliases" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.overwriter.name
  member = google_service_account.builder.member

  condition {
    title      = "aliases-transfers-and-lease"
    expression = "${local.in_models} && ${local.model} != '' && (${local.is_alias} || ${local.is_transfer} || ${local.is_build})"
  }
}

resource "google_storage_bucket_iam_member" "ci_publishes_libraries_and_moves_aliases" {
  bucket = google_storage_bucket.models.name
  role   = google_project_iam_custom_role.overwriter.name
  member = google_service_account.ci.member

  condition {
    title      = "models-and-libraries"
    expression = local.in_registry
  }
}

# Conversations are read, runs are kept for as long as the bucket's lifecycle says.
resource "google_storage_bucket_iam_member" "training_lists_data" {
  bucket = google_storage_bucket.data.name
  role   = google_project_iam_custom_role.lister.name
  member = google_service_account.training.member
}

resource "google_storage_bucket_iam_member" "training_reads_data" {
  bucket = google_storage_bucket.data.name
  role   = google_project_iam_custom_role.reader.name
  member = google_service_account.training.member
}

resource "google_storage_bucket_iam_member" "training_keeps_runs" {
  bucket = google_storage_bucket.data.name
  role   = google_project_iam_custom_role.overwriter.name
  member = google_service_account.training.member

  condition {
    title      = "runs"
    expression = "resource.name.startsWith('projects/_/buckets/${local.data_bucket}/objects/runs/')"
  }
}

# Sources of a build that somebody submits by hand, or the workflow `images`.
resource "google_storage_bucket_iam_member" "build_finds_sources" {
  bucket = google_storage_bucket.data.name
  role   = "roles/storage.legacyBucketReader"
  member = google_service_account.build.member
}

resource "google_storage_bucket_iam_member" "build_stages_sources" {
  for_each = {
    create = "roles/storage.objectCreator"
    read   = google_project_iam_custom_role.reader.name
  }

  bucket = google_storage_bucket.data.name
  role   = each.value
  member = google_service_account.build.member

  condition {
    title      = "sources"
    expression = "resource.name.startsWith('projects/_/buckets/${local.data_bucket}/objects/runs/sources/')"
  }
}
