# The alerts of docs/operations.md, in its order and with its queries (a test compares them). Managed Prometheus collects the
# metrics by the PodMonitoring of infra/kubernetes, whose name is the label `job`.
locals {
  alert_rules = {
    "down" = {
      query   = "up{job=\"repartee\"} == 0 or absent(up{job=\"repartee\"})"
      minutes = 2
    }
    "errors above 1%" = {
      query   = "sum(rate(repartee_request_seconds_count{status=\"5xx\"}[5m])) / sum(rate(repartee_request_seconds_count[5m])) > 0.01"
      minutes = 5
    }
    "drafts slower than 200 ms (95%)" = {
      query   = "histogram_quantile(0.95, sum by (le) (rate(repartee_request_seconds_bucket{kind=~\"completion|keystroke\"}[5m]))) > 0.2"
      minutes = 10
    }
    "messages slower than 500 ms (95%)" = {
      query   = "histogram_quantile(0.95, sum by (le) (rate(repartee_request_seconds_bucket{kind=\"message\"}[5m]))) > 0.5"
      minutes = 10
    }
    "waiting above 50 ms on average" = {
      query   = "rate(repartee_queue_wait_seconds_sum[5m]) / rate(repartee_queue_wait_seconds_count[5m]) > 0.05"
      minutes = 10
    }
    "a tenth of the drafts come late" = {
      query   = "sum(rate(repartee_late_total[5m])) / sum(rate(repartee_request_seconds_count{kind=~\"completion|keystroke\"}[5m])) > 0.1"
      minutes = 10
    }
    "requests are shed" = {
      query   = "sum(rate(repartee_shed_total[5m])) > 0.1"
      minutes = 5
    }
    "refused callers" = {
      query   = "sum(rate(repartee_request_seconds_count{kind=\"other\",status=\"4xx\"}[5m])) > 1"
      minutes = 10
    }
    "a version is refused" = {
      query   = "max(repartee_model_refused) > 0"
      minutes = 1
    }
    "versions differ after a roll-out" = {
      query   = "count(count by (version) (repartee_model_info)) > 1"
      minutes = 30
    }
    "memory near its limit (6 GiB here)" = {
      query   = "process_resident_memory_bytes > 0.9 * 6 * 1024^3"
      minutes = 10
    }
  }
}

resource "google_monitoring_notification_channel" "email" {
  count = var.alert_email == null ? 0 : 1

  display_name = "Repartee"
  type         = "email"

  labels = {
    email_address = var.alert_email
  }

  depends_on = [google_project_service.used]
}

resource "google_monitoring_alert_policy" "rules" {
  for_each = var.alerts && !var.cloud_run ? local.alert_rules : {}

  display_name          = "repartee: ${each.key}"
  combiner              = "OR"
  notification_channels = google_monitoring_notification_channel.email[*].id

  conditions {
    display_name = each.key

    condition_prometheus_query_language {
      query               = each.value.query
      duration            = "${each.value.minutes * 60}s"
      evaluation_interval = "60s"
    }
  }

  documentation {
    content   = "What it means and what to do: docs/operations.md, When something fails."
    mime_type = "text/markdown"
  }

  alert_strategy {
    auto_close = "1800s"
  }

  depends_on = [google_project_service.used]
}
