package dev.repartee.finetune.hub;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/** Sends a file or a part of it, or what goes wrong instead. */
final class FakeAnswer {

  private FakeAnswer() {}

  /** Whether {@code fault} needs no file, and so has been answered. */
  static boolean failed(HttpExchange exchange, HubFault fault) throws IOException {
    fault.headers().forEach(exchange.getResponseHeaders()::set);
    switch (fault.kind()) {
      case STATUS -> exchange.sendResponseHeaders(fault.value(), -1);
      case PAGE -> {
        exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
        byte[] page = "<html>Please log in</html>".getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, page.length);
        exchange.getResponseBody().write(page);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /**
   * Sends {@code content} as far as {@code fault} lets it.
   *
   * @param closed counted down when the double is closed, until which a stalled answer waits
   */
  static void send(
      HttpExchange exchange, byte[] content, Optional<HubFault> fault, CountDownLatch closed)
      throws IOException {
    Optional<HubFault.Kind> kind = fault.map(HubFault::kind);
    int from = kind.equals(Optional.of(HubFault.Kind.NO_RANGES)) ? 0 : firstByte(exchange);
    byte[] sent = Arrays.copyOfRange(content, from, content.length);
    int count = sent.length;
    if (kind.equals(Optional.of(HubFault.Kind.WRONG_BYTE))) {
      sent[fault.get().value()] ^= 1;
    } else if (kind.equals(Optional.of(HubFault.Kind.CUT))
        || kind.equals(Optional.of(HubFault.Kind.STALL))) {
      count = Math.min(count, fault.get().value());
    }
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set(
              "Content-Range",
              "bytes %d-%d/%d".formatted(from, content.length - 1, content.length));
    }
    boolean head = exchange.getRequestMethod().equals("HEAD");
    if (head) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(sent.length));
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, head || sent.length == 0 ? -1 : sent.length);
    if (!head) {
      exchange.getResponseBody().write(sent, 0, count);
      exchange.getResponseBody().flush();
    }
    if (kind.equals(Optional.of(HubFault.Kind.STALL))) {
      awaitClose(closed);
    }
  }

  private static void awaitClose(CountDownLatch closed) {
    try {
      closed.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static int firstByte(HttpExchange exchange) {
    String range = FakeHub.Seen.header(exchange, "Range");
    return range.isEmpty() ? 0 : Integer.parseInt(range.replaceAll("bytes=(\\d+)-", "$1"));
  }
}
