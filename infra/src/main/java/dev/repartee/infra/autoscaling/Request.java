package dev.repartee.infra.autoscaling;

/** One request of a client, and what became of it. */
final class Request {

  enum End {
    OPEN,
    ANSWERED,
    SHED,
    TIMED_OUT
  }

  /** Where it is in the server that it came to. */
  enum Place {
    /** Nobody has taken it: the server loads, or is dead. */
    NOWHERE,
    WAITING,
    AT_WORK
  }

  private final double arrived;
  private final Traffic.Kind kind;
  private final double share;
  private End end = End.OPEN;
  private Place place = Place.NOWHERE;

  /**
   * A request that arrives now.
   *
   * @param share where its time at work stands among all of its kind, 0 to 1: the same for every
   *     system
   */
  Request(double arrived, Traffic.Kind kind, double share) {
    this.arrived = arrived;
    this.kind = kind;
    this.share = share;
  }

  double arrived() {
    return arrived;
  }

  Traffic.Kind kind() {
    return kind;
  }

  double share() {
    return share;
  }

  End end() {
    return end;
  }

  boolean isOpen() {
    return end == End.OPEN;
  }

  Place place() {
    return place;
  }

  void goTo(Place next) {
    place = next;
  }

  void end(End how) {
    if (!isOpen()) {
      throw new IllegalStateException("a request that is " + end + " cannot become " + how);
    }
    end = how;
  }
}
