package dev.repartee.finetune.hub;

import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something that goes wrong at the hub or its storage, a number of times.
 *
 * @param path part of the addresses that it strikes
 * @param value the status, or the number of the byte
 */
record HubFault(
    Kind kind, String path, int value, Map<String, String> headers, AtomicInteger left) {

  /** What goes wrong. */
  enum Kind {
    /** Answers with the status, and the headers. */
    STATUS,
    /** Breaks the connection after so many bytes. */
    CUT,
    /** Sends so many bytes and then nothing, without closing the connection. */
    STALL,
    /** Sends another byte at that place of what is sent. */
    WRONG_BYTE,
    /** Sends the whole file when a range was asked for. */
    NO_RANGES,
    /** Sends a web page. */
    PAGE
  }

  static HubFault times(int times, Kind kind, String path, int value) {
    return new HubFault(kind, path, value, Map.of(), new AtomicInteger(times));
  }

  static HubFault always(Kind kind, String path, int value) {
    return times(Integer.MAX_VALUE, kind, path, value);
  }

  HubFault with(String header, String content) {
    return new HubFault(kind, path, value, Map.of(header, content), left);
  }

  boolean strikes(String address) {
    return address.contains(path) && left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }
}
