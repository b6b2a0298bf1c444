package dev.repartee.finetune.tools;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What one check found.
 *
 * @param name of what was looked at, as it stands in the JSON
 * @param status whether that will do
 * @param summary one line for people
 * @param details the same for programs, by name
 * @param advice what to do; there unless all is well
 */
record Finding(
    String name,
    Status status,
    String summary,
    Map<String, Object> details,
    Optional<String> advice) {

  /** How bad it is. */
  enum Status {
    OK,
    /** Works, but slower or less than it could. */
    WARNING,
    /** Something needed is not there. */
    MISSING;

    /** The name in text and JSON. */
    String id() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Finding {
    requireNonNull(name, "name is null");
    requireNonNull(status, "status is null");
    requireNonNull(summary, "summary is null");
    details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
    if (status == Status.OK == advice.isPresent()) {
      throw new IllegalArgumentException("advice goes with a problem, and only with one: " + name);
    }
  }

  static Finding ok(String name, String summary, Map<String, Object> details) {
    return new Finding(name, Status.OK, summary, details, Optional.empty());
  }

  static Finding warning(String name, String summary, Map<String, Object> details, String advice) {
    return new Finding(name, Status.WARNING, summary, details, Optional.of(advice));
  }

  static Finding missing(String name, String summary, Map<String, Object> details, String advice) {
    return new Finding(name, Status.MISSING, summary, details, Optional.of(advice));
  }
}
