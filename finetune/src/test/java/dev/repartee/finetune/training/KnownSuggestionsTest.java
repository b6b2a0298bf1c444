package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.BatchedPasses;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.ServingEngine.Known;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.testing.TrainedModel;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a session tells without the model, before and after it was asked behind. */
class KnownSuggestionsTest {

  private static final String REPLY = "Your order is on the way.";
  private static final List<Message> CONTEXT = List.of(Message.customer("Where is it?"));

  @TempDir private static Path folder;

  @BeforeAll
  static void train() throws IOException {
    TrainedModel.write(
        folder,
        TinyModel.card(false),
        TinyModel.answers(REPLY),
        List.of(
            List.of(Message.customer("Where is it?"), Message.agent(REPLY)),
            List.of(Message.customer("Hello"), Message.agent("Good day, one moment."))));
  }

  private static SuggestionEngine load(AtomicInteger passes) {
    return SuggestionEngine.load(
        folder,
        new EngineOptions(
            TestDevice.compute(Precision.FP32),
            Display.EAGER,
            Optional.of(
                new EngineOptions.Batching(
                    new BatchedPasses.Limits(64, Duration.ZERO),
                    (count, tokens, took) -> passes.incrementAndGet(),
                    new ReentrantLock())),
            false,
            false));
  }

  private static Optional<Known> known(EngineSession session, String draft) {
    return session.suggestKnown(draft, 3);
  }

  @Test
  void whatWasReadNeedsNoPass() {
    AtomicInteger passes = new AtomicInteger();
    try (SuggestionEngine engine = load(passes);
        EngineSession session = engine.open(CONTEXT)) {
      Known replies = known(session, "").orElseThrow();
      assertThat(replies.suggestions()).isNotEmpty();
      assertThat(replies.whole()).as("whole replies need no pass of their own").isTrue();
      assertThat(known(session, "Your o")).as("no word was read").isEmpty();

      int before = passes.get();
      Known first = known(session, "Yo").orElseThrow();
      assertThat(first.whole()).isFalse();
      assertThat(passes).hasValue(before);

      session.read("Yo");
      assertThat(passes.get()).isGreaterThan(before);
      int after = passes.get();
      Known then = known(session, "Yo").orElseThrow();
      assertThat(then.whole()).isTrue();
      assertThat(passes).hasValue(after);
      try (EngineSession fresh = engine.open(CONTEXT)) {
        assertThat(fresh.suggest("Yo", 3).getFirst().text())
            .isEqualTo(then.suggestions().getFirst().text())
            .startsWith("ur ");
      }
    }
  }

  /** One thread asks for what is known while another has the model asked. */
  @Test
  void whatIsKnownIsToldWhileTheModelIsAsked() throws Exception {
    AtomicInteger passes = new AtomicInteger();
    try (SuggestionEngine engine = load(passes);
        EngineSession session = engine.open(CONTEXT);
        ExecutorService threads = Executors.newSingleThreadExecutor()) {
      Future<?> typing =
          threads.submit(
              () -> {
                for (int end = 1; end <= REPLY.length(); end++) {
                  var _ = session.suggest(REPLY.substring(0, end), 3);
                }
              });
      int told = 0;
      while (!typing.isDone()) {
        for (String draft : List.of("Yo", "Your or", "Your order is o")) {
          told += known(session, draft).isPresent() ? 1 : 0;
        }
      }
      typing.get();
      assertThat(told).isPositive();
      for (int end = 1; end <= REPLY.length(); end++) {
        assertThat(known(session, REPLY.substring(0, end)).orElseThrow().whole()).isTrue();
      }
    }
  }
}
