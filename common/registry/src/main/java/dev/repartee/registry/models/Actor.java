package dev.repartee.registry.models;

import dev.repartee.text.UserException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Who changes the registry, and the clock for the times of the changes.
 *
 * @param name for the history; not blank
 */
public record Actor(String name, Clock clock) {

  public Actor {
    if (name.isBlank()) {
      throw UserException.usage("the name of who changes the registry is blank; give --by NAME");
    }
  }

  /** The user of this machine, and its clock. */
  public static Actor thisUser() {
    return named(System.getProperty("user.name", "unknown"));
  }

  public static Actor named(String name) {
    return new Actor(name, Clock.systemUTC());
  }

  Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
