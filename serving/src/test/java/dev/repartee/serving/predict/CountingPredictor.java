package dev.repartee.serving.predict;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A predictor without a model, for tests of the service around it. It counts its sessions, and the
 * misuses of a session by two threads or after its close. Each prediction runs the action of {@link
 * #onAnswer}.
 */
public final class CountingPredictor extends FakeEngine {

  public final AtomicInteger opened = new AtomicInteger();
  public final AtomicInteger open = new AtomicInteger();
  public final AtomicInteger mostOpen = new AtomicInteger();
  public final AtomicInteger working = new AtomicInteger();
  public final AtomicInteger mostWorking = new AtomicInteger();
  public final AtomicInteger misuses = new AtomicInteger();
  public final AtomicInteger cancelled = new AtomicInteger();
  public final AtomicInteger declined = new AtomicInteger();

  /** Those for whom sessions were opened; empty texts where the agent was not known. */
  public final List<String> agents = new CopyOnWriteArrayList<>();

  /** How often it was to give back memory. */
  public final AtomicInteger released = new AtomicInteger();

  public final AtomicBoolean closed = new AtomicBoolean();

  /** What sessions know without a pass of the model; empty unless a test sets it. */
  public volatile Optional<Known> known = Optional.empty();

  /** The thread that asked last what is known. */
  public volatile Thread knownAsker = Thread.currentThread();

  /** Drafts that were read. */
  public final BlockingQueue<String> read = new LinkedBlockingQueue<>();

  /** The memory of each session from now on. */
  public final AtomicInteger sessionBytes = new AtomicInteger(100);

  private final AtomicInteger knowledge = new AtomicInteger();
  private volatile Runnable onAnswer = () -> {};

  /** Runs {@code action} within every prediction from now on. */
  public void onAnswer(Runnable action) {
    onAnswer = action;
  }

  @Override
  public Session open(List<Message> context, Desk desk) {
    agents.add(desk.agentId().orElse(""));
    opened.incrementAndGet();
    mostOpen.accumulateAndGet(open.incrementAndGet(), Math::max);
    return new CountingSession();
  }

  @Override
  public void releaseUnused() {
    released.incrementAndGet();
  }

  @Override
  public void close() {
    if (open.get() != 0 || !closed.compareAndSet(false, true)) {
      misuses.incrementAndGet();
    }
  }

  /** Sessions that were opened before know less than those that are opened now. */
  public void learn() {
    knowledge.incrementAndGet();
  }

  private final class CountingSession extends FakeSession {
    private final int knows = knowledge.get();
    private final AtomicBoolean inUse = new AtomicBoolean();
    private volatile Display display = Display.EAGER;
    private volatile boolean ended;
    private volatile boolean isCancelled;

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      begin();
      try {
        onAnswer.run();
        return IntStream.range(0, limit)
            .mapToObj(i -> Suggestion.answer("a" + i, draft + "answer " + i, 1.0 / (i + 1)))
            .toList();
      } finally {
        end();
      }
    }

    @Override
    public Session at(Display other) {
      display = other;
      return this;
    }

    /** Empty at the calm point, so that a test sees which point was requested. */
    @Override
    public Optional<Suggestion> complete(String draft) {
      return display.equals(Display.CALM)
          ? Optional.empty()
          : Optional.of(Suggestion.completion(" completed", 0.5));
    }

    @Override
    public Optional<Known> suggestKnown(String draft, int limit) {
      knownAsker = Thread.currentThread();
      return known;
    }

    @Override
    public void read(String draft) {
      if (draft.isEmpty()) {
        return;
      }
      begin();
      read.add(isCancelled ? "cancelled" : draft);
      try {
        onAnswer.run();
      } finally {
        end();
      }
    }

    @Override
    public void cancel() {
      isCancelled = true;
      cancelled.incrementAndGet();
    }

    @Override
    public void resume() {
      isCancelled = false;
    }

    @Override
    public void decline() {
      declined.incrementAndGet();
    }

    @Override
    public boolean isCurrent() {
      return knows == knowledge.get();
    }

    @Override
    public long bytes() {
      return sessionBytes.get();
    }

    private void begin() {
      mostWorking.accumulateAndGet(working.incrementAndGet(), Math::max);
      if (ended || !inUse.compareAndSet(false, true)) {
        misuses.incrementAndGet();
      }
    }

    private void end() {
      working.decrementAndGet();
      inUse.set(false);
    }

    @Override
    public void close() {
      if (ended || inUse.get() || closed.get()) {
        misuses.incrementAndGet();
      }
      ended = true;
      open.decrementAndGet();
    }
  }
}
