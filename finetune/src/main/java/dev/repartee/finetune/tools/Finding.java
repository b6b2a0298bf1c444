package dev.repartee.finetune.tools;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The result of one of the {@link DoctorChecks}.
 *
 * @param name of what was checked, as it stands in the JSON
 * @param summary one line for people
 * @param advice what to do; empty only if the status is {@code OK}
 * @param details for programs, by name, in the order in which they are shown
 */
record Finding(
    String name,
    Status status,
    String summary,
    Optional<String> advice,
    Map<String, Object> details) {

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

  static Finding ok(String name, String summary) {
    return new Finding(name, Status.OK, summary, Optional.empty(), Map.of());
  }

  static Finding warning(String name, String summary, String advice) {
    return new Finding(name, Status.WARNING, summary, Optional.of(advice), Map.of());
  }

  static Finding missing(String name, String summary, String advice) {
    return new Finding(name, Status.MISSING, summary, Optional.of(advice), Map.of());
  }

  /** This finding with one more detail. */
  Finding with(String detail, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(details);
    more.put(detail, value);
    return new Finding(name, status, summary, advice, more);
  }
}
