package dev.repartee.serving.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.LearnedReplies;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.serving.model.ModelLoader.PredictorLoader;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.serving.predict.ReplyContext;
import dev.repartee.text.TextNorm;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.MessageJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns the replies that agents type while the service runs. What may be learned of a reply is
 * stored with its feedback; every service of a store then reads all of it from there, its own too,
 * so that all learn the same. A thread of its own does so, and lets requests go first.
 */
final class Learner implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Learner.class);

  /** Memory for what was learned, about. */
  private static final long MAX_BYTES = 32L << 20;

  /** Of a conversation, before the reply. */
  private static final int MOST_MESSAGES = 20;

  private static final int MOST_CONTEXT = 4000; // characters

  private static final Pattern NAME = Pattern.compile("[a-z0-9_]+"); // of a placeholder

  /** A longer reply is hardly one that others will send. */
  private static final int LONGEST_REPLY = 1000;

  /** After this time a new version takes over, and goes on reading then. */
  private static final Duration LONGEST_LESSON = Duration.ofSeconds(30);

  private static final Duration NOT_DONE = Duration.ofMillis(50);
  private static final Duration END = Duration.ofSeconds(3);

  private final ObjectStore store;
  private final StoreSalt salt;
  private final LearnOptions options;
  private final ServiceMetrics metrics;
  private final LearnedReplies replies;
  private Optional<SegmentFollower> follower = Optional.empty();
  private String complaint = "";
  private Optional<ServiceState> state = Optional.empty();
  private Optional<Thread> thread = Optional.empty();
  private volatile boolean closed;

  // What was taught last, used by the thread only.
  private List<Lesson> lessons = List.of();
  private boolean done; // until the next look

  /**
   * What a model was taught.
   *
   * @param version of what it was
   * @param read whether it read all of it
   */
  private record Lesson(Predictions pupil, long version, boolean read) {}

  /**
   * @param store of the feedback; the caller closes it, after this
   * @param salt which this finds
   */
  Learner(ObjectStore store, StoreSalt salt, LearnOptions options, ServiceMetrics metrics) {
    this.store = requireNonNull(store, "store is null");
    this.salt = requireNonNull(salt, "salt is null");
    this.options = options;
    this.metrics = metrics;
    this.replies = new LearnedReplies(MAX_BYTES, options.keep());
    metrics.gaugeLearned(replies::size);
  }

  /** Starts to learn, for the model that serves. */
  synchronized void start(ServiceState serving) {
    state = Optional.of(serving);
    thread = Optional.of(Thread.ofPlatform().daemon().name("learner").start(() -> run(serving)));
  }

  /** How much was learned. */
  LearnedReplies.Size size() {
    return replies.size();
  }

  // What may be learned of a reply

  /**
   * What is to be stored to learn from a reply; empty when nothing is to be learned: an accepted
   * suggestion are the model's own words.
   *
   * @param caller whose conversation it is
   * @param sender the agent whose feedback it is; where that is not known, the one for whom
   *     suggestions were asked for counts
   */
  Optional<Typed> typed(FeedbackRequest request, String caller, Optional<String> sender) {
    if (!request.byHand()) {
      return refused("accepted");
    }
    if (request.finalText().isBlank() || request.finalText().length() > LONGEST_REPLY) {
      return refused("length");
    }
    Optional<Predictions> predictions =
        serving().stream()
            .flatMap(one -> one.models().stream().map(ServedModel::predictions))
            .filter(one -> one.context(caller, request.conversationId()).isPresent())
            .findFirst();
    Optional<ReplyContext> context =
        predictions.flatMap(one -> one.context(caller, request.conversationId()));
    if (context.isEmpty()) {
      return refused("context");
    }
    Optional<String> agentId = sender.or(context.get().desk()::agentId);
    Optional<String> agent = agentId.flatMap(salt::pseudonym);
    if (agentId.isPresent() && agent.isEmpty()) {
      return refused("salt");
    }
    if (replies.isForgotten(agent, request.conversationId())) {
      return refused("forgotten");
    }
    List<Message> messages = new ArrayList<>(before(context.get().messages(), request.finalText()));
    messages.add(Message.agent(request.finalText()));
    List<Message> redacted = predictions.get().redact(messages, context.get().desk());
    return Optional.of(
        new Typed(
            agent,
            latest(redacted.subList(0, redacted.size() - 1)).stream().map(MessageJson::of).toList(),
            redacted.getLast().text()));
  }

  private Optional<Typed> refused(String reason) {
    metrics.learnRefused(reason);
    return Optional.empty();
  }

  /** What a service learns from a record. */
  private static Optional<LearnedReplies.Reply> learned(FeedbackRecord record) {
    return record
        .learn()
        .filter(_ -> !record.time().isEmpty()) // nobody knows when it would be too old
        .map(
            typed ->
                new LearnedReplies.Reply(
                    record.key(),
                    Instant.parse(record.time()),
                    record.conversationId(),
                    record.caller().orElse(""),
                    typed.agent(),
                    typed.context().stream().map(MessageJson::message).toList(),
                    typed.text()));
  }

  /** Without the reply itself, where the desk has asked for the next one already. */
  private static List<Message> before(List<Message> messages, String reply) {
    int last = messages.size() - 1;
    while (last >= 0 && !messages.get(last).isAgent()) {
      last--;
    }
    return last >= 0 && messages.get(last).text().strip().equals(reply.strip())
        ? messages.subList(0, last)
        : messages;
  }

  static List<Message> latest(List<Message> messages) {
    List<Message> latest = new ArrayList<>();
    int left = MOST_CONTEXT;
    for (Message message : messages.reversed()) {
      if (left <= 0 || latest.size() == MOST_MESSAGES) {
        break;
      }
      String text = message.text();
      latest.addFirst(text.length() <= left ? message : message.withText(end(text, left)));
      left -= text.length();
    }
    return latest;
  }

  /** The last characters of a text, and no half of a character or placeholder. */
  private static String end(String text, int most) {
    int start = text.length() - TextNorm.ending(text, most).length();
    int opened = text.lastIndexOf('{', start - 1);
    int closed = text.indexOf('}', start);
    boolean cut =
        opened >= 0 && closed >= 0 && NAME.matcher(text.substring(opened + 1, closed)).matches();
    return text.substring(cut ? closed + 1 : start);
  }

  // The thread

  private synchronized Optional<ServiceState> serving() {
    return state;
  }

  private void run(ServiceState serving) {
    while (!closed) {
      try {
        poll(serving);
        complaint = "";
      } catch (UserException e) {
        complain(e.getMessage());
      } catch (RuntimeException | Error e) {
        // Not its message, which may quote a record.
        complain(e.getClass().getName());
      }
      try {
        Thread.sleep(done ? options.interval() : NOT_DONE);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void complain(String why) {
    if (!why.equals(complaint) && !closed) {
      log.warn("learning waits: {}", why);
      complaint = why;
    }
  }

  private void poll(ServiceState serving) {
    Optional<ServedModel> model = serving.now().model();
    done = model.isPresent(); // until then it looks often
    if (model.isPresent()) {
      try {
        salt.find();
        forget();
        look(model.get().info().identity().name());
      } finally {
        replies.expire(Instant.now());
        teach(serving);
      }
    }
  }

  private void forget() {
    List<String> agents =
        options.agents().stream().flatMap(id -> salt.pseudonym(id).stream()).toList();
    replies.forget(agents, options.conversations());
  }

  private void look(String model) {
    if (follower.isEmpty() || !follower.get().follows(model)) {
      follower = Optional.of(new SegmentFollower(store, model));
    }
    Instant now = Instant.now();
    follower
        .get()
        .look(
            now,
            () -> replies.horizon(now),
            record -> learned(record).ifPresent(reply -> replies.add(reply, now)),
            replies::drop);
  }

  private void teach(ServiceState serving) {
    List<Lesson> taught = new ArrayList<>();
    for (ServedModel model : serving.models()) {
      serving.use(model).ifPresent(use -> taught.add(teach(serving, use)));
    }
    lessons = taught;
    done = taught.stream().allMatch(Lesson::read);
  }

  /** Reads until the next look is due, or other models serve. */
  private Lesson teach(ServiceState serving, ServedModel.Use use) {
    try (use) {
      Predictions pupil = use.model().predictions();
      LearnedReplies.Shown shown = replies.shown(salt.now().orElse(""));
      Lesson whole = new Lesson(pupil, shown.version(), true);
      if (lessons.contains(whole)) {
        return whole;
      }
      long until = System.nanoTime() + options.interval().toNanos();
      BooleanSupplier goOn =
          () ->
              !closed
                  && System.nanoTime() < until
                  && serving.models().stream().anyMatch(model -> model.equals(use.model()));
      return pupil.learn(shown, goOn) ? whole : new Lesson(pupil, shown.version(), false);
    }
  }

  /**
   * What {@code loader} makes, having learned what is known by then: a new version is to know it
   * before it takes over.
   */
  PredictorLoader teaching(PredictorLoader loader) {
    return folder -> {
      ReplyPredictor predictor = loader.load(folder);
      long until = System.nanoTime() + LONGEST_LESSON.toNanos();
      BooleanSupplier goOn =
          () -> {
            serving()
                .flatMap(one -> one.now().model())
                .ifPresent(model -> model.predictions().giveWay());
            return !closed && System.nanoTime() < until && !Thread.currentThread().isInterrupted();
          };
      try {
        var _ = predictor.learn(replies.shown(salt.now().orElse("")), goOn);
        return predictor;
      } catch (RuntimeException | Error e) {
        predictor.close();
        throw e;
      }
    };
  }

  /** Ends the thread; before the model is closed. */
  @Override
  public void close() {
    closed = true;
    Optional<Thread> running;
    synchronized (this) {
      running = thread;
    }
    if (running.isEmpty()) {
      return;
    }
    Threads.interrupt(running.get());
    try {
      if (!running.get().join(END)) {
        log.warn("learning did not end within {} s", END.toSeconds());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
