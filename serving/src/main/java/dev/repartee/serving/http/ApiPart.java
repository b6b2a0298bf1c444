package dev.repartee.serving.http;

import io.javalin.config.RoutesConfig;

/** Paths of the service that belong together. */
public interface ApiPart {

  /** Registers the handlers of every path. */
  void register(RoutesConfig routes);

  /** Describes the same paths. */
  Section section();
}
