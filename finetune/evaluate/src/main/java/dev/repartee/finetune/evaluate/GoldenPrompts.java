package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.JsonFields;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import tools.jackson.databind.JsonNode;

/**
 * Golden prompts: situations with the replies that must and must not be shown in them. Each is
 * tried on a model as an agent would meet it.
 */
public final class GoldenPrompts {

  private static final List<String> KEYS =
      List.of("name", "messages", "draft", "expect_any", "forbid");

  private final ObjectLines<GoldenPrompt> file;

  private GoldenPrompts(ObjectLines<GoldenPrompt> file) {
    this.file = file;
  }

  /**
   * A situation and its expectations.
   *
   * @param name in reports
   * @param messages the conversation so far
   * @param draft what the agent has typed; may be empty
   * @param expectAny beginnings of replies, of which one must be shown; when empty, any reply will
   *     do
   * @param forbid patterns that no reply shown may contain
   */
  private record GoldenPrompt(
      String name,
      List<Message> messages,
      String draft,
      List<String> expectAny,
      List<Pattern> forbid) {

    GoldenPrompt {
      messages = List.copyOf(messages);
      expectAny = List.copyOf(expectAny);
      forbid = List.copyOf(forbid);
      if (expectAny.isEmpty() && forbid.isEmpty()) {
        throw new IllegalArgumentException("expect_any or forbid is required");
      }
    }

    static GoldenPrompt parse(JsonNode object) {
      return new GoldenPrompt(
          JsonFields.text(object, "name"),
          ObjectLines.messages(object),
          ObjectLines.textOr(object, "draft", ""),
          ObjectLines.texts(object, "expect_any"),
          patterns(ObjectLines.texts(object, "forbid")));
    }

    private static List<Pattern> patterns(List<String> texts) {
      List<Pattern> patterns = new ArrayList<>();
      for (String text : texts) {
        try {
          patterns.add(Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE));
        } catch (PatternSyntaxException e) {
          throw new IllegalArgumentException(
              "forbid '" + text + "' is not a regular expression: " + e.getDescription(), e);
        }
      }
      return patterns;
    }

    PromptResult measure(ReplyPredictor predictor) {
      try (ReplySession session = predictor.open(messages)) {
        List<String> shown =
            session.suggest(draft, TypedTextSaved.SHOWN).stream()
                .map(this::wholeReply)
                .distinct()
                .toList();
        Optional<String> failure = failure(shown);
        return new PromptResult(name, failure.isEmpty(), failure, shown);
      }
    }

    private String wholeReply(Suggestion suggestion) {
      return suggestion.kind() == Suggestion.Kind.COMPLETION
          ? draft + suggestion.text()
          : suggestion.text();
    }

    /** Why {@code shown}, whole replies, are not as expected; empty when they are. */
    private Optional<String> failure(List<String> shown) {
      for (Pattern pattern : forbid) {
        if (shown.stream().anyMatch(reply -> pattern.matcher(reply).find())) {
          return Optional.of("shows what is forbidden: " + pattern.pattern());
        }
      }
      boolean met =
          expectAny.isEmpty()
              || expectAny.stream().anyMatch(wanted -> anyBeginsWith(shown, wanted));
      return met
          ? Optional.empty()
          : Optional.of(
              "none of the "
                  + shown.size()
                  + " shown begins with "
                  + expectAny.getFirst()
                  + (expectAny.size() > 1 ? " or the others expected" : ""));
    }

    private static boolean anyBeginsWith(List<String> shown, String wanted) {
      String beginning = wanted.toLowerCase(Locale.ROOT);
      return shown.stream().anyMatch(reply -> reply.toLowerCase(Locale.ROOT).startsWith(beginning));
    }
  }

  /**
   * The results of a model on the prompts of a file.
   *
   * @param sha256 of the file
   * @param total prompts
   * @param passed how many were as expected
   * @param cases one result per prompt
   */
  public record GoldenResult(String sha256, int total, int passed, List<PromptResult> cases) {

    public GoldenResult {
      requireNonNull(sha256, "sha256 is null");
      cases = List.copyOf(cases);
      if (cases.size() != total || cases.stream().filter(PromptResult::passed).count() != passed) {
        throw new IllegalArgumentException("total and passed must be those of the cases");
      }
    }

    private static GoldenResult of(String sha256, List<PromptResult> cases) {
      long passed = cases.stream().filter(PromptResult::passed).count();
      return new GoldenResult(sha256, cases.size(), Math.toIntExact(passed), cases);
    }

    /** The names of the prompts that failed. */
    public List<String> failed() {
      return cases.stream().filter(one -> !one.passed()).map(PromptResult::name).toList();
    }

    /** The same without the replies that the model showed. */
    public GoldenResult withoutReplies() {
      return of(
          sha256,
          cases.stream()
              .map(one -> new PromptResult(one.name(), one.passed(), one.why(), List.of()))
              .toList());
    }
  }

  /**
   * The result of one prompt.
   *
   * @param why it failed, where it did
   * @param shown the replies that were shown; not stored with the model
   */
  public record PromptResult(
      String name,
      boolean passed,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> why,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> shown) {

    public PromptResult {
      requireNonNull(name, "name is null");
      why = why == null ? Optional.empty() : why; // absent in JSON
      shown = shown == null ? List.of() : List.copyOf(shown);
    }
  }

  /**
   * Reads {@code file}, JSON Lines of {@code {"name", "messages": [{"role", "text"}], "draft"?,
   * "expect_any"?, "forbid"?}}.
   *
   * @throws dev.repartee.text.UserException naming the line and the field that are wrong
   */
  public static GoldenPrompts read(Path file) {
    return new GoldenPrompts(ObjectLines.read(file, KEYS, GoldenPrompt::parse));
  }

  /** Tries every prompt on {@code predictor}. */
  public GoldenResult measure(ReplyPredictor predictor) {
    return GoldenResult.of(
        file.sha256(), file.values().stream().map(prompt -> prompt.measure(predictor)).toList());
  }
}
