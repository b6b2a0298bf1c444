package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.serving.model.ForgottenAgents;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a service learns from the replies that agents type.
 *
 * @param keep how long a reply counts
 * @param interval the pause between two looks at what other services stored
 * @param forgottenAgents a file of agents whose replies are to be forgotten, one id a line
 * @param forgottenConversations the same of conversations
 */
public record LearnOptions(
    Duration keep,
    Duration interval,
    Optional<Path> forgottenAgents,
    Optional<Path> forgottenConversations) {

  public LearnOptions {
    requireNonNull(keep, "keep is null");
    requireNonNull(interval, "interval is null");
    requireNonNull(forgottenAgents, "forgottenAgents is null");
    requireNonNull(forgottenConversations, "forgottenConversations is null");
  }

  /** At which a segment of feedback is sealed, so that other services can learn from it. */
  public Duration segmentAge() {
    return interval.multipliedBy(2);
  }

  List<String> agents() {
    return forgottenAgents.map(file -> new ForgottenAgents(file).ids()).orElse(List.of());
  }

  /**
   * The conversations whose replies are to be forgotten.
   *
   * @throws dev.repartee.text.UserException (wrong usage) when the file cannot be read
   */
  public List<String> conversations() {
    return forgottenConversations
        .map(file -> ForgottenAgents.ids(file, "--forget-conversations", "conversation"))
        .orElse(List.of());
  }
}
