/**
 * A simulator of the service's autoscaling: the HorizontalPodAutoscaler's documented algorithm, a
 * cluster, pods that start and queue as measured, and scenarios of load; and a picture of it.
 */
package dev.repartee.infra.autoscaling;
