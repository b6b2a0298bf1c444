package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.Wordings;
import dev.repartee.finetune.corpus.Corpora;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.gpt2.TrainingOptions;
import dev.repartee.text.answers.AnswerSet;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is trained on the best weights after they are final: the answer head. */
final class BestModel {

  private static final Logger log = LoggerFactory.getLogger(BestModel.class);

  private final BaseModel base;
  private final TrainingSettings settings;
  private final StopRequest stop;

  BestModel(BaseModel base, TrainingSettings settings, StopRequest stop) {
    this.base = base;
    this.settings = settings;
    this.stop = stop;
  }

  /** The answer head on the frozen best weights; none without answers. */
  Optional<AnswerHeadTrainer.Trained> head(
      Checkpoints checkpoints, Progress done, Corpora corpora, AnswerSet answers) {
    if (answers.size() == 0) {
      return Optional.empty();
    }
    log.info("training the answer head on {} answers", answers.size());
    Gpt2Program program = base.program();
    Path folder = checkpoints.best(done.evaluations().bestStep());
    // In FP32, as it will be compared.
    Gpt2Weights best = Gpt2Weights.read(folder, base.config(), program);
    try (TrainableGpt2 frozen =
        new TrainableGpt2(program, best, TrainingOptions.of(Precision.FP32))) {
      return new AnswerHeadTrainer(program, frozen, new Wordings(answers), settings.seed(), stop)
          .train(corpora.training(), corpora.validation());
    }
  }
}
