resource "google_compute_network" "main" {
  name                    = "repartee"
  auto_create_subnetworks = false
  routing_mode            = "REGIONAL"

  depends_on = [google_project_service.used]
}

# /22: 1,020 nodes. Pods get a /24 a node at GKE's default of 110 pods, so /16 is good for 256 nodes.
resource "google_compute_subnetwork" "nodes" {
  name                     = "repartee-nodes"
  network                  = google_compute_network.main.id
  region                   = var.region
  ip_cidr_range            = "10.10.0.0/22"
  private_ip_google_access = true

  secondary_ip_range {
    range_name    = "pods"
    ip_cidr_range = "10.20.0.0/16"
  }

  secondary_ip_range {
    range_name    = "services"
    ip_cidr_range = "10.30.0.0/20"
  }

  log_config {
    aggregation_interval = "INTERVAL_5_MIN"
    flow_sampling        = 0.1
    metadata             = "EXCLUDE_ALL_METADATA"
  }
}

# Nodes have no addresses of their own. Google's APIs are reached privately; the way out is for token issuers' keys (--jwt-issuer).
resource "google_compute_router" "main" {
  name    = "repartee"
  network = google_compute_network.main.id
  region  = var.region
}

resource "google_compute_router_nat" "main" {
  name                               = "repartee"
  router                             = google_compute_router.main.name
  region                             = var.region
  nat_ip_allocate_option             = "AUTO_ONLY"
  source_subnetwork_ip_ranges_to_nat = "LIST_OF_SUBNETWORKS"

  subnetwork {
    name                    = google_compute_subnetwork.nodes.id
    source_ip_ranges_to_nat = ["ALL_IP_RANGES"]
  }

  log_config {
    enable = true
    filter = "ERRORS_ONLY"
  }
}

# Where callers reach the service: it stays when the load balancer is made anew, so DNS need not change.
resource "google_compute_global_address" "service" {
  count = var.cloud_run ? 0 : 1

  name = "repartee"

  depends_on = [google_project_service.used]
}
