package dev.repartee.infra.autoscaling;

/** Is told how requests end. */
@FunctionalInterface
interface Outcomes {

  void end(Request request, Request.End how);
}
