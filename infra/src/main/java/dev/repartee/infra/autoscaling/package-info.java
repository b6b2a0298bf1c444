/**
 * A simulator of the service's autoscaling. It is a tool, not part of the service. {@link
 * dev.repartee.infra.autoscaling.SimulateCommand} reads {@link
 * dev.repartee.infra.autoscaling.Assumptions} and runs one {@link
 * dev.repartee.infra.autoscaling.Simulation} for each scenario and system.
 */
package dev.repartee.infra.autoscaling;
