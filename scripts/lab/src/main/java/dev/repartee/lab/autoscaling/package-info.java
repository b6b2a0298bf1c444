/**
 * A simulator of the service's autoscaling. It is a tool, not part of the service. {@link
 * dev.repartee.lab.autoscaling.SimulateCommand} reads {@link
 * dev.repartee.lab.autoscaling.Assumptions} and runs one {@link
 * dev.repartee.lab.autoscaling.Simulation} for each scenario and system.
 */
package dev.repartee.lab.autoscaling;
