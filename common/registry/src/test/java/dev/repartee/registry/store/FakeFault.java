package dev.repartee.registry.store;

import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Something that goes wrong with the next requests that match. */
record FakeFault(Predicate<String> requestLine, Kind kind, int value, AtomicInteger left) {

  /** What goes wrong. */
  enum Kind {
    /** The request is answered with a status and does nothing. */
    REFUSE,
    /** The request is carried out and then answered with a status. */
    REFUSE_AFTER_COMMIT,
    /** The connection breaks after some bytes of the body. */
    TRUNCATE,
    /** One bit in the middle of the body is flipped. */
    CORRUPT
  }

  static FakeFault refuse(Predicate<String> requestLine, int status, int times) {
    return new FakeFault(requestLine, Kind.REFUSE, status, new AtomicInteger(times));
  }

  static FakeFault refuseAfterCommit(Predicate<String> requestLine, int status, int times) {
    return new FakeFault(requestLine, Kind.REFUSE_AFTER_COMMIT, status, new AtomicInteger(times));
  }

  static FakeFault truncate(Predicate<String> requestLine, int bytes, int times) {
    return new FakeFault(requestLine, Kind.TRUNCATE, bytes, new AtomicInteger(times));
  }

  static FakeFault corrupt(Predicate<String> requestLine, int times) {
    return new FakeFault(requestLine, Kind.CORRUPT, 0, new AtomicInteger(times));
  }

  /** Whether it strikes this request, which then counts. */
  boolean strikes(String line) {
    return requestLine.test(line) && left.getAndDecrement() > 0;
  }

  /** The status that replaces the request's own. */
  OptionalInt status() {
    return switch (kind) {
      case REFUSE, REFUSE_AFTER_COMMIT -> OptionalInt.of(value);
      case TRUNCATE, CORRUPT -> OptionalInt.empty();
    };
  }
}
