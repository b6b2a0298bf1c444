package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/**
 * What was learned on validation conversations about a model's suggestions: {@value #FILE} in a
 * model folder. Earlier versions have it in {@code repartee.json}.
 *
 * @param ranking of whole replies
 * @param eager policy of {@link OperatingPoint#EAGER}
 * @param calm policy of {@link OperatingPoint#CALM}
 */
public record Calibration(ReplyRanking ranking, OfferPolicy eager, OfferPolicy calm) {

  /** The file in a model folder. */
  public static final String FILE = "calibration.json";

  /** For a model of which nothing was measured: its probabilities are taken at their word. */
  public static final Calibration NONE =
      new Calibration(
          ReplyRanking.DEFAULT,
          OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, OperatingPoint.EAGER.read()),
          OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, OperatingPoint.CALM.read()));

  public Calibration {
    requireNonNull(ranking, "ranking is null");
    requireNonNull(eager, "eager is null");
    requireNonNull(calm, "calm is null");
  }

  /**
   * That of a model folder; {@link #NONE} where it has none, or one that weighs other evidence.
   *
   * @throws UserException when a file cannot be read
   */
  public static Calibration read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return ModelCard.read(folder).calibration();
    }
    JsonNode json = Json.readFile(file);
    return isReadable(json) ? Json.convert(json, Calibration.class, file.toString()) : NONE;
  }

  /** Writes it into a model folder. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(
        folder.resolve(FILE), Json.PRETTY.writeValueAsString(this) + System.lineSeparator());
  }

  /** Whether this version weighs the same evidence as the one that wrote {@code json}. */
  static boolean isReadable(JsonNode json) {
    return json.at("/ranking/weights").size() == NONE.ranking.weights().size()
        && json.at("/eager/offers/weights").size() == NONE.eager.offers().weights().size();
  }

  /** The policy of an operating point. */
  public OfferPolicy policy(OperatingPoint point) {
    return point == OperatingPoint.CALM ? calm : eager;
  }
}
