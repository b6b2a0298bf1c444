package dev.repartee.infra.autoscaling;

/**
 * What both systems find in the cluster; seconds everywhere.
 *
 * @param balancing how a request's pod is chosen among the endpoints
 * @param warmUpSeconds at the scenario's first load before it begins, so that the autoscaler has
 *     found its level
 * @param schedulingSeconds from a pod's creation to its node, where there is room
 * @param endpointsSeconds until the proxies know that a pod became ready, or went
 * @param terminationSeconds from a pod's deletion until its place is free
 * @param scanSeconds how often the cluster autoscaler looks
 * @param provisionSeconds from its request until pods can be placed on a new node
 * @param unneededSeconds after which an empty node goes
 * @param lossNoticedSeconds until a dead node's pods are no endpoints any more
 * @param scrapeSeconds how often pods' metrics are collected
 * @param metricWindowSeconds over which the metric is a mean; 0: it is a gauge
 * @param metricLagSeconds until a collected value is seen by the autoscaler
 */
record ClusterSettings(
    Balancing balancing,
    double warmUpSeconds,
    double schedulingSeconds,
    double endpointsSeconds,
    double terminationSeconds,
    double scanSeconds,
    double provisionSeconds,
    double unneededSeconds,
    double lossNoticedSeconds,
    double scrapeSeconds,
    double metricWindowSeconds,
    double metricLagSeconds) {

  enum Balancing {
    RANDOM,
    ROUND_ROBIN,
    LEAST_REQUESTS
  }

  ClusterSettings {
    Bounds.present("balancing", balancing);
    Bounds.within("warmUpSeconds", warmUpSeconds, 0, 86_400);
    Bounds.within("schedulingSeconds", schedulingSeconds, 0, 600);
    Bounds.within("endpointsSeconds", endpointsSeconds, 0, 600);
    Bounds.within("terminationSeconds", terminationSeconds, 0, 3600);
    Bounds.within("scanSeconds", scanSeconds, 1, 600);
    Bounds.within("provisionSeconds", provisionSeconds, 0, 3600);
    Bounds.within("unneededSeconds", unneededSeconds, 0, 86_400);
    Bounds.within("lossNoticedSeconds", lossNoticedSeconds, 0, 3600);
    Bounds.within("scrapeSeconds", scrapeSeconds, 1, 600);
    Bounds.within("metricWindowSeconds", metricWindowSeconds, 0, 3600);
    Bounds.within("metricLagSeconds", metricLagSeconds, 0, 600);
  }
}
