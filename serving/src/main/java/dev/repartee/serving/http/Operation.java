package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A method of a path.
 *
 * @param method of HTTP, in capitals
 * @param path as it is registered
 * @param summary what it is for, in a sentence
 * @param body what it reads
 * @param answers in the order in which a reader wants to know them, success first
 */
public record Operation(
    String method, String path, String summary, Optional<Body> body, List<Answer> answers) {

  public Operation {
    requireNonNull(method, "method is null");
    requireNonNull(path, "path is null");
    requireNonNull(summary, "summary is null");
    requireNonNull(body, "body is null");
    answers = List.copyOf(answers);
    if (answers.isEmpty()) {
      throw new IllegalArgumentException(method + " " + path + " must have an answer");
    }
  }

  public static Operation get(String path, String summary, Answer... answers) {
    return new Operation("GET", path, summary, Optional.empty(), List.of(answers));
  }

  public static Operation post(String path, String summary, Body body, Answer... answers) {
    return new Operation("POST", path, summary, Optional.of(body), List.of(answers));
  }

  /** A name for generated clients, such as {@code get_v1_model}. */
  String id() {
    return (method + path).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
  }
}
