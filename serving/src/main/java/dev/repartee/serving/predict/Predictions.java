package dev.repartee.serving.predict;

import dev.repartee.engine.gpt2.DeviceException;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.ServingEngine;
import dev.repartee.engine.suggest.ServingEngine.Known;
import dev.repartee.engine.suggest.ServingEngine.Session;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.Suggestion.Nothing;
import dev.repartee.serving.predict.ReplyContext.Conversation;
import dev.repartee.serving.predict.SessionCache.SessionLease;
import dev.repartee.serving.predict.WorkerPool.Turn;
import dev.repartee.text.conversation.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests from one engine, which it owns. A bounded number of requests runs at the same
 * time, and each conversation is read once for all its keystrokes. Thread-safe.
 */
public final class Predictions implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Predictions.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  /** How long reading ahead and builds wait for the requests at work before each context. */
  private static final Duration GIVE_WAY = Duration.ofMillis(100);

  /** A conversation that rests for longer is read when it goes on. */
  private static final Duration RECENT = Duration.ofMinutes(15);

  /** After this time the new version takes over with what it has read: a swap must not wait. */
  private static final Duration LONGEST_READ_AHEAD = Duration.ofSeconds(30);

  /** Conversations go on while others are read ahead, so it is done again. */
  private static final int READ_AHEAD_ROUNDS = 3;

  /** A draft of at most this length is redacted in about the time that another thread costs. */
  private static final int SHORT_DRAFT = 500;

  private final ServingEngine engine;
  private final long maxSessionBytes;
  private final WorkerPool workers;
  private final SessionCache sessions;
  private final WorkerPool redactions = WorkerPool.forRedaction();

  /** The newest request of each conversation. */
  private final ConcurrentMap<Conversation, Turn> newest = new ConcurrentHashMap<>();

  private final AtomicBoolean closed = new AtomicBoolean();

  public Predictions(ServingEngine engine, PredictionOptions options) {
    this.engine = engine;
    this.maxSessionBytes = options.maxSessionBytes().orElseGet(engine::sessionMemory);
    this.workers = new WorkerPool("predict", options.workers(), options.maxWait());
    this.sessions =
        new SessionCache(
            context -> engine.open(context.messages(), context.desk()),
            options.maxSessions(),
            maxSessionBytes);
  }

  /**
   * As {@link #predict(ReplyContext, String, int, Display, boolean)}, for messages of which nothing
   * else is known.
   */
  public Prediction predict(List<Message> messages, String draft, int limit, Display display) {
    return predict(ReplyContext.of(messages), draft, limit, display, false);
  }

  /**
   * Suggests replies: whole answers for an empty draft, otherwise the completion of the draft and
   * then answers that begin with it. What the session knows already is answered at once, without
   * waiting for a thread. What the model must be asked waits for it until the {@link Urgency}'s
   * deadline, and then gets what is known; what the model finds later is kept for the next key.
   *
   * @param context what to reply to; this request supersedes the older one of the same conversation
   * @param draft what is typed so far
   * @param limit the maximum number of suggestions
   * @param display what is shown
   * @param declined whether the agent declined the offer that stood; without a conversation's id
   *     none stands
   * @throws RequestException 429 when a conversation that is to be read had to wait for longer than
   *     {@link PredictionOptions#maxWait}; 409 when a newer request of the conversation came while
   *     it waited
   */
  public Prediction predict(
      ReplyContext context, String draft, int limit, Display display, boolean declined) {
    Query query = new Query(context, draft, limit, display, System.nanoTime());
    Optional<Session> open = sessions.open(context);
    if (declined && context.conversationId().isPresent()) {
      open.ifPresent(Session::decline);
    }
    Conversation conversation = context.conversation();
    Turn turn =
        new Turn(
            conversation,
            open.isEmpty() ? Urgency.MESSAGE : Urgency.of(draft),
            query.receivedNanos());
    if (conversation.id().isPresent()) {
      // An agent who types on does not need the answer to the previous keystroke.
      Optional.ofNullable(newest.put(conversation, turn)).ifPresent(Turn::supersede);
    }
    try {
      Optional<Prediction> known =
          draft.length() <= SHORT_DRAFT
              ? known(query, Prediction.Source.LATE)
              : redactions
                  .call(
                      new Turn(conversation, Urgency.REDACTION, query.receivedNanos()),
                      () -> known(query, Prediction.Source.LATE))
                  .orElseThrow();
      if (known.isPresent() && known.get().isComplete()) {
        return known.get();
      }
      return workers
          .call(turn, () -> predict(turn, query))
          .flatMap(Function.identity())
          .orElseGet(() -> late(turn, query));
    } finally {
      if (!turn.isGranted()) { // else its work may go on
        newest.remove(conversation, turn);
      }
    }
  }

  /** Whether a draft ends within a word, as far as can be told. */
  public static boolean isInsideWord(String draft) {
    return Urgency.of(draft) == Urgency.KEY;
  }

  /** What a request asks; {@code receivedNanos} is in the time of {@link System#nanoTime}. */
  private record Query(
      ReplyContext context, String draft, int limit, Display display, long receivedNanos) {}

  /**
   * What is known without a pass.
   *
   * @param part the source where that is not all
   */
  private Optional<Prediction> known(Query query, Prediction.Source part) {
    long began = System.nanoTime();
    return sessions
        .open(query.context())
        .map(session -> forRequest(session, query))
        .flatMap(
            session ->
                session
                    .suggestKnown(query.draft(), query.limit())
                    .map(
                        known ->
                            prediction(
                                query,
                                session,
                                known,
                                began,
                                began,
                                known.whole() ? Prediction.Source.KNOWN : part)));
  }

  /** What is known at the deadline. */
  private Prediction late(Turn turn, Query query) {
    Prediction.Source source =
        turn.isGranted() ? Prediction.Source.LATE : Prediction.Source.DROPPED;
    Optional<Prediction> known =
        query.draft().length() <= SHORT_DRAFT ? known(query, source) : Optional.empty();
    return known.orElseGet(
        () ->
            new Prediction(
                List.of(),
                Optional.of(Nothing.PENDING),
                Duration.ofNanos(System.nanoTime() - query.receivedNanos()),
                Duration.ZERO,
                Duration.ZERO,
                source));
  }

  private Optional<Prediction> predict(Turn turn, Query query) {
    try {
      return predictOrMakeRoom(turn, query);
    } catch (RuntimeException | Error e) {
      if (turn.isLate()) { // nobody waits; the next request begins anew. Messages are never logged.
        log.warn("a late prediction failed: {}", e.getClass().getName());
      }
      throw e;
    } finally {
      newest.remove(turn.conversation(), turn);
    }
  }

  /** Where the device lacks memory, makes room and tries once more. */
  private Optional<Prediction> predictOrMakeRoom(Turn turn, Query query) {
    try {
      return predictOnce(turn, query);
    } catch (DeviceException e) {
      if (!e.lacksMemory()) {
        throw e;
      }
      log.warn("{}; half of the cached conversations are closed", e.getMessage());
      sessions.shrink(sessions.bytes() / 2);
      engine.releaseUnused();
      return predictOnce(turn, query);
    }
  }

  private Optional<Prediction> predictOnce(Turn turn, Query query) {
    try (SessionLease lease = sessions.lease(query.context())) {
      turn.begin(lease::cancel);
      try {
        return predict(lease, turn, query);
      } finally {
        turn.end();
      }
    }
  }

  /** Empty where it came too late: an offer that nobody has seen must not stand. */
  private static Optional<Prediction> predict(SessionLease lease, Turn turn, Query query) {
    long began = System.nanoTime();
    Prediction.Source source = lease.isOpen() ? Prediction.Source.READ : Prediction.Source.NEW;
    return lease.use(
        session -> {
          long read = System.nanoTime();
          Session own = forRequest(session, query);
          own.read(query.draft());
          if (turn.isLate()) {
            return Optional.empty();
          }
          Known found = new Known(own.suggest(query.draft(), query.limit()), true);
          return Optional.of(prediction(query, own, found, began, read, source));
        });
  }

  /** What was found, and how long it took until now. */
  private static Prediction prediction(
      Query query, Session session, Known found, long began, long read, Prediction.Source source) {
    Optional<Nothing> nothing = Optional.empty();
    if (found.suggestions().isEmpty()) {
      nothing = Optional.of(found.whole() ? session.nothing(query.draft()) : Nothing.PENDING);
    }
    return new Prediction(
        found.suggestions(),
        nothing,
        Duration.ofNanos(began - query.receivedNanos()),
        Duration.ofNanos(read - began),
        Duration.ofNanos(System.nanoTime() - read),
        source);
  }

  /** Without a conversation's id, the next request may be another agent's. */
  private static Session forRequest(Session session, Query query) {
    Session shown = session.at(query.display());
    return query.context().conversationId().isPresent()
        ? shown
        : shown.forOneRequest(query.limit());
  }

  /**
   * Reads the conversations that {@code before} answered of late, the last first, so that this one
   * can take over without reading them all at once. Gives way to the requests that {@code before}
   * answers meanwhile. Both together keep within the memory of one: the sessions of {@code before}
   * that were used longest ago are closed. Ends early after {@link #LONGEST_READ_AHEAD}, or when
   * the thread is interrupted.
   */
  public void readAhead(Predictions before) {
    long began = System.nanoTime();
    try {
      for (int round = 0; round < READ_AHEAD_ROUNDS; round++) {
        List<ReplyContext> recent = before.sessions.recent(RECENT);
        for (ReplyContext context : recent) {
          if (System.nanoTime() - began > LONGEST_READ_AHEAD.toNanos()) {
            return;
          }
          if (!sessions.holds(context) && before.sessions.holds(context)) {
            before.workers.awaitIdle(GIVE_WAY);
            read(context);
            before.sessions.shrink(Math.max(0, maxSessionBytes - sessions.bytes()));
          }
        }
        recent.reversed().forEach(sessions::open); // now in the order in which they were used
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void read(ReplyContext context) {
    try (SessionLease lease = sessions.lease(context)) {
      var _ = lease.use(Session::bytes);
    } catch (RuntimeException e) {
      // Its next request will say why. Messages are never logged.
      log.warn("reading a conversation ahead failed: {}", e.getClass().getName());
    }
  }

  /** The engine itself; this closes it. */
  public ServingEngine engine() {
    return engine;
  }

  /**
   * Asks the session of a context something that needs no pass of the model once the context is
   * read; where it is not, it waits for its turn and reads it.
   *
   * @throws RequestException as {@link #predict} does
   */
  public <T> T ask(ReplyContext context, Function<Session, T> question) {
    Optional<Session> open = sessions.open(context);
    if (open.isPresent()) {
      return question.apply(open.get());
    }
    Turn turn = new Turn(context.conversation(), Urgency.MESSAGE, System.nanoTime());
    return workers
        .call(
            turn,
            () -> {
              try (SessionLease lease = sessions.lease(context)) {
                return lease.use(question);
              }
            })
        .orElseThrow();
  }

  /** Runs what redacts texts of a conversation, as {@link WorkerPool#turns} does. */
  public Consumer<Runnable> redactions(String caller, String conversationId) {
    return redactions.turns(caller, conversationId);
  }

  /** The context of a caller's conversation that was asked for last, if it is still held. */
  public Optional<ReplyContext> context(String caller, String conversationId) {
    return sessions.find(caller, conversationId);
  }

  /**
   * As {@link ServingEngine#build}, but before each context it waits while requests are at work,
   * for a moment at most. Their passes go before those of a long context.
   */
  public Knowledge.Built build(Knowledge base, Knowledge.Sources sources, BooleanSupplier goOn) {
    return engine.build(
        base,
        sources,
        () -> {
          try {
            workers.awaitIdle(GIVE_WAY);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return goOn.getAsBoolean();
        });
  }

  /** The number of requests that wait for a thread. */
  public int waiting() {
    return workers.waiting();
  }

  /** The number of conversations that are kept read. */
  public int openSessions() {
    return sessions.size();
  }

  /** The native memory of the conversations that are kept read. */
  public long sessionBytes() {
    return sessions.bytes();
  }

  /** Finishes the running requests, then closes the sessions and the engine; once. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    redactions.close();
    if (!workers.drain(DRAIN) || !sessions.awaitUnused(DRAIN)) {
      // Its memory is in use by native code, and freeing it would crash the process.
      log.warn("a prediction did not end within {} s; the model stays open", DRAIN.toSeconds());
      workers.close();
      return;
    }
    sessions.close();
    engine.close();
  }

  /**
   * The answer to one request.
   *
   * @param suggestions best first
   * @param nothing why there are none
   * @param waited time spent waiting for a thread, or for another request of the same conversation
   * @param context time spent reading the conversation; close to zero when it was read before
   * @param predicted time spent on the suggestions
   * @param source what the answer required
   */
  public record Prediction(
      List<Suggestion> suggestions,
      Optional<Nothing> nothing,
      Duration waited,
      Duration context,
      Duration predicted,
      Source source) {

    /** What a prediction required, cheapest first. */
    public enum Source {
      /** No pass of the model: the conversation had been read, and the answer was known. */
      KNOWN,
      /** What was known at the deadline, since no turn came before. */
      DROPPED,
      /** What was known at the deadline; what the model finds later is kept. */
      LATE,
      /** Passes for the suggestions; the conversation had been read before. */
      READ,
      /** Passes for the conversation, and for the suggestions. */
      NEW
    }

    /** Whether nothing can be added to it. */
    public boolean isComplete() {
      return source != Source.DROPPED && source != Source.LATE;
    }
  }
}
