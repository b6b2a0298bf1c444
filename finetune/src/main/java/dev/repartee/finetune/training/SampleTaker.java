package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.finetune.corpus.Corpora;
import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.finetune.report.SamplePrediction.Prediction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a run's sample predictions with a program of their own, so that training does not notice. A
 * failure costs the samples, never the run.
 */
final class SampleTaker {

  private static final Logger log = LoggerFactory.getLogger(SampleTaker.class);

  private final BaseModel base;
  private final TrainingSettings settings;
  private final SampleFile file;
  private final StopRequest stop;

  SampleTaker(BaseModel base, TrainingSettings settings, SampleFile file, StopRequest stop) {
    this.base = base;
    this.settings = settings;
    this.file = file;
    this.stop = stop;
  }

  /** Makes samples; may fail. */
  @FunctionalInterface
  private interface Attempt {
    List<SamplePrediction> take() throws IOException;
  }

  /**
   * The run's samples: those kept, or new ones with what the model's weights, which are still the
   * base's, predict.
   *
   * @throws StoppedException when a stop was asked for
   */
  List<SamplePrediction> before(Corpora corpora) {
    return file.read().orElseGet(() -> attempted(() -> taken(corpora), List.of()));
  }

  private List<SamplePrediction> taken(Corpora corpora) throws IOException {
    SampleChoice choice = new SampleChoice(settings.seed());
    corpora.readValidation(choice);
    List<SamplePrediction> samples = new ArrayList<>();
    try (Gpt2 model = model(base.model().weights())) {
      for (SamplePrediction sample : choice.chosen()) {
        Optional<Prediction> prediction = predicted(model, sample);
        samples.add(
            new SamplePrediction(sample.context(), sample.written(), prediction, Optional.empty()));
      }
    }
    file.write(samples);
    return List.copyOf(samples);
  }

  /**
   * The samples with what the best weights predict as well.
   *
   * @throws StoppedException when a stop was asked for
   */
  List<SamplePrediction> after(List<SamplePrediction> samples, Path best) {
    return samples.isEmpty() ? samples : attempted(() -> completed(samples, best), samples);
  }

  private List<SamplePrediction> completed(List<SamplePrediction> samples, Path best)
      throws IOException {
    List<SamplePrediction> completed = new ArrayList<>();
    try (Gpt2Weights weights = Gpt2Weights.read(best, base.config(), base.program());
        Gpt2 model = model(weights)) {
      for (SamplePrediction sample : samples) {
        completed.add(
            new SamplePrediction(
                sample.context(), sample.written(), sample.before(), predicted(model, sample)));
      }
    }
    file.write(completed);
    return List.copyOf(completed);
  }

  private static List<SamplePrediction> attempted(
      Attempt attempt, List<SamplePrediction> otherwise) {
    try {
      return attempt.take();
    } catch (StoppedException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      log.warn("sample predictions cannot be taken: {}", e.toString());
      return otherwise;
    }
  }

  private Gpt2 model(Gpt2Weights weights) {
    Gpt2Program program = Gpt2Program.open(base.config(), base.program().device());
    try {
      return Gpt2.of(base.config(), weights, program, settings.computing().precision());
    } catch (RuntimeException e) {
      program.close();
      throw e;
    }
  }

  private Optional<Prediction> predicted(Gpt2 model, SamplePrediction sample) {
    stop.check();
    return Optional.of(
        new GreedyReply(model, base.tokenizer(), settings.batches().maxTokens())
            .predict(sample.context(), sample.written()));
  }
}
