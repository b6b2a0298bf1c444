package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What was learned on validation conversations about a model's suggestions: {@value #FILE} in a
 * model folder.
 *
 * @param ranking of whole replies
 * @param eager policy of {@link OperatingPoint#EAGER}
 * @param calm policy of {@link OperatingPoint#CALM}
 * @param countsAlone the same without the model, for a team that serves counted words and known
 *     replies on purpose; empty where nothing was measured
 */
@JsonNaming(PropertyNamingStrategies.LowerCamelCaseStrategy.class)
public record Calibration(
    ReplyRanking ranking,
    OfferPolicy eager,
    OfferPolicy calm,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Calibration> countsAlone) {

  /** The file in a model folder. */
  public static final String FILE = "calibration.json";

  /** For a model of which nothing was measured: its probabilities are taken at their word. */
  public static final Calibration NONE =
      new Calibration(
          ReplyRanking.DEFAULT,
          OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, OperatingPoint.EAGER.read()),
          OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, OperatingPoint.CALM.read()),
          Optional.empty());

  public Calibration {
    requireNonNull(ranking, "ranking is null");
    requireNonNull(eager, "eager is null");
    requireNonNull(calm, "calm is null");
    requireNonNull(countsAlone, "countsAlone is null");
  }

  /**
   * That of a model folder; {@link #NONE} where it has none.
   *
   * @throws UserException when a file cannot be read
   */
  public static Calibration read(Path folder) {
    Path file = folder.resolve(FILE);
    return Files.exists(file) ? Json.readFile(file, Calibration.class) : NONE;
  }

  /**
   * {@link #countsAlone} of a model folder.
   *
   * @throws UserException when a file cannot be read, or has none
   */
  static Calibration readCounts(Path folder) {
    return read(folder)
        .countsAlone
        .orElseThrow(
            () ->
                new UserException(
                    "--counts-alone: %s has none of counts alone; calibrate the model again: repartee evaluate --calibrate"
                        .formatted(folder.resolve(FILE))));
  }

  /** Writes it into a model folder. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(
        folder.resolve(FILE), Json.PRETTY.writeValueAsString(this) + System.lineSeparator());
  }

  public OfferPolicy policy(OperatingPoint point) {
    return point == OperatingPoint.CALM ? calm : eager;
  }
}
