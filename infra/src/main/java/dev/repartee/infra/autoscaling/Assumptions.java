package dev.repartee.infra.autoscaling;

import java.util.List;

/**
 * All that the simulation supposes, as the YAML file has it.
 *
 * @param systems those that are compared, two of them: the one that was replaced first
 */
record Assumptions(
    Traffic traffic,
    ClusterSettings cluster,
    List<Scenario> scenarios,
    List<SystemSettings> systems) {

  Assumptions {
    Bounds.present("traffic", traffic);
    Bounds.present("cluster", cluster);
    scenarios = Bounds.filled("scenarios", scenarios);
    systems = Bounds.filled("systems", systems);
    Bounds.within("the number of systems", systems.size(), 2, 2);
    for (SystemSettings system : systems) {
      for (Traffic.Kind kind : traffic.kinds()) {
        if (system.pod().of(kind) == null) {
          throw new IllegalArgumentException(
              "system " + system.name() + ": pod.milliseconds says nothing of " + kind.name());
        }
      }
    }
  }
}
