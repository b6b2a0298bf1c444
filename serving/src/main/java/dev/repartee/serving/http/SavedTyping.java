package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.registry.VersionName;

/**
 * The typing that the suggestions of one version saved since the process started, by the feedback.
 *
 * @param model the version
 * @param accepted replies whose suggestion was sent unchanged
 * @param edited replies whose suggestion was changed before it was sent
 * @param dismissed replies without a suggestion
 * @param finalCharacters length of all replies, in code points
 * @param typedCharacters characters that the agents typed for them
 * @param savedCharacters final minus typed, minus one for each suggestion taken
 * @param saved share of the final characters that was saved; 0 before the first reply
 */
public record SavedTyping(
    VersionName model,
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

  /** Computes what was saved of the other figures. */
  public static SavedTyping of(
      VersionName model,
      long accepted,
      long edited,
      long dismissed,
      long finalCharacters,
      long typedCharacters) {
    long saved = finalCharacters - typedCharacters - accepted - edited;
    return new SavedTyping(
        model,
        accepted,
        edited,
        dismissed,
        finalCharacters,
        typedCharacters,
        saved,
        finalCharacters == 0 ? 0 : (double) saved / finalCharacters);
  }

  /** Both together. */
  public SavedTyping plus(SavedTyping other) {
    return of(
        model,
        accepted + other.accepted,
        edited + other.edited,
        dismissed + other.dismissed,
        finalCharacters + other.finalCharacters,
        typedCharacters + other.typedCharacters);
  }
}
