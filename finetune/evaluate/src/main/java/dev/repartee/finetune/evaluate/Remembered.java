package dev.repartee.finetune.evaluate;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.suggest.Memory;
import java.util.Optional;

/**
 * {@link Memory.Size} under the names that are printed.
 *
 * @param salt the fingerprint of the one with which agents' ids are hashed, if there is one
 * @param texts how many texts may be shown
 */
public record Remembered(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> salt,
    int replies,
    int agents,
    Texts texts) {

  /** By those who may be shown them: all agents, or one who uses them. */
  public record Texts(
      @JsonProperty("to_all") int toAll, @JsonProperty("to_one_agent") int toOneAgent) {}

  public static Remembered of(Memory.Size size) {
    return new Remembered(
        size.salt(), size.replies(), size.agents(), new Texts(size.sharedTexts(), size.ownTexts()));
  }
}
