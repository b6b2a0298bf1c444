package dev.repartee.serving.predict;

import static java.util.Objects.requireNonNull;

import dev.repartee.common.data.Message;
import dev.repartee.common.suggest.OperatingPoint;
import dev.repartee.common.suggest.ReplyPredictor;
import dev.repartee.common.suggest.ReplySession;
import dev.repartee.common.suggest.Suggestion;
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
  private final Turns turns = new Turns();
  private final AtomicBoolean closed = new AtomicBoolean();

  public Predictions(ReplyPredictor predictor, PredictionOptions options) {
    this.predictor = requireNonNull(predictor, "predictor is null");
    this.options = requireNonNull(options, "options is null");
    this.workers = new Workers(options.workers());
    this.sessions =
        new SessionCache(predictor::open, options.maxSessions(), options.maxSessionBytes());
  }

  /** {@link #predict(List, String, int, OperatingPoint, Optional)} of no known conversation. */
  public Prediction predict(List<Message> context, String draft, int limit, OperatingPoint point) {
    return predict(context, draft, limit, point, Optional.empty());
  }

  /**
   * Suggests replies: for an empty draft whole answers, otherwise the completion of the draft and
   * then answers that begin with it. What is known already is answered at once, without waiting for
   * those who ask the model.
   *
   * @param context messages before the reply, oldest first
   * @param draft what is typed so far
   * @param limit how many suggestions at most
   * @param point how readily inline offers are shown
   * @param conversation whose older request this one supersedes
   * @throws OverloadedException when its turn did not come within {@link PredictionOptions#maxWait}
   * @throws SupersededException when a newer request of the conversation came before its turn
   */
  public Prediction predict(
      List<Message> context,
      String draft,
      int limit,
      OperatingPoint point,
      Optional<String> conversation) {
    long asked = System.nanoTime();
    Deadline deadline = Deadline.after(options.maxWait());
    // The session first: a thread must not idle while another request holds the conversation.
    try (Turns.Turn turn = turns.take(conversation);
        SessionCache.Lease lease = sessions.lease(context, deadline)) {
      turn.begin(lease);
      try {
        return lease
            .useOpen(session -> atOnce(session, draft, limit, point, asked))
            .orElseGet(
                () -> workers.call(deadline, () -> predict(lease, draft, limit, point, asked)));
      } finally {
        turn.end();
      }
    }
  }

  private static Optional<Prediction> atOnce(
      ReplySession session, String draft, int limit, OperatingPoint point, long asked) {
    long began = System.nanoTime();
    return session
        .suggestAtOnce(draft, limit, point)
        .map(
            suggestions ->
                new Prediction(
                    suggestions,
                    Duration.ofNanos(began - asked),
                    Duration.ZERO,
                    Duration.ofNanos(System.nanoTime() - began),
                    Prediction.Source.KNOWN));
  }

  private static Prediction predict(
      SessionCache.Lease lease, String draft, int limit, OperatingPoint point, long asked) {
    long began = System.nanoTime();
    Prediction.Source source = lease.isOpen() ? Prediction.Source.READ : Prediction.Source.NEW;
    return lease.use(
        session -> {
          long read = System.nanoTime();
          List<Suggestion> suggestions = session.suggest(draft, limit, point);
          return new Prediction(
              suggestions,
              Duration.ofNanos(began - asked),
              Duration.ofNanos(read - began),
              Duration.ofNanos(System.nanoTime() - read),
              source);
        });
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
