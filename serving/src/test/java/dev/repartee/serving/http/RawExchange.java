package dev.repartee.serving.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sends raw bytes on a new connection and reads until the server closes it. An HTTP client would
 * refuse to send most hostile requests.
 */
final class RawExchange {

  /** The server accepted no connection. */
  static final int UNREACHABLE = -2;

  /** No answer, and the connection is still open. */
  static final int HUNG = -1;

  /** Closed without an answer. */
  static final int CLOSED = 0;

  /** The status of the final answer, not of a 100 that only asks for the body. */
  private static final Pattern STATUS = Pattern.compile("(?m)^HTTP/1\\.[01] ([2-5]\\d\\d)");

  private static final int MOST_ANSWER_BYTES = 1 << 20;

  private RawExchange() {}

  /**
   * A request as bytes.
   *
   * @param name its kind, for messages of failures
   * @param bytes the whole request
   * @param cutOff whether the client ends its side of the connection after the last byte
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Hostile(String name, byte[] bytes, boolean cutOff) {

    @Override
    public String toString() {
      int shown = Math.min(bytes.length, 500);
      return name + ": " + new String(bytes, 0, shown, StandardCharsets.ISO_8859_1);
    }
  }

  /**
   * The result of a request.
   *
   * @param status of the first answer, or one of the constants above
   * @param text everything that was received
   */
  record Outcome(int status, String text) {}

  /** Sends a request, and reads until the server closes the connection. */
  static Outcome send(URI server, Hostile request, Duration bound) {
    try (Socket socket = connect(server, bound)) {
      // A server may answer and close before it received everything, so writing must not block
      // reading.
      Thread.startVirtualThread(() -> write(socket, request));
      return outcome(socket, bound);
    } catch (IOException e) {
      return new Outcome(UNREACHABLE, e.toString());
    }
  }

  private static void write(Socket socket, Hostile request) {
    try {
      OutputStream out = socket.getOutputStream();
      out.write(request.bytes());
      out.flush();
      if (request.cutOff()) {
        socket.shutdownOutput();
      }
    } catch (IOException refused) {
      // The other thread reads the answer.
    }
  }

  /**
   * Sends {@code begin}, then {@code drop} again and again, until the server closes.
   *
   * @return how long that took; at most about {@code bound}
   */
  static Duration trickle(URI server, byte[] begin, byte[] drop, Duration bound) {
    long began = System.nanoTime();
    try (Socket socket = connect(server, Duration.ofMillis(500))) {
      OutputStream out = socket.getOutputStream();
      out.write(begin);
      while (System.nanoTime() - began < bound.toNanos()) {
        out.write(drop);
        if (isClosed(socket)) {
          break;
        }
      }
    } catch (IOException closed) {
      // The expected end.
    }
    return Duration.ofNanos(System.nanoTime() - began);
  }

  private static boolean isClosed(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException open) {
      return false;
    }
  }

  private static Socket connect(URI server, Duration timeout) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort());
    socket.setSoTimeout((int) timeout.toMillis());
    return socket;
  }

  private static Outcome outcome(Socket socket, Duration bound) {
    ByteArrayOutputStream answer = new ByteArrayOutputStream();
    long began = System.nanoTime();
    try {
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[8192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        answer.write(buffer, 0, read);
        if (answer.size() > MOST_ANSWER_BYTES || System.nanoTime() - began > bound.toNanos()) {
          return new Outcome(HUNG, text(answer));
        }
      }
    } catch (SocketTimeoutException e) {
      return new Outcome(HUNG, text(answer));
    } catch (IOException reset) {
      // What was received before the reset counts.
    }
    Matcher status = STATUS.matcher(text(answer));
    return new Outcome(status.find() ? Integer.parseInt(status.group(1)) : CLOSED, text(answer));
  }

  private static String text(ByteArrayOutputStream answer) {
    return answer.toString(StandardCharsets.ISO_8859_1);
  }
}
