package dev.repartee.lab.autoscaling;

import static java.util.Objects.requireNonNullElse;

import dev.repartee.lab.autoscaling.Assumptions.PodSettings;
import dev.repartee.lab.autoscaling.Assumptions.Traffic;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.function.BiConsumer;

/**
 * The process in a pod. Requests at work share it; others wait for a short time and are then
 * refused. Refusals follow the gate of the service: in a burst a request may wait, but after the
 * queue has existed for long, a new request is refused soon.
 */
final class Server {

  /** One request of a client. */
  static final class Request {

    enum End {
      OPEN,
      ANSWERED,
      SHED,
      TIMED_OUT
    }

    private enum Place {
      /** Not accepted: the server still loads, or is dead. */
      NOWHERE,
      WAITING,
      AT_WORK
    }

    private final double arrived;
    private final Traffic.Kind kind;
    private final double share;
    private final long conversation;
    private final int tokensBefore;
    private int readAnew;
    private End end = End.OPEN;
    private Place place = Place.NOWHERE;

    /**
     * A request that arrives now.
     *
     * @param share quantile of its service time, 0 to 1: the same for every system
     * @param tokensBefore tokens of its conversation without its own
     */
    Request(double arrived, Traffic.Kind kind, double share, long conversation, int tokensBefore) {
      this.arrived = arrived;
      this.kind = kind;
      this.share = share;
      this.conversation = conversation;
      this.tokensBefore = tokensBefore;
    }

    long conversation() {
      return conversation;
    }

    /** Tokens that it added to its conversation. */
    int tokens() {
      return kind.tokens();
    }

    /** Tokens before it that its pod had to read, since another one had read them or none. */
    int readAnew() {
      return readAnew;
    }

    double arrived() {
      return arrived;
    }

    End end() {
      return end;
    }

    boolean isOpen() {
      return end == End.OPEN;
    }

    void end(End how) {
      if (!isOpen()) {
        throw new IllegalStateException("a request that is " + end + " cannot become " + how);
      }
      end = how;
    }
  }

  /** {@code endsAt} is a value of {@link #progress}, not a time. */
  private record Work(double endsAt, long order, Request request) {}

  private final PodSettings settings;
  private final EventQueue events;
  private final BiConsumer<Request, Request.End> whenEnded;

  /** Tokens read, by conversation; the one of the latest request is last. */
  private final Map<Long, Integer> read = new LinkedHashMap<>(16, 0.75f, true);

  private int readTokens; // the sum of `read`

  private final PriorityQueue<Work> atWork =
      new PriorityQueue<>(Comparator.comparingDouble(Work::endsAt).thenComparingLong(Work::order));
  private final Deque<Request> waiting = new ArrayDeque<>(); // those that gave up included
  private int inLine; // those of `waiting` that still wait
  private boolean open;
  private boolean dead;
  private double queueSince = Double.NaN;

  /** Seconds of work that each request at work has been given since the start (virtual time). */
  private double progress;

  private double inFlightSeconds;
  private double lastChange;
  private long begun;
  private long plan;

  /**
   * A server that does not answer yet.
   *
   * @param whenEnded is called when a request is answered or refused
   */
  Server(PodSettings settings, EventQueue events, BiConsumer<Request, Request.End> whenEnded) {
    this.settings = settings;
    this.events = events;
    this.whenEnded = whenEnded;
    this.lastChange = events.now();
  }

  /** Loading is done: requests are answered from now on. */
  void open() {
    advance();
    open = true;
  }

  /** The node is lost: nothing is answered from now on. */
  void die() {
    advance();
    dead = true;
    plan++;
  }

  boolean answers() {
    return open && !dead;
  }

  int inFlight() {
    return atWork.size() + inLine;
  }

  /** The integral of {@link #inFlight} over time, until now. */
  double inFlightSeconds() {
    advance();
    return inFlightSeconds;
  }

  void arrive(Request request) {
    if (!answers()) {
      return; // nobody answers, so its client hangs up in the end
    }
    advance();
    if (atWork.size() < settings.slots() && inLine == 0) {
      queueSince = Double.NaN;
      begin(request);
      replan();
      return;
    }
    if (Double.isNaN(queueSince)) {
      queueSince = events.now();
    }
    if (inLine >= settings.queue().places()) {
      whenEnded.accept(request, Request.End.SHED);
      return;
    }
    request.place = Request.Place.WAITING;
    waiting.add(request);
    inLine++;
    boolean overloaded = events.now() - queueSince > settings.queue().burstMs() / 1000;
    double patienceMs =
        overloaded ? settings.queue().patienceOverloadedMs() : settings.queue().patienceMs();
    events.after(patienceMs / 1000, () -> giveUp(request));
  }

  /** The client has hung up. A waiting request is skipped; one at work is finished in vain. */
  void leave(Request request) {
    if (request.place == Request.Place.WAITING) {
      advance();
      inLine--;
    }
  }

  private void giveUp(Request request) {
    if (request.isOpen() && request.place == Request.Place.WAITING && !dead) {
      leave(request);
      whenEnded.accept(request, Request.End.SHED);
    }
  }

  private void begin(Request request) {
    request.place = Request.Place.AT_WORK;
    request.readAnew = read(request);
    double seconds =
        settings.of(request.kind).secondsAt(request.share)
            + request.readAnew * settings.readMsPerToken() / 1000;
    atWork.add(new Work(progress + seconds, begun++, request));
  }

  /** Reads the conversation up to the request; returns how many tokens before it were missing. */
  private int read(Request request) {
    int known = requireNonNullElse(read.get(request.conversation), 0);
    // A request that waited may begin after a later one of its conversation.
    int now = Math.max(known, request.tokensBefore + request.tokens());
    read.put(request.conversation, now);
    readTokens += now - known;
    Iterator<Integer> oldest = read.values().iterator();
    while (readTokens > settings.cacheTokens() && oldest.hasNext()) {
      readTokens -= oldest.next();
      oldest.remove();
    }
    return Math.max(0, request.tokensBefore - known);
  }

  private void finish(long planned) {
    if (planned != plan) {
      return;
    }
    advance();
    Request request = atWork.remove().request();
    if (request.isOpen()) {
      whenEnded.accept(request, Request.End.ANSWERED);
    }
    while (inLine > 0 && atWork.size() < settings.slots()) {
      Request next = waiting.remove();
      if (next.isOpen()) {
        inLine--;
        begin(next);
      }
    }
    if (inLine == 0) {
      waiting.clear();
    }
    if (atWork.isEmpty()) {
      queueSince = Double.NaN;
    }
    replan();
  }

  /** Schedules the next end; whatever was scheduled before no longer counts. */
  private void replan() {
    plan++;
    if (!atWork.isEmpty() && !dead) {
      long planned = plan;
      double left = Math.max(0, atWork.peek().endsAt() - progress);
      events.after(left / speed(), () -> finish(planned));
    }
  }

  /** Progress of each request at work in one second; 1 for a request that is alone. */
  private double speed() {
    return 1 / (1 + settings.slowdown() * (atWork.size() - 1));
  }

  private void advance() {
    double passed = events.now() - lastChange;
    lastChange = events.now();
    inFlightSeconds += passed * inFlight();
    if (!atWork.isEmpty() && !dead) {
      progress += passed * speed();
    }
  }
}
