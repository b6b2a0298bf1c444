package dev.repartee.serving.http;

import java.util.Map;
import java.util.Optional;

/** The errors that several paths share, as the API's description has them. */
public final class ProblemAnswers {

  private static final Map<String, String> RETRY_AFTER =
      Map.of("Retry-After", "Seconds after which asking again makes sense.");

  private ProblemAnswers() {}

  public static Answer invalid() {
    return problem(400, "A field is wrong: `field` names it, `detail` says its bound.", Map.of());
  }

  public static Answer tooLarge() {
    return problem(413, "The body has over " + ApiLimits.MAX_BODY_BYTES + " bytes.", Map.of());
  }

  public static Answer notJson() {
    return problem(415, "The body is not declared as `application/json`.", Map.of());
  }

  static Answer overloaded() {
    return problem(429, "Too many requests wait already.", RETRY_AFTER);
  }

  public static Answer unavailable(String when) {
    return problem(503, when, RETRY_AFTER);
  }

  private static Answer problem(int status, String when, Map<String, String> headers) {
    return new Answer(status, when, Problem.MEDIA_TYPE, Optional.of(Problem.class), headers);
  }
}
