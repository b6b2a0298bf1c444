package dev.repartee.finetune.answers;

import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.hub.LocalModel;
import dev.repartee.finetune.metric.Comparison.Difference;
import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.Measurement;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.options.LibraryOptions.NamedLibrary;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What one model saves with either library, on the same conversations.
 *
 * @param model the registry's version, or the folder
 * @param before net time saved with the older library
 * @param after net time saved with the newer one
 * @param change of net time saved, paired by conversation
 */
record LibraryEffect(
    String model, int conversations, int replies, Saving before, Saving after, Difference change) {

  /**
   * Measures both.
   *
   * @param now decides which entries are valid, as in a service that starts then
   */
  static LibraryEffect measure(
      LocalModel model,
      EngineOptions options,
      NamedLibrary older,
      NamedLibrary newer,
      List<Conversation> conversations,
      Optional<Integer> limit,
      Instant now) {
    EvaluationSettings all = EvaluationSettings.DEFAULT.withRules(List.of(Rule.NET)).untimed();
    EvaluationSettings settings = limit.map(all::withLimit).orElse(all);
    try (SuggestionEngine engine = SuggestionEngine.load(model.folder(), options)) {
      Measurement before = measure(engine, older, now, conversations, settings);
      Measurement after = measure(engine, newer, now, conversations, settings);
      String net = Rule.NET.name();
      return new LibraryEffect(
          model.name(),
          after.evaluation().conversations(),
          after.evaluation().replies(),
          before.evaluation().rules().get(net),
          after.evaluation().rules().get(net),
          after.comparedWith(before).rules().get(net));
    }
  }

  private static Measurement measure(
      SuggestionEngine engine,
      NamedLibrary library,
      Instant now,
      List<Conversation> conversations,
      EvaluationSettings settings) {
    engine.use(engine.knowledge().with(library.library().validAt(now)));
    try (ProgressLine progress = new ProgressLine("evaluate with " + library.name(), "replies")) {
      return TypedTextSaved.measure(engine, conversations, settings, progress::stepTo);
    }
  }

  /** For people. */
  String line() {
    return String.format(
        Locale.ROOT,
        "net time saved by %s in %d conversations: %.1f%% -> %.1f%%, change %+.1f points (95%%:"
            + " %+.1f to %+.1f)",
        model,
        conversations,
        before.saved(),
        after.saved(),
        change.difference(),
        change.ci95().low(),
        change.ci95().high());
  }
}
