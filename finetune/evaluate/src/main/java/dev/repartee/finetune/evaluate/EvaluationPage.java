package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.evaluate.EvaluationReport.Rival;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.metric.Comparison;
import dev.repartee.finetune.metric.Evaluation;
import dev.repartee.finetune.metric.Evaluation.Latencies;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.ReplyExample;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.TextNorm;
import dev.repartee.text.page.PageHtml;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The data of an evaluation's page: how much typing is saved, with confidence intervals, in
 * comparison with the baselines and another model, whether scores are calibrated, where the model
 * helps, how fast it is, and example replies. {@code report.js} draws the page from it. The same
 * report gives the same bytes.
 *
 * @param description of the measured model, if it is a baseline; else empty
 * @param rivals the compared model first, then the baselines; a baseline that is compared stands
 *     there once
 * @param bestBaseline the best baseline under the headline rule
 */
record EvaluationPage(
    String model,
    String description,
    Optional<String> precision,
    Optional<String> operatingPoint,
    List<String> files,
    List<String> train,
    Evaluation evaluation,
    List<ShownRival> rivals,
    Optional<BestBaseline> bestBaseline,
    ShownExamples examples,
    String codeVersion) {

  record ShownRival(
      String model,
      String description,
      boolean compared,
      Map<String, Saving> rules,
      Comparison advantage,
      Latencies latency) {}

  record ShownExamples(List<ShownExample> most, List<ShownExample> least) {}

  /**
   * A reply and its suggestions.
   *
   * @param rightSuggestions the suggestions that say the same as the reply
   */
  record ShownExample(ReplyExample reply, List<String> rightSuggestions) {

    static ShownExample of(ReplyExample reply) {
      String written = TextNorm.norm(reply.reply());
      return new ShownExample(
          reply,
          reply.suggestions().stream()
              .filter(text -> TextNorm.norm(text).equals(written))
              .toList());
    }

    static List<ShownExample> all(List<ReplyExample> replies) {
      return replies.stream().map(ShownExample::of).toList();
    }
  }

  static EvaluationPage of(EvaluationReport report) {
    Set<Rival> rivals = new LinkedHashSet<>();
    report.comparison().ifPresent(rivals::add);
    rivals.addAll(report.baselines().values());
    Evaluation evaluation = report.evaluation();
    return new EvaluationPage(
        report.model(),
        description(report.model()),
        report.precision().map(Enum::name),
        report.operatingPoint(),
        report.files(),
        report.train(),
        evaluation,
        rivals.stream()
            .map(
                rival ->
                    new ShownRival(
                        rival.model(),
                        description(rival.model()),
                        report.comparison().filter(rival::equals).isPresent(),
                        rival.rules(),
                        rival.advantage(),
                        rival.latency()))
            .toList(),
        Optional.ofNullable(report.bestBaseline().get(evaluation.breakdown().rule())),
        new ShownExamples(
            ShownExample.all(report.examples().most()),
            ShownExample.all(report.examples().least())),
        CodeVersion.shown());
  }

  private static String description(String model) {
    return Baseline.named(model).map(Baseline::description).orElse("");
  }

  String html() {
    return PageHtml.of(EvaluationPage.class, this);
  }
}
