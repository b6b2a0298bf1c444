# The certificate of the overlay cpu-gateway, whose Gateway names the map. Google issues it when the record of the output
# certificate_record is in DNS, also before any load balancer is there.
resource "google_certificate_manager_dns_authorization" "service" {
  count = var.host == null ? 0 : 1

  name   = "repartee"
  domain = var.host

  depends_on = [google_project_service.used]
}

resource "google_certificate_manager_certificate" "service" {
  count = var.host == null ? 0 : 1

  name = "repartee"

  managed {
    domains            = [var.host]
    dns_authorizations = [google_certificate_manager_dns_authorization.service[0].id]
  }
}

resource "google_certificate_manager_certificate_map" "service" {
  count = var.host == null ? 0 : 1

  name = "repartee"

  depends_on = [google_project_service.used]
}

resource "google_certificate_manager_certificate_map_entry" "service" {
  count = var.host == null ? 0 : 1

  name         = "repartee"
  map          = google_certificate_manager_certificate_map.service[0].name
  certificates = [google_certificate_manager_certificate.service[0].id]
  hostname     = var.host
}
