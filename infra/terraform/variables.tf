variable "project" {
  description = "Id of the Google Cloud project, which must exist and have billing."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "project must be a project id (6 to 30 of a-z, 0-9 and -), not its name or number; see 'gcloud projects list'."
  }
}

variable "region" {
  description = "Region of everything. It needs C3 machines, and T4 GPUs where those are used."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.region))
    error_message = "region must look like us-central1; see 'gcloud compute regions list'."
  }
}

variable "zones" {
  description = "Zones of the nodes: two or three of the region, each with the machines that are asked for."
  type        = list(string)
  default     = ["us-central1-a", "us-central1-b"]

  validation {
    condition     = length(var.zones) >= 2 && length(var.zones) <= 3
    error_message = "zones must name 2 or 3 zones: with one, its loss is the loss of the service."
  }
  validation {
    condition     = alltrue([for zone in var.zones : startswith(zone, "${var.region}-")])
    error_message = "zones must all be of the region; see 'gcloud compute zones list'."
  }
}

variable "cloud_run" {
  description = "Whether the service runs on Cloud Run: then there is no cluster, and nothing of its cost."
  type        = bool
  default     = false
}

variable "host" {
  description = "DNS name of the service for the overlay cpu-gateway, which gets a certificate; null: none."
  type        = string
  default     = null

  validation {
    condition     = var.host == null || can(regex("^[a-z0-9-]+(\\.[a-z0-9-]+)+$", var.host))
    error_message = "host must be a DNS name such as repartee.example.com, without https://."
  }
}

variable "release_channel" {
  description = "How soon GKE upgrades the cluster."
  type        = string
  default     = "REGULAR"

  validation {
    condition     = contains(["RAPID", "REGULAR", "STABLE"], var.release_channel)
    error_message = "release_channel must be RAPID, REGULAR or STABLE."
  }
}

variable "deletion_protection" {
  description = "Whether 'terraform destroy' is refused for the cluster. Set it to false, apply, then destroy."
  type        = bool
  default     = true
}

variable "force_destroy_buckets" {
  description = "Whether 'terraform destroy' may delete buckets that still hold models, feedback or conversations."
  type        = bool
  default     = false
}

variable "kms_key" {
  description = "Cloud KMS key (projects/P/locations/L/keyRings/R/cryptoKeys/K) that encrypts the buckets, images and the secret; null: Google's own keys. The service agents of Storage, Artifact Registry and Secret Manager must be allowed to use it."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", var.kms_key))
    error_message = "kms_key must be projects/P/locations/L/keyRings/R/cryptoKeys/K, without a version."
  }
}

variable "model" {
  description = "Name of the model in the registry; alerts and triggers are about it."
  type        = string
  default     = "acme"

  validation {
    condition     = can(regex("^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", var.model))
    error_message = "model must be 1 to 64 of A-Z a-z 0-9 . _ - and begin with a letter or digit."
  }
}

variable "noncurrent_days" {
  description = "For how many days what was overwritten or deleted in the models' bucket can still be brought back."
  type        = number
  default     = 90

  validation {
    condition     = var.noncurrent_days >= 7 && var.noncurrent_days <= 3650
    error_message = "noncurrent_days must be 7 to 3650: below a week nobody notices a mistake in time."
  }
}

variable "conversation_days" {
  description = "After how many days conversations and training runs are deleted from the data bucket; 0: never."
  type        = number
  default     = 365

  validation {
    condition     = var.conversation_days == 0 || var.conversation_days >= 30
    error_message = "conversation_days must be 0 (never) or at least 30."
  }
}

variable "feedback_days" {
  description = "After how many days feedback is deleted from the models' bucket; 0: never. With 'serve --learn' it holds conversations."
  type        = number
  default     = 365

  validation {
    condition     = var.feedback_days == 0 || var.feedback_days >= 30
    error_message = "feedback_days must be 0 (never) or at least 30."
  }
}

variable "github_repository" {
  description = "OWNER/NAME of the GitHub repository whose workflows may train and promote; null: none, and no Cloud Build triggers."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "github_repository must be OWNER/NAME, without https://."
  }
}

variable "github_repository_id" {
  description = "Number of that repository: gh api repos/OWNER/NAME --jq .id. Its workflows are trusted by numbers, which nobody can take over."
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[0-9]+$", var.github_repository_id))
    error_message = "github_repository needs github_repository_id, a number: gh api repos/OWNER/NAME --jq .id"
  }
}

variable "github_owner_id" {
  description = "Number of the repository's owner: gh api repos/OWNER/NAME --jq .owner.id"
  type        = string
  default     = null

  validation {
    condition     = var.github_repository == null || can(regex("^[0-9]+$", var.github_owner_id))
    error_message = "github_repository needs github_owner_id, a number: gh api repos/OWNER/NAME --jq .owner.id"
  }
}

variable "github_branch" {
  description = "Branch whose workflows may train, and which Cloud Build builds."
  type        = string
  default     = "main"

  validation {
    condition     = can(regex("^[A-Za-z0-9._/-]+$", var.github_branch))
    error_message = "github_branch must be a branch's name, without refs/heads/."
  }
}

variable "build_triggers" {
  description = "Whether to make the Cloud Build triggers. The repository must have been connected to Cloud Build before (infra/cloudbuild/README.md)."
  type        = bool
  default     = false

  validation {
    condition     = !var.build_triggers || var.github_repository != null
    error_message = "build_triggers needs github_repository."
  }
}

variable "training_schedule" {
  description = "When Cloud Build trains, as cron in UTC; null: only by hand."
  type        = string
  default     = "0 2 * * 0"

  validation {
    condition     = var.training_schedule == null || can(regex("^\\S+ \\S+ \\S+ \\S+ \\S+$", var.training_schedule))
    error_message = "training_schedule must be five fields of cron, for example '0 2 * * 0' for Sundays at two."
  }
}

variable "alerts" {
  description = "Whether to make the alert policies of docs/operations.md."
  type        = bool
  default     = true
}

variable "alert_email" {
  description = "Who is told of alerts; null: they are seen in the console only."
  type        = string
  default     = null

  validation {
    condition     = var.alert_email == null || can(regex("^[^@\\s]+@[^@\\s]+$", var.alert_email))
    error_message = "alert_email must be an e-mail address."
  }
}
