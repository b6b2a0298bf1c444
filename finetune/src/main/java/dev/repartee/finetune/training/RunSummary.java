package dev.repartee.finetune.training;

import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.finetune.corpus.Corpora;
import dev.repartee.text.answers.AnswerSet;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a run says of itself: before it trains, at its end, and in the model card. */
final class RunSummary {

  private static final Logger log = LoggerFactory.getLogger(RunSummary.class);
  private static final String METRICS = "metrics";

  private RunSummary() {}

  static void log(BaseModel base, Corpora corpora, TrainingSettings settings, long steps) {
    log.info(
        "training on {} windows of {} conversations in {} steps, validating on {} of {}; {} parameters, {}",
        corpora.trainingStatistics().windows(),
        corpora.trainingStatistics().conversations(),
        steps,
        corpora.validationStatistics().windows(),
        corpora.validationStatistics().conversations(),
        base.config().parameters(),
        settings.computing().precision());
  }

  static Map<String, Object> of(
      RunFolder folder, BaseModel base, Corpora corpora, AnswerSet answers, Progress done) {
    double loss = done.evaluations().bestLoss().orElseThrow();
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("model", folder.model().toString());
    summary.put("parameters", base.config().parameters());
    summary.put("conversations", corpora.trainingStatistics().conversations());
    summary.put("validation_conversations", corpora.validationStatistics().conversations());
    summary.put("windows", corpora.trainingStatistics().windows());
    summary.put("answers", answers.size());
    summary.put("steps", done.position().step());
    summary.put("best_step", done.evaluations().bestStep());
    summary.put("validation_loss", loss);
    summary.put("validation_perplexity", Math.exp(loss));
    summary.put("tokens_per_second", done.tokens() / done.seconds());
    return summary;
  }

  /** What the model card of a run that is done says. */
  static Map<String, Object> ofModel(RunFolder folder) {
    Map<String, Object> summary = new LinkedHashMap<>();
    summary.put("model", folder.model().toString());
    Object metrics = ModelCard.read(folder.model()).provenance().get(METRICS);
    if (metrics instanceof Map<?, ?> map) {
      map.forEach((name, value) -> summary.put(String.valueOf(name), value));
    }
    return summary;
  }

  static Map<String, Object> provenance(
      String base, RunRecord record, Map<String, Object> summary) {
    Map<String, Object> metrics = new LinkedHashMap<>(summary);
    metrics.remove("model");
    Map<String, Object> provenance = new LinkedHashMap<>();
    provenance.put("base", base);
    provenance.put("settings", record.settings());
    provenance.put("data_sha256", record.inputs());
    provenance.put(METRICS, metrics);
    provenance.put("created", Instant.now().toString());
    Optional.ofNullable(RunSummary.class.getPackage().getImplementationVersion())
        .ifPresent(version -> provenance.put("code_version", version));
    return provenance;
  }
}
