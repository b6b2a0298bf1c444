package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.testing.TrainedModel;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completions by a model that knows a few replies by heart. */
class CompletionTest {

  private static final EngineOptions OPTIONS =
      new EngineOptions(TestDevice.compute(Precision.FP32));
  private static final String REPLY = "Your order is on the way.";
  private static final List<Message> CONTEXT = List.of(Message.customer("Where is it?"));

  @TempDir private static Path plain;
  @TempDir private static Path redacted;

  @BeforeAll
  static void train() throws IOException {
    TrainedModel.write(
        plain,
        TinyModel.card(false),
        TinyModel.answers(REPLY),
        List.of(
            conversation("Where is it?", REPLY),
            conversation("Hello", "Good day, one moment."),
            conversation("My order is late", "I look up the number.")));
    TrainedModel.write(
        redacted,
        TinyModel.card(true),
        TinyModel.answers(REPLY),
        List.of(
            conversation("Hi, my name is {customer_name}.", "Thanks {customer_name}, one moment."),
            conversation("Hello", "Thanks, what is it?")));
  }

  private static List<Message> conversation(String customer, String agent) {
    return List.of(Message.customer(customer), Message.agent(agent));
  }

  /** Fewer characters are not worth looking up for. */
  private static final int WORTH_OFFERING = 5;

  private static Optional<String> completion(Path model, List<Message> context, String draft) {
    try (SuggestionEngine engine = SuggestionEngine.load(model, OPTIONS);
        ReplySession session = engine.open(context)) {
      return session.complete(draft).map(Suggestion::text);
    }
  }

  /** Wherever the draft ends, within a token or between two. */
  @Test
  void aDraftIsContinuedFromTheMiddleOfAWord() {
    try (SuggestionEngine engine = SuggestionEngine.load(plain, OPTIONS)) {
      for (int end = 1; end <= REPLY.length() - WORTH_OFFERING; end++) {
        String draft = REPLY.substring(0, end);
        try (ReplySession session = engine.open(CONTEXT)) {
          Optional<String> rest = session.complete(draft).map(Suggestion::text);
          assertThat(rest).as(draft).isPresent();
          assertThat(REPLY).startsWith(draft + rest.orElseThrow());
        }
      }
    }
  }

  @Test
  void aNameIsCompletedThroughThePlaceholderThatTheModelKnows() {
    List<Message> context = List.of(Message.customer("Hi, my name is Alexis."));
    for (String draft : List.of("Thanks A", "Thanks Al", "Thanks alex", "Thanks Alexi")) {
      String typed = draft.substring("Thanks ".length());
      String rest = completion(redacted, context, draft).orElseThrow();
      assertThat((typed + rest).toLowerCase(Locale.ROOT)).as(draft).startsWith("alexis");
    }
    // Of what is typed nothing is changed, and nobody is called what the conversation does not say.
    assertThat(completion(redacted, context, "Thanks ").orElse("")).startsWith("Alexis");
    assertThat(completion(redacted, List.of(Message.customer("Hello")), "Thanks ").orElse(""))
        .doesNotContain("Alexis")
        .doesNotContain("{");
  }
}
