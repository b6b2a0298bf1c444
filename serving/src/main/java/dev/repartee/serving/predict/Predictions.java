package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Message;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests from one predictor, which it owns: a bounded number at once, each conversation
 * read once for all its keystrokes. For use by several threads.
 */
public final class Predictions implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Predictions.class);
  private static final Duration DRAIN = Duration.ofSeconds(10);

  private final ReplyPredictor predictor;
  private final PredictionOptions options;
  private final Workers workers;
  private final SessionCache sessions;
  private final Preparations preparations;
  private final Turns turns = new Turns();
  private final AtomicBoolean closed = new AtomicBoolean();

  public Predictions(ReplyPredictor predictor, PredictionOptions options) {
    this.predictor = requireNonNull(predictor, "predictor is null");
    this.options = requireNonNull(options, "options is null");
    this.workers = new Workers(options.workers());
    this.sessions =
        new SessionCache(predictor::open, options.maxSessions(), options.maxSessionBytes());
    this.preparations = new Preparations(sessions);
  }

  /** {@link #predict(List, String, int, OperatingPoint, Optional)} of no known conversation. */
  public Prediction predict(List<Message> context, String draft, int limit, OperatingPoint point) {
    return predict(context, draft, limit, point, Optional.empty());
  }

  /**
   * Suggests replies: for an empty draft whole answers, otherwise the completion of the draft and
   * then answers that begin with it. What is known already is answered at once, without waiting for
   * those who ask the model; within a word also what is known in part only, while the model is
   * asked behind.
   *
   * @param context messages before the reply, oldest first
   * @param draft what is typed so far
   * @param limit how many suggestions at most
   * @param point how readily inline offers are shown
   * @param conversation whose older request this one supersedes
   * @throws RequestException.Overloaded when its turn did not come within {@link
   *     PredictionOptions#maxWait}
   * @throws RequestException.Superseded when a newer request of the conversation came before its
   *     turn
   */
  public Prediction predict(
      List<Message> context,
      String draft,
      int limit,
      OperatingPoint point,
      Optional<String> conversation) {
    Request request = new Request(context, draft, limit, point, System.nanoTime());
    Deadline deadline =
        Deadline.after(isInsideWord(draft) ? options.maxWaitInsideWord() : options.maxWait());
    preparations.forget(context);
    try (Turns.Turn turn = turns.take(conversation)) {
      Optional<Prediction> known = known(request);
      if (known.isPresent() && known.get().source() == Prediction.Source.KNOWN) {
        return known.get();
      }
      if (known.isPresent() && isInsideWord(draft)) {
        preparations.prepare(context, draft);
        return known.get();
      }
      if (isInsideWord(draft) && workers.areOverloaded()) {
        throw Workers.overloaded("more is asked than can be answered");
      }
      // The session first: a thread must not idle while another request holds the conversation.
      try (SessionCache.Lease lease = sessions.lease(context, conversation, deadline)) {
        turn.begin(lease);
        try {
          return workers.call(deadline, !lease.isOpen(), () -> predict(lease, request));
        } finally {
          turn.end();
        }
      }
    }
  }

  /** What one request asks, and when it did. */
  private record Request(
      List<Message> context, String draft, int limit, OperatingPoint point, long asked) {}

  /**
   * At the end of a word there is something new to think about; within one an agent is better
   * served by what is known, at once.
   */
  private static boolean isInsideWord(String draft) {
    return !draft.isEmpty() && !Character.isWhitespace(draft.charAt(draft.length() - 1));
  }

  private Optional<Prediction> known(Request request) {
    long began = System.nanoTime();
    return sessions
        .open(request.context())
        .flatMap(session -> session.suggestKnown(request.draft(), request.limit(), request.point()))
        .map(
            known ->
                new Prediction(
                    known.suggestions(),
                    Duration.ofNanos(began - request.asked()),
                    Duration.ZERO,
                    Duration.ofNanos(System.nanoTime() - began),
                    known.whole() ? Prediction.Source.KNOWN : Prediction.Source.PARTLY));
  }

  private Prediction predict(SessionCache.Lease lease, Request request) {
    long began = System.nanoTime();
    Prediction.Source source = lease.isOpen() ? Prediction.Source.READ : Prediction.Source.NEW;
    return lease.use(
        session -> {
          long read = System.nanoTime();
          List<Suggestion> suggestions = suggest(session, request);
          return new Prediction(
              suggestions,
              Duration.ofNanos(began - request.asked()),
              Duration.ofNanos(read - began),
              Duration.ofNanos(System.nanoTime() - read),
              source);
        });
  }

  /**
   * Where more is asked than can be done, whole replies do without the model's own view of them.
   */
  private List<Suggestion> suggest(ReplySession session, Request request) {
    Optional<ReplySession.Known> known =
        request.draft().isEmpty() && workers.areOverloaded()
            ? session.suggestKnown(request.draft(), request.limit(), request.point())
            : Optional.empty();
    return known
        .map(ReplySession.Known::suggestions)
        .orElseGet(() -> session.suggest(request.draft(), request.limit(), request.point()));
  }

  /**
   * What goes on at this moment.
   *
   * @param waiting requests that wait for their turn at the model
   * @param sessions conversations that are kept read
   * @param sessionBytes native memory that these take
   */
  public record Usage(int waiting, int sessions, long sessionBytes) {}

  public Usage usage() {
    SessionCache.Usage kept = sessions.usage();
    return new Usage(workers.waiting(), kept.sessions(), kept.bytes());
  }

  /** Finishes what has begun, then closes the sessions and the predictor; once. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    preparations.close();
    if (!workers.drain(DRAIN) || !sessions.awaitUnused(DRAIN)) {
      // Its memory is in use by native code, and freeing it would crash the process.
      log.warn("a prediction did not end within {} s; the model stays open", DRAIN.toSeconds());
      workers.close();
      return;
    }
    sessions.close();
    predictor.close();
  }
}
