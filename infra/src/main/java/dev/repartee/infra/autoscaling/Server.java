package dev.repartee.infra.autoscaling;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;

/**
 * The process in a pod: requests at work share it, others wait for a short while and are refused.
 * Refusals follow the service's own gate: a burst is waited for; where there has been a queue for
 * long, whoever comes is refused soon.
 */
final class Server {

  /** What a request needs is counted on a clock that runs as fast as each one proceeds. */
  private record Work(double endsAt, long order, Request request) {}

  private final PodSettings settings;
  private final EventQueue events;
  private final Outcomes outcomes;
  private final PriorityQueue<Work> atWork =
      new PriorityQueue<>(Comparator.comparingDouble(Work::endsAt).thenComparingLong(Work::order));
  private final Deque<Request> waiting = new ArrayDeque<>();
  private boolean open;
  private boolean dead;
  private int inLine; // those of `waiting` who still do
  private double busySince = Double.NaN;
  private double proceeded;
  private double lastChange;
  private double inFlightSeconds;
  private long begun;
  private long plan;

  Server(PodSettings settings, EventQueue events, Outcomes outcomes) {
    this.settings = settings;
    this.events = events;
    this.outcomes = outcomes;
    this.lastChange = events.now();
  }

  /** Is loaded and answers from now on. */
  void open() {
    advance();
    open = true;
  }

  /** Its node is gone: from now on nobody hears from it. */
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

  /** Requests in flight, summed over all seconds until now. */
  double inFlightSeconds() {
    advance();
    return inFlightSeconds;
  }

  void arrive(Request request) {
    if (!answers()) {
      return; // its client waits for nothing, and hangs up
    }
    advance();
    if (atWork.size() < settings.slots() && inLine == 0) {
      busySince = Double.NaN;
      begin(request);
      replan();
      return;
    }
    if (Double.isNaN(busySince)) {
      busySince = events.now();
    }
    if (inLine >= settings.queue().places()) {
      outcomes.end(request, Request.End.SHED);
      return;
    }
    request.goTo(Request.Place.WAITING);
    waiting.add(request);
    inLine++;
    double patienceMs =
        isOverloaded() ? settings.queue().patienceOverloadedMs() : settings.queue().patienceMs();
    events.after(patienceMs / 1000, () -> giveUp(request));
  }

  /** The client has hung up: one who waits is passed over, one at work is worked for in vain. */
  void leave(Request request) {
    if (request.place() == Request.Place.WAITING) {
      advance();
      inLine--;
    }
  }

  private void giveUp(Request request) {
    if (request.isOpen() && request.place() == Request.Place.WAITING && !dead) {
      leave(request);
      outcomes.end(request, Request.End.SHED);
    }
  }

  private boolean isOverloaded() {
    return events.now() - busySince > settings.queue().burstMs() / 1000;
  }

  private void begin(Request request) {
    request.goTo(Request.Place.AT_WORK);
    double seconds = settings.of(request.kind()).secondsAt(request.share());
    atWork.add(new Work(proceeded + seconds, begun++, request));
  }

  private void beginWaiting() {
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
  }

  private void finish(long planned) {
    if (planned != plan) {
      return;
    }
    advance();
    Request request = atWork.remove().request();
    if (request.isOpen()) {
      outcomes.end(request, Request.End.ANSWERED);
    }
    beginWaiting();
    if (atWork.isEmpty()) {
      busySince = Double.NaN;
    }
    replan();
  }

  /** When the next one ends has changed. */
  private void replan() {
    plan++;
    if (!atWork.isEmpty() && !dead) {
      long planned = plan;
      double left = Math.max(0, atWork.peek().endsAt() - proceeded);
      events.after(left / speed(), () -> finish(planned));
    }
  }

  /** How fast each request at work proceeds; 1 when it is alone. */
  private double speed() {
    return 1 / (1 + settings.slowdown() * (atWork.size() - 1));
  }

  private void advance() {
    double passed = events.now() - lastChange;
    lastChange = events.now();
    inFlightSeconds += passed * inFlight();
    if (!atWork.isEmpty() && !dead) {
      proceeded += passed * speed();
    }
  }
}
