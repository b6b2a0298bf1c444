terraform {
  # 1.9: a variable's validation may look at other variables.
  required_version = ">= 1.9.0, < 2.0.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
  }

  # Which bucket is told by `terraform init -backend-config=bucket=...` (README.md): it cannot be a variable.
  backend "gcs" {
    prefix = "repartee"
  }
}

provider "google" {
  project = var.project
  region  = var.region

  default_labels = {
    app = "repartee"
  }
}
