package dev.repartee.finetune.models;

import dev.repartee.finetune.evaluate.StoredEvaluation;
import dev.repartee.finetune.evaluate.VersionEvaluations;
import dev.repartee.finetune.evaluate.VersionEvaluations.Stored;
import dev.repartee.finetune.metric.Rule;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Stored evaluations as the commands print them. */
final class EvaluationViews {

  private static final int HASH_DIGITS = 12;

  private EvaluationViews() {}

  /** One line each, newest first. */
  static List<String> lines(VersionEvaluations stored) {
    return stored.all().stream().map(EvaluationViews::line).toList();
  }

  private static String line(Stored stored) {
    StoredEvaluation one = stored.evaluation();
    String rule = Rule.WHOLE10.name();
    return String.format(
            Locale.ROOT,
            "%-30s %5d conversations of data %s  %s %s  %s  %s",
            stored.id(),
            one.conversations(),
            one.data().substring(0, HASH_DIGITS),
            rule,
            Optional.ofNullable(one.rules().get(rule))
                .map(saving -> String.format(Locale.ROOT, "%.2f%%", saving.saved()))
                .orElse("-"),
            one.golden().map(g -> "golden %d/%d".formatted(g.passed(), g.total())).orElse(""),
            one.canaries()
                .map(c -> "canaries leaked %d/%d".formatted(c.leaked(), c.count()))
                .orElse(""))
        .stripTrailing();
  }
}
