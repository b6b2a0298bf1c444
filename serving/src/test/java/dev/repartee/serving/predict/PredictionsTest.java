package dev.repartee.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.gpt2.DeviceException;
import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ServingEngine.Known;
import dev.repartee.engine.suggest.ServingEngine.Session;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.serving.predict.Predictions.Prediction;
import dev.repartee.text.conversation.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PredictionsTest {

  private static final Duration LONG = Duration.ofSeconds(20);

  private final CountingPredictor predictor = new CountingPredictor();
  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private Predictions predictions;

  private void start(int workers, Duration maxWait, int maxSessions) {
    predictions =
        new Predictions(
            predictor,
            new PredictionOptions(workers, maxWait, maxSessions, OptionalLong.of(Long.MAX_VALUE)));
  }

  @AfterEach
  void everySessionIsClosedOnceAndUsedByOneThread() {
    clients.shutdown();
    predictions.close();
    assertThat(predictor.open).hasValue(0);
    assertThat(predictor.closed).isTrue();
    assertThat(predictor.misuses).hasValue(0);
  }

  private static List<Message> conversation(int number) {
    return List.of(Message.customer("conversation " + number));
  }

  @Test
  void keystrokesOfOneReplyReadTheContextOnce() {
    start(2, LONG, 4);
    for (String draft : List.of("", "H", "He", "Hel")) {
      assertThat(predictions.predict(conversation(1), draft, 3, Display.EAGER).suggestions())
          .hasSize(3);
    }
    assertThat(predictor.opened).hasValue(1);
    predictions.predict(conversation(2), "", 3, Display.EAGER);
    assertThat(predictor.opened).hasValue(2);
  }

  @Test
  void sessionUsedLongestAgoIsClosed() {
    start(2, LONG, 2);
    predictions.predict(conversation(1), "", 1, Display.EAGER);
    predictions.predict(conversation(2), "", 1, Display.EAGER);
    predictions.predict(conversation(1), "", 1, Display.EAGER);
    predictions.predict(conversation(3), "", 1, Display.EAGER);
    assertThat(predictor.open).hasValue(2);
    predictions.predict(conversation(1), "", 1, Display.EAGER);
    assertThat(predictor.opened).as("1 was used later than 2 and is still open").hasValue(3);
    predictions.predict(conversation(2), "", 1, Display.EAGER);
    assertThat(predictor.opened).hasValue(4);
  }

  private static ReplyContext context(String caller, String conversation, List<Message> messages) {
    return new ReplyContext(caller, Optional.of(conversation), Desk.NONE, messages);
  }

  /** A request that nobody tells from others with the same messages. */
  private Future<Prediction> ask(List<Message> messages) {
    return clients.submit(() -> predictions.predict(messages, "", 3, Display.EAGER));
  }

  private Future<Prediction> ask(ReplyContext context) {
    return clients.submit(() -> predictions.predict(context, "", 3, Display.EAGER, false));
  }

  /** Holds the first prediction from now on until it is let go. */
  private final class Held {
    private final CountDownLatch working = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    Held() {
      AtomicBoolean first = new AtomicBoolean(true);
      predictor.onAnswer(
          () -> {
            if (first.getAndSet(false)) {
              working.countDown();
              await(go);
            }
          });
    }

    void awaitBegun() {
      await(working);
    }

    void letGo() {
      go.countDown();
    }
  }

  private void awaitWaiting(int requests) {
    while (predictions.waiting() < requests) {
      sleep(1);
    }
  }

  @Test
  void fourAgentsWhoBeginConversationsAtOnceAreAllAnswered() throws Exception {
    predictions = new Predictions(predictor, PredictionOptions.of(OptionalLong.empty()));
    predictor.onAnswer(() -> sleep(80));
    CountDownLatch together = new CountDownLatch(4);
    List<Future<Integer>> agents = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      int agent = i;
      agents.add(
          clients.submit(
              () -> {
                together.countDown();
                together.await();
                int answered = 0;
                for (int c = 0; c < 4; c++) {
                  predictions.predict(conversation(10 * agent + c), "", 3, Display.EAGER);
                  answered++;
                }
                return answered;
              }));
    }
    for (Future<Integer> agent : agents) {
      assertThat(agent.get()).isEqualTo(4);
    }
  }

  /** Twenty agents with an empty conversation are twenty agents. */
  @Test
  void requestsWithoutAConversationIdDoNotWaitForEachOther() throws Exception {
    start(4, LONG, 4);
    predictions.predict(List.of(), "", 3, Display.EAGER);
    assertThat(predictor.opened).hasValue(1);
    Held held = new Held();
    Future<Prediction> first = ask(List.of());
    held.awaitBegun();
    assertThat(ask(List.of()).get().suggestions()).hasSize(3);
    assertThat(first.isDone()).isFalse();
    assertThat(predictor.opened).as("one of its own").hasValue(2);
    assertThat(predictor.open).as("for that request alone").hasValue(1);
    held.letGo();
    assertThat(first.get().suggestions()).hasSize(3);
    assertThat(predictor.open).hasValue(1);
  }

  @Test
  void conversationsAndCallersHaveSessionsOfTheirOwn() {
    start(2, LONG, 8);
    List<ReplyContext> all =
        List.of(
            context("x", "one", conversation(1)),
            context("x", "two", conversation(1)),
            context("y", "one", conversation(1)),
            ReplyContext.of(conversation(1)));
    for (ReplyContext each : all) {
      predictions.predict(each, "", 3, Display.EAGER, false);
    }
    assertThat(predictor.opened).hasValue(4);
    predictions.predict(all.getFirst(), "", 3, Display.EAGER, true);
    assertThat(predictor.opened).hasValue(4);
    assertThat(predictor.declined).hasValue(1);
  }

  @Test
  void noCallerSupersedesRequestsOfAnother() throws Exception {
    start(2, LONG, 8);
    Held held = new Held();
    Future<Prediction> first = ask(context("x", "one", conversation(1)));
    held.awaitBegun();
    Future<Prediction> other = ask(context("y", "one", conversation(1)));
    awaitWaiting(1); // of two threads one reads conversations
    assertThat(predictor.cancelled).hasValue(0);
    held.letGo();
    assertThat(first.get().suggestions()).hasSize(3);
    assertThat(other.get().suggestions()).hasSize(3);
  }

  @Test
  void callersTakeTurnsSoThatNoneStarvesTheOthers() throws Exception {
    start(1, LONG, 64);
    Held held = new Held();
    List<Future<Prediction>> asked = new ArrayList<>();
    asked.add(ask(context("flood", "0", conversation(0))));
    held.awaitBegun();
    for (int i = 1; i <= 20; i++) {
      asked.add(ask(context("flood", "" + i, conversation(i))));
      awaitWaiting(i);
    }
    asked.add(
        ask(
            new ReplyContext(
                "other",
                Optional.of("c"),
                Desk.ofAgent(Optional.of("other's")),
                conversation(100))));
    awaitWaiting(21);
    held.letGo();
    for (Future<Prediction> one : asked) {
      assertThat(one.get().suggestions()).hasSize(3);
    }
    assertThat(predictor.agents.indexOf("other's")).isBetween(1, 2);
  }

  @Test
  void whileSeveralCallersAskNoneHasAllThreads() throws Exception {
    start(2, LONG, 8);
    List<ReplyContext> read =
        List.of(
            context("flood", "one", conversation(1)),
            context("flood", "two", conversation(2)),
            context("other", "one", conversation(3)));
    for (ReplyContext each : read) {
      predictions.predict(each, "", 3, Display.EAGER, false);
    }
    Held held = new Held();
    Future<Prediction> first = clients.submit(() -> type(read.get(0), "I "));
    held.awaitBegun();
    Future<Prediction> second = clients.submit(() -> type(read.get(1), "I "));
    assertThat(type(read.get(2), "I ").suggestions()).hasSize(3);
    assertThat(first.get().source()).isEqualTo(Prediction.Source.LATE);
    assertThat(second.get().source()).isEqualTo(Prediction.Source.DROPPED);
    assertThat(predictor.read).as("the first caller's second costs nothing").hasSize(2);
    held.letGo();
  }

  @Test
  void conversationsAreReadAheadTheLastUsedFirst() throws Exception {
    CountingPredictor old = new CountingPredictor();
    try (Predictions before =
        new Predictions(old, new PredictionOptions(2, LONG, 8, OptionalLong.of(Long.MAX_VALUE)))) {
      for (String agent : List.of("a", "b", "c", "a")) {
        before.predict(byAgent(agent), "", 3, Display.EAGER, false);
      }
      start(2, LONG, 8);
      predictions.readAhead(before);
      assertThat(predictor.agents).containsExactly("a", "c", "b");
      assertThat(before.openSessions()).isEqualTo(3);
    }
    assertThat(predictions.predict(byAgent("c"), "", 3, Display.EAGER, false).source())
        .isEqualTo(Prediction.Source.READ);
  }

  @Test
  void readingAheadKeepsBothWithinTheMemoryOfOne() {
    PredictionOptions fourSessions = new PredictionOptions(2, LONG, 8, OptionalLong.of(400));
    CountingPredictor old = new CountingPredictor();
    try (Predictions before = new Predictions(old, fourSessions)) {
      for (String agent : List.of("a", "b", "c", "d")) {
        before.predict(byAgent(agent), "", 3, Display.EAGER, false);
      }
      predictions = new Predictions(predictor, fourSessions);
      predictions.readAhead(before);
      assertThat(predictor.agents).containsExactly("d", "c");
      assertThat(before.sessionBytes()).isEqualTo(200);
    }
  }

  @Test
  void aSessionCountsWithTheMemoryThatItHasAfterItsLastUse() {
    predictions =
        new Predictions(predictor, new PredictionOptions(2, LONG, 8, OptionalLong.of(350)));
    for (String agent : List.of("a", "b", "c")) {
      predictions.predict(byAgent(agent), "", 3, Display.EAGER, false);
    }
    assertThat(predictions.sessionBytes()).isEqualTo(300);
    predictor.sessionBytes.set(200);
    predictions.predict(byAgent("c"), "", 3, Display.EAGER, false);
    // It grew to 200 bytes, above the bound, so the one used longest ago was closed.
    assertThat(predictions.sessionBytes()).isEqualTo(300);
    assertThat(predictions.openSessions()).isEqualTo(2);
    predictions.close();
    assertThat(predictions.sessionBytes()).isZero();
  }

  private static ReplyContext byAgent(String agent) {
    return new ReplyContext(
        "", Optional.of(agent), Desk.ofAgent(Optional.of(agent)), conversation(1));
  }

  @Test
  void refusesWhenNoTurnComesInTime() throws Exception {
    start(1, Duration.ofMillis(50), 4);
    Held held = new Held();
    Future<Prediction> first =
        clients.submit(() -> predictions.predict(conversation(1), "", 3, Display.EAGER));
    held.awaitBegun();

    assertThatThrownBy(() -> predictions.predict(conversation(2), "", 3, Display.EAGER))
        .isInstanceOfSatisfying(
            RequestException.class,
            e -> assertThat(e.retryAfter()).hasValue(Duration.ofSeconds(1)));
    assertThat(predictor.opened).as("a refused request opens nothing").hasValue(1);

    held.letGo();
    assertThat(first.get().suggestions()).hasSize(3);
    assertThat(predictions.predict(conversation(2), "", 3, Display.EAGER).suggestions()).hasSize(3);
  }

  private Prediction type(ReplyContext context, String draft) {
    return predictions.predict(context, draft, 3, Display.EAGER, false);
  }

  @Test
  void aNewerRequestOfTheConversationSupersedesOlderOnes() throws Exception {
    start(1, LONG, 4);
    Held held = new Held();
    Future<Prediction> atWork = ask(context("", "c", conversation(1)));
    held.awaitBegun();
    Future<Prediction> waiting = ask(context("", "c", conversation(2)));
    while (predictor.cancelled.get() < 1) {
      sleep(1);
    }
    Future<Prediction> newest = ask(context("", "c", conversation(3)));
    Future<Prediction> another = ask(context("", "d", conversation(1)));
    sleep(20);
    held.letGo();
    assertThat(atWork.get().suggestions()).as("it ends early, but ends").isNotEmpty();
    assertThatThrownBy(waiting::get).cause().hasMessageContaining("a newer request");
    assertThat(newest.get().suggestions()).isNotEmpty();
    assertThat(another.get().suggestions()).isNotEmpty();
    assertThat(predictor.cancelled).hasValue(1);
  }

  /** A newer request must not wait for what an older one still asks of the model. */
  @Test
  void whatIsCancelledWhileItsSessionOpensEndsEarly() throws Exception {
    start(1, LONG, 4);
    CountDownLatch opening = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    SessionCache cache =
        new SessionCache(
            context -> {
              opening.countDown();
              await(go);
              return predictor.open(context.messages(), context.desk());
            },
            8,
            Long.MAX_VALUE);
    ReplyContext context = context("", "c", conversation(1));
    try (SessionCache.SessionLease lease = cache.lease(context)) {
      Future<Boolean> work = clients.submit(() -> lease.use(PredictionsTest::read));
      opening.await();
      lease.cancel();
      go.countDown();
      assertThat(work.get()).isTrue();
    }
    try (SessionCache.SessionLease lease = cache.lease(context)) {
      assertThat(lease.use(PredictionsTest::read)).isTrue();
    }
    assertThat(predictor.read).containsExactly("cancelled", "I am");
    cache.close();
  }

  private static boolean read(Session session) {
    session.read("I am");
    return true;
  }

  @Test
  void whatIsKnownIsAnsweredWhileEveryWorkerIsBusy() throws Exception {
    start(1, Duration.ofMillis(50), 4);
    predictions.predict(conversation(1), "", 3, Display.EAGER);
    Held held = new Held();
    Future<Prediction> atWork =
        clients.submit(() -> predictions.predict(conversation(2), "", 3, Display.EAGER));
    held.awaitBegun();
    List<Suggestion> known = List.of(Suggestion.completion("ello", 0.9));
    predictor.known = Optional.of(new Known(known, true));
    assertThat(predictions.predict(conversation(1), "H", 3, Display.EAGER).suggestions())
        .isEqualTo(known);
    held.letGo();
    assertThat(atWork.get().suggestions()).isNotEmpty();
  }

  @Test
  void aLongDraftIsRedactedOnAThreadOfTheServiceAndAShortOneAtOnce() {
    start(2, LONG, 4);
    predictor.known = Optional.of(new Known(List.of(), true));
    predictions.predict(conversation(1), "", 1, Display.CALM);
    predictions.predict(conversation(1), "I", 1, Display.CALM);
    assertThat(predictor.knownAsker).isEqualTo(Thread.currentThread());
    predictions.predict(conversation(1), "I ".repeat(2000), 1, Display.CALM);
    assertThat(predictor.knownAsker.getName()).startsWith("redact-");
    assertThat(predictor.knownAsker.isVirtual()).isFalse();
  }

  @Test
  void aKeyWaitsForItsAnswer() {
    start(1, LONG, 4);
    ReplyContext context = context("", "c", conversation(1));
    type(context, "");
    List<Suggestion> some = List.of(Suggestion.completion("ello", 0.9));
    predictor.known = Optional.of(new Known(some, false));
    Prediction whole = type(context, "I a");
    assertThat(whole.source()).isEqualTo(Prediction.Source.READ);
    assertThat(whole.suggestions()).hasSize(3);
  }

  @Test
  void atTheDeadlineWhatIsKnownIsAnsweredAndTheRestIsKeptForTheNextKey() throws Exception {
    start(1, LONG, 4);
    ReplyContext context = context("", "c", conversation(1));
    type(context, "");
    List<Suggestion> some = List.of(Suggestion.completion("ello", 0.9));
    predictor.known = Optional.of(new Known(some, false));
    Held held = new Held();
    Prediction part = type(context, "I a");
    assertThat(part.source()).isEqualTo(Prediction.Source.LATE);
    assertThat(part.suggestions()).isEqualTo(some);
    assertThat(part.waited()).isGreaterThanOrEqualTo(Urgency.KEY.deadline());
    held.letGo();
  }

  @Test
  void aNewerKeyEndsWhatIsStillDoneForTheOlder() throws Exception {
    start(1, LONG, 4);
    ReplyContext context = context("", "c", conversation(1));
    type(context, "");
    Held held = new Held();
    assertThat(type(context, "I a").source()).isEqualTo(Prediction.Source.LATE);
    Future<Prediction> next = clients.submit(() -> type(context, "I am "));
    while (predictor.cancelled.get() == 0) {
      sleep(1);
    }
    held.letGo();
    var _ = next.get();
    assertThat(type(context, "I am h").source())
        .as("the end of one is not that of the next")
        .isEqualTo(Prediction.Source.READ);
    assertThat(predictor.read.toArray()).startsWith("I a").endsWith("I am h");
  }

  @Test
  void aLatePredictionThatFailsHarmsNoOther() {
    start(1, LONG, 4);
    ReplyContext context = context("", "c", conversation(1));
    type(context, "");
    predictor.onAnswer(
        () -> {
          sleep(2 * Urgency.KEY.deadline().toMillis());
          throw new OutOfMemoryError("Java heap space");
        });
    assertThat(type(context, "I a").source()).isEqualTo(Prediction.Source.LATE);
    predictor.onAnswer(() -> {});
    assertThat(type(context, "").suggestions()).hasSize(3);
  }

  @Test
  void aGpuThatLacksMemoryIsTriedOnceMoreWithHalfOfTheSessions() {
    start(1, LONG, 8);
    for (int i = 0; i < 4; i++) {
      predictions.predict(conversation(i), "", 3, Display.EAGER);
    }
    AtomicInteger failures = new AtomicInteger();
    predictor.onAnswer(
        () -> {
          if (failures.getAndIncrement() == 0) {
            throw new DeviceException("CUDA out of memory", true, null);
          }
        });
    assertThat(predictions.predict(conversation(9), "", 3, Display.EAGER).suggestions()).hasSize(3);
    assertThat(failures).hasValue(2);
    assertThat(predictor.released).hasValue(1);
    assertThat(predictions.openSessions()).isEqualTo(3); // two of four, and the new one
    predictor.onAnswer(
        () -> {
          throw new DeviceException("CUDA out of memory", true, null);
        });
    assertThatThrownBy(() -> predictions.predict(conversation(9), "", 3, Display.EAGER))
        .isInstanceOf(DeviceException.class);
  }

  @Test
  void aConversationThatGoesOnNeedsItsEarlierSessionNoMore() {
    start(1, LONG, 4);
    List<Message> longer =
        List.of(conversation(1).getFirst(), Message.agent("Hi"), Message.customer("Hm"));
    predict(conversation(1), "one");
    predict(conversation(2), "two");
    predict(longer, "three"); // begins like the first, but is another
    assertThat(predictor.open).hasValue(3);
    predict(conversation(1), "one");
    assertThat(predictor.opened).hasValue(3);
    predict(longer, "one");
    assertThat(predictor.opened).hasValue(4);
    assertThat(predictor.open).hasValue(3);
    List<Message> longest = new ArrayList<>(longer);
    longest.add(Message.agent("Well"));
    predict(longest, "one");
    assertThat(predictor.opened).hasValue(5);
    assertThat(predictor.open).hasValue(3);
    assertThat(predictions.openSessions()).isEqualTo(3);
  }

  @Test
  void oneConversationCannotTakeTheMemoryOfTheOthers() {
    start(1, LONG, 4);
    predict(conversation(100), "other");
    for (int i = 0; i < 6; i++) {
      predict(conversation(i), "flood");
    }
    assertThat(predictor.open).hasValue(2);
    predict(conversation(100), "other");
    assertThat(predictor.opened).as("the other's is still open").hasValue(7);
  }

  @Test
  void aCallerWithManyConversationsCannotTakeTheMemoryOfOthers() {
    start(1, LONG, 3);
    ReplyContext other = context("other", "one", conversation(100));
    predictions.predict(other, "", 3, Display.EAGER, false);
    for (int i = 0; i < 6; i++) {
      predictions.predict(context("flood", "c" + i, conversation(i)), "", 3, Display.EAGER, false);
    }
    assertThat(predictor.open).hasValue(3);
    predictions.predict(other, "", 3, Display.EAGER, false);
    assertThat(predictor.opened).as("the other's is still open").hasValue(7);
  }

  private void predict(List<Message> context, String conversation) {
    predictions.predict(context("", conversation, context), "", 3, Display.EAGER, false);
  }

  private void predict(List<Message> messages, Optional<String> agent) {
    ReplyContext context = new ReplyContext("", Optional.of("one"), Desk.ofAgent(agent), messages);
    predictions.predict(context, "", 3, Display.EAGER, false);
  }

  @Test
  void aSessionAnswersOneAgentAlone() {
    start(1, LONG, 8);
    List<Message> longer = List.of(conversation(1).getFirst(), Message.agent("Hi"));
    predict(conversation(1), Optional.of("a"));
    predict(conversation(1), Optional.of("b"));
    predict(conversation(1), Optional.empty());
    assertThat(predictor.opened).hasValue(3);
    assertThat(predictor.agents).containsExactly("a", "b", "");
    predict(conversation(1), Optional.of("b"));
    assertThat(predictor.opened).as("b's is open").hasValue(3);
    predict(longer, Optional.of("a"));
    assertThat(predictor.open).as("in place of a's earlier one").hasValue(3);
    predict(conversation(1), Optional.of("b"));
    assertThat(predictor.opened).as("b's is still open").hasValue(4);
  }

  @Test
  void aConversationKeepsWhatItKnowsUntilItsNextMessage() {
    start(1, LONG, 8);
    List<Message> longer = List.of(conversation(1).getFirst(), Message.agent("Hi"));
    predict(conversation(1), Optional.empty());
    predictions.predict(conversation(2), "", 3, Display.EAGER);
    predictor.learn();
    predict(conversation(1), Optional.empty());
    assertThat(predictor.opened).as("it goes on").hasValue(2);
    assertThat(predictions.predict(conversation(2), "", 3, Display.EAGER).source())
        .as("without an id new knowledge counts at once")
        .isEqualTo(Prediction.Source.NEW);
    predict(longer, Optional.empty());
    assertThat(predictor.opened).hasValue(4);
    assertThat(predictor.open).as("each in place of the one before").hasValue(2);
    predictions.predict(conversation(2), "", 3, Display.EAGER);
    assertThat(predictor.opened).hasValue(4);
  }

  @Test
  void sessionThatFailedIsNotUsedAgain() {
    start(1, LONG, 4);
    predictor.onAnswer(
        () -> {
          throw new IllegalStateException("native failure");
        });
    assertThatThrownBy(() -> predictions.predict(conversation(1), "", 3, Display.EAGER))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("native failure");
    assertThat(predictor.open).hasValue(0);
    predictor.onAnswer(() -> {});
    assertThat(predictions.predict(conversation(1), "", 3, Display.EAGER).suggestions()).hasSize(3);
    assertThat(predictor.opened).hasValue(2);
  }

  @Test
  void closeWaitsForThePredictionAtWork() throws InterruptedException, ExecutionException {
    start(1, LONG, 4);
    Held held = new Held();
    Future<Prediction> last =
        clients.submit(() -> predictions.predict(conversation(1), "", 3, Display.EAGER));
    held.awaitBegun();
    Future<?> closing = clients.submit(() -> predictions.close());
    sleep(20);
    assertThat(closing.isDone()).isFalse();
    held.letGo();
    assertThat(last.get().suggestions()).hasSize(3);
    closing.get();
  }

  private static void sleep(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
