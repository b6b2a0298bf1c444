resource "google_container_node_pool" "cpu" {
  count = var.cloud_run ? 0 : 1

  name     = "cpu"
  cluster  = google_container_cluster.main[0].id
  location = var.region

  initial_node_count = 1

  autoscaling {
    total_min_node_count = var.cpu_nodes.minimum
    total_max_node_count = var.cpu_nodes.maximum
    location_policy      = var.cpu_nodes.spot ? "ANY" : "BALANCED"
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  # One more node while upgrading, none less: the pods' disruption budget is then never in the way.
  upgrade_settings {
    max_surge       = 1
    max_unavailable = 0
  }

  node_config {
    machine_type    = var.cpu_nodes.machine_type
    spot            = var.cpu_nodes.spot
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    image_type      = "COS_CONTAINERD"
    disk_type       = "pd-balanced" # C3 takes no pd-standard
    disk_size_gb    = var.cpu_nodes.disk_gb

    labels = {
      "repartee.dev/pool" = "cpu"
    }

    gvnic {
      enabled = true
    }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    ignore_changes = [initial_node_count] # the autoscaler's business
  }
}

resource "google_container_node_pool" "gpu" {
  count = !var.cloud_run && var.gpu_nodes.maximum > 0 ? 1 : 0

  name     = "gpu"
  cluster  = google_container_cluster.main[0].id
  location = var.region

  initial_node_count = 0

  autoscaling {
    total_min_node_count = 0
    total_max_node_count = var.gpu_nodes.maximum
    location_policy      = "ANY" # a zone that has a T4 left is better than a balanced wish
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  # GPUs are scarce, and quotas low: give one back before asking for the next.
  upgrade_settings {
    max_surge       = 0
    max_unavailable = 1
  }

  node_config {
    machine_type    = var.gpu_nodes.machine_type
    spot            = var.gpu_nodes.spot
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    image_type      = "COS_CONTAINERD"
    disk_type       = "pd-balanced"
    disk_size_gb    = var.gpu_nodes.disk_gb

    labels = {
      "repartee.dev/pool" = "gpu"
    }

    # The image has gigabytes: a pod starts with what it reads of it.
    gcfs_config {
      enabled = true
    }

    # GKE adds the taint nvidia.com/gpu=present:NoSchedule by itself.
    guest_accelerator {
      type  = "nvidia-tesla-t4"
      count = 1

      gpu_driver_installation_config {
        gpu_driver_version = var.gpu_driver
      }
    }

    # Secure boot would refuse the driver that the DaemonSet builds and loads.
    shielded_instance_config {
      enable_secure_boot          = var.gpu_driver != "INSTALLATION_DISABLED"
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    ignore_changes = [initial_node_count]
  }
}

resource "google_container_node_pool" "training" {
  count = !var.cloud_run && var.training_nodes.maximum > 0 ? 1 : 0

  name     = "training"
  cluster  = google_container_cluster.main[0].id
  location = var.region

  initial_node_count = 0

  autoscaling {
    total_min_node_count = 0
    total_max_node_count = var.training_nodes.maximum
    location_policy      = "ANY"
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  upgrade_settings {
    max_surge       = 0
    max_unavailable = 1
  }

  # A run that is cut short resumes at its last checkpoint, so the cheap kind is the default.
  node_config {
    machine_type    = var.training_nodes.machine_type
    spot            = var.training_nodes.spot
    service_account = google_service_account.nodes.email
    oauth_scopes    = ["https://www.googleapis.com/auth/cloud-platform"]
    image_type      = "COS_CONTAINERD"
    disk_type       = "pd-balanced"
    disk_size_gb    = var.training_nodes.disk_gb

    labels = {
      "repartee.dev/pool" = "training"
    }

    gcfs_config {
      enabled = true
    }

    guest_accelerator {
      type  = var.training_nodes.gpu
      count = 1

      gpu_driver_installation_config {
        gpu_driver_version = var.gpu_driver
      }
    }

    shielded_instance_config {
      enable_secure_boot          = var.gpu_driver != "INSTALLATION_DISABLED"
      enable_integrity_monitoring = true
    }

    workload_metadata_config {
      mode = "GKE_METADATA"
    }
  }

  lifecycle {
    ignore_changes = [initial_node_count]
  }
}
