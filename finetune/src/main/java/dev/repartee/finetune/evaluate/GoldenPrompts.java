package dev.repartee.finetune.evaluate;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.evaluate.GoldenResult.CaseResult;
import dev.repartee.finetune.metric.TypedTextSaved;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The situations of a file, to be tried on a model as agents would meet it. */
public final class GoldenPrompts {

  private final String sha256;
  private final List<GoldenCase> cases;

  private GoldenPrompts(String sha256, List<GoldenCase> cases) {
    this.sha256 = sha256;
    this.cases = cases;
  }

  /**
   * Reads {@code file}, JSON Lines of {@code {"name", "messages": [{"role", "text"}], "draft"?,
   * "expect_any"?, "forbid"?}}.
   *
   * @throws dev.repartee.text.UserException naming the line and the field that are wrong
   */
  public static GoldenPrompts read(Path file) {
    ObjectLines.Content<GoldenCase> content = GoldenCase.read(file);
    return new GoldenPrompts(content.sha256(), content.values());
  }

  /** Asks {@code predictor} in each of them. */
  public GoldenResult measure(ReplyPredictor predictor) {
    return GoldenResult.of(sha256, cases.stream().map(one -> measure(predictor, one)).toList());
  }

  private static CaseResult measure(ReplyPredictor predictor, GoldenCase golden) {
    try (ReplySession session = predictor.open(golden.messages())) {
      List<String> shown =
          session.suggest(golden.draft(), TypedTextSaved.SHOWN).stream()
              .map(suggestion -> whole(golden.draft(), suggestion))
              .distinct()
              .toList();
      Optional<String> complaint = golden.complaint(shown);
      return new CaseResult(golden.name(), complaint.isEmpty(), complaint, shown);
    }
  }

  private static String whole(String draft, Suggestion suggestion) {
    return suggestion.kind() == Suggestion.Kind.COMPLETION
        ? draft + suggestion.text()
        : suggestion.text();
  }
}
