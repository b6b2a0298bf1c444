resource "google_container_cluster" "main" {
  count = var.cloud_run ? 0 : 1

  name     = "repartee"
  location = var.region

  node_locations      = var.zones
  deletion_protection = var.deletion_protection

  network         = google_compute_network.main.id
  subnetwork      = google_compute_subnetwork.nodes.id
  networking_mode = "VPC_NATIVE"

  # Dataplane V2: enforces the manifests' NetworkPolicies without another add-on.
  datapath_provider = "ADVANCED_DATAPATH"

  # Pools of their own (nodes.tf) take the place of the default one.
  remove_default_node_pool = true
  initial_node_count       = 1

  enable_shielded_nodes = true

  # The pool lives for minutes, but with its own account too: the project's default one may edit everything.
  node_config {
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  release_channel {
    channel = var.release_channel
  }

  # Saturdays and Sundays until 8:00 UTC: contact centers are busy on weekdays. GKE demands 48 hours in 32 days.
  maintenance_policy {
    recurring_window {
      start_time = "2026-01-04T00:00:00Z"
      end_time   = "2026-01-04T08:00:00Z"
      recurrence = "FREQ=WEEKLY;BYDAY=SA,SU"
    }
  }

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  private_cluster_config {
    enable_private_nodes = true
  }

  # The control plane is reached by name, and who may is a matter of IAM alone: no list of addresses to keep,
  # and Cloud Build gets in without a private pool.
  control_plane_endpoints_config {
    dns_endpoint_config {
      allow_external_traffic = true
    }

    ip_endpoints_config {
      enabled = false
    }
  }

  workload_identity_config {
    workload_pool = "${var.project}.svc.id.goog"
  }

  addons_config {
    http_load_balancing {
      disabled = false
    }

    horizontal_pod_autoscaling {
      disabled = false
    }

    # Training reads conversations from the bucket as files.
    gcs_fuse_csi_driver_config {
      enabled = true
    }
  }

  gateway_api_config {
    channel = "CHANNEL_STANDARD"
  }

  logging_config {
    enable_components = ["SYSTEM_COMPONENTS", "WORKLOADS"]
  }

  monitoring_config {
    enable_components = ["SYSTEM_COMPONENTS", "HPA", "POD", "DEPLOYMENT"]

    managed_prometheus {
      enabled = true
    }
  }

  security_posture_config {
    mode               = "BASIC"
    vulnerability_mode = "VULNERABILITY_DISABLED"
  }

  lifecycle {
    # Concerns the default pool only, which is gone after the first apply.
    ignore_changes = [node_config, initial_node_count]
  }

  depends_on = [google_project_iam_member.nodes]
}
