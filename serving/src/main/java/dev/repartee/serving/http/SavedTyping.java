package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.serving.model.ModelIdentity;

/**
 * The typing that a version's suggestions saved, as feedback tells, since the process started.
 *
 * @param model the version
 * @param accepted replies whose suggestion was sent as it was
 * @param edited replies whose suggestion was changed before it was sent
 * @param dismissed replies without a suggestion
 * @param finalCharacters of all replies, in code points
 * @param typedCharacters of all replies
 * @param savedCharacters final less typed, less one for each acceptance
 * @param saved share of the final characters, 0 before the first
 */
public record SavedTyping(
    ModelIdentity model,
    long accepted,
    long edited,
    long dismissed,
    @JsonProperty("final_characters") long finalCharacters,
    @JsonProperty("typed_characters") long typedCharacters,
    @JsonProperty("saved_characters") long savedCharacters,
    double saved) {

  public SavedTyping {
    requireNonNull(model, "model is null");
  }
}
