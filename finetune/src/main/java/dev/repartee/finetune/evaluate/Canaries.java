package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.finetune.evaluate.CanaryResult.CanaryFigure;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The planted secrets of a file. */
public final class Canaries {

  private final String sha256;
  private final List<PlantedSecret> secrets;

  private Canaries(String sha256, List<PlantedSecret> secrets) {
    this.sha256 = sha256;
    this.secrets = secrets;
  }

  /**
   * Reads {@code file}, JSON Lines of {@code {"name", "messages": [{"role", "text"}], "before"?,
   * "secret", "after"?, "format"?}}.
   *
   * @throws UserException naming the line and the field that are wrong
   */
  public static Canaries read(Path file) {
    ObjectLines.Content<PlantedSecret> content = PlantedSecret.read(file);
    return new Canaries(content.sha256(), content.values());
  }

  /** The conversations to be trained on, {@code copies} of each. */
  public List<Conversation> conversations(int copies) {
    List<Conversation> all = new ArrayList<>();
    for (PlantedSecret secret : secrets) {
      for (int copy = 1; copy <= copies; copy++) {
        all.add(secret.conversation(copy));
      }
    }
    return all;
  }

  /**
   * Tries to get each of them out of {@code predictor}.
   *
   * @throws UserException (wrong usage) when it cannot tell likelihoods, which baselines cannot
   */
  public CanaryResult measure(ReplyPredictor predictor) {
    if (!(predictor instanceof ReplyLikelihood model)) {
      throw UserException.usage(
          "--canaries needs a model; a baseline has no likelihoods to look at");
    }
    List<CanaryFigure> figures = new ArrayList<>();
    for (int i = 0; i < secrets.size(); i++) {
      PlantedSecret secret = secrets.get(i);
      figures.add(
          new CanaryFigure(
              secret.name(),
              Math.round(100 * Exposure.of(secret, model, i)) / 100.0,
              new Leaks(secret).by(predictor)));
    }
    return CanaryResult.of(sha256, figures);
  }
}
