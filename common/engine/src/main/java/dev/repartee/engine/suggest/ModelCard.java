package dev.repartee.engine.suggest;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * {@code repartee.json} of a model folder: how the model was trained to be asked, and where it
 * comes from.
 *
 * @param formatVersion of this file
 * @param promptFormat {@link PromptFormat#VERSION} that it was trained with
 * @param contextTokens longest context that is read before a reply
 * @param redacted whether it was trained on placeholders in place of personal data, so that
 *     contexts must be redacted alike
 * @param int8Allowed whether a check of its quality found INT8 good enough; null where unchecked
 * @param provenance where the model comes from; empty in files that do not say
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record ModelCard(
    int formatVersion,
    int promptFormat,
    int contextTokens,
    boolean redacted,
    Boolean int8Allowed,
    Provenance provenance) {

  /** The file's name in a model folder. */
  public static final String FILE = "repartee.json";

  private static final int FORMAT = 1;

  public ModelCard {
    provenance = provenance == null ? Provenance.NONE : provenance;
    if (formatVersion != FORMAT) {
      throw new IllegalArgumentException(
          "formatVersion must be %s but is %s; use a newer Repartee"
              .formatted(FORMAT, formatVersion));
    }
    if (contextTokens < 2) {
      throw new IllegalArgumentException(
          "contextTokens must be at least 2 but is " + contextTokens);
    }
  }

  /**
   * The longest context that leaves room for a reply in a window of so many tokens. Where a model
   * trained in such windows reads more, it writes at positions that it has never seen.
   */
  public static int contextWithin(int window) {
    return Math.max(2, window - window / 4);
  }

  /** A card of the current format. */
  public static ModelCard of(int contextTokens, boolean redacted, Provenance provenance) {
    return new ModelCard(FORMAT, PromptFormat.VERSION, contextTokens, redacted, null, provenance);
  }

  /** This card, trusted in INT8 as another model that was trained alike. */
  public ModelCard trustedAs(ModelCard other) {
    return new ModelCard(
        formatVersion, promptFormat, contextTokens, redacted, other.int8Allowed, provenance);
  }

  /** This card with what a check of its quality in INT8 found. */
  public ModelCard withInt8(boolean allowed) {
    return new ModelCard(formatVersion, promptFormat, contextTokens, redacted, allowed, provenance);
  }

  /**
   * Reads the card.
   *
   * @throws UserException naming the file and the field, or saying that the model was not
   *     fine-tuned
   */
  public static ModelCard read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      throw new UserException(
          "%s is missing: only models that 'repartee finetune' wrote can suggest; fine-tune this one with --base %s"
              .formatted(file, folder));
    }
    ModelCard card = Json.readFile(file, ModelCard.class);
    if (card.promptFormat != PromptFormat.VERSION) {
      throw new UserException(
          "%s: promptFormat must be %d but is %d; use the Repartee that wrote it"
              .formatted(file, PromptFormat.VERSION, card.promptFormat));
    }
    return card;
  }

  /** Writes the card into a model folder. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(
        folder.resolve(FILE), Json.PRETTY.writeValueAsString(this) + System.lineSeparator());
  }
}
