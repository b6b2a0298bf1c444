package dev.repartee.lab.autoscaling;

import java.util.PriorityQueue;

/**
 * The clock and the future events of a discrete-event simulation. Times are in seconds; events at
 * the same time run in the order in which they were added.
 */
final class EventQueue {

  private record Event(double at, long order, Runnable action) implements Comparable<Event> {

    @Override
    public int compareTo(Event other) {
      int byTime = Double.compare(at, other.at);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private double now;
  private long added;

  EventQueue(double begin) {
    this.now = begin;
  }

  /** The time of the event that runs now. */
  double now() {
    return now;
  }

  void after(double seconds, Runnable action) {
    at(now + seconds, action);
  }

  void at(double time, Runnable action) {
    if (!(time >= now)) {
      throw new IllegalArgumentException(
          "an event at " + time + " s would be before " + now + " s");
    }
    events.add(new Event(time, added++, action));
  }

  /** Runs the action now, and then once a period for as long as the simulation runs. */
  void every(double seconds, Runnable action) {
    action.run();
    after(seconds, () -> every(seconds, action));
  }

  /** Runs all events up to and including {@code end}. */
  void runUntil(double end) {
    while (!events.isEmpty() && events.peek().at() <= end) {
      Event event = events.remove();
      now = event.at();
      event.action().run();
    }
    now = end;
  }
}
