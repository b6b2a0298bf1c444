package dev.repartee.serving;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;

/**
 * A strict client: a request that its connection accepted must get a complete answer. It opens a
 * new connection only after an answer with {@code Connection: close}.
 */
final class PersistentClient implements AutoCloseable {

  private static final String BODY = "{\"messages\": [], \"limit\": 1}";

  private final URI url;
  private Optional<Socket> connection = Optional.empty();

  /** Connects at the first request. */
  PersistentClient(URI url) {
    this.url = url;
  }

  /**
   * Sends a request for suggestions.
   *
   * @return the status; empty when a new connection is refused
   * @throws IOException when a connection is lost before the answer is complete
   */
  Optional<Integer> ask() throws IOException {
    if (connection.isEmpty()) {
      try {
        connection = Optional.of(new Socket(url.getHost(), url.getPort()));
      } catch (ConnectException refused) {
        return Optional.empty();
      }
    }
    Socket socket = connection.get();
    String request =
        "POST /v1/suggestions HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            .formatted(url.getAuthority(), BODY.length(), BODY);
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    InputStream in = new BufferedInputStream(socket.getInputStream());
    String head = head(in);
    int length = Integer.parseInt(header(head, "content-length").orElseThrow());
    if (in.readNBytes(length).length < length) {
      throw new EOFException("in the middle of the body");
    }
    if (header(head, "connection").orElse("").equals("close")) {
      close();
    }
    return Optional.of(Integer.parseInt(head.split(" ", 3)[1]));
  }

  /** Whether the connection is still open: no answer had {@code Connection: close}. */
  boolean isConnected() {
    return connection.isPresent();
  }

  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("after " + head.size() + " bytes of the head");
      }
      head.write(next);
    }
    return head.toString(StandardCharsets.US_ASCII);
  }

  private static Optional<String> header(String head, String name) {
    return head.lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name + ": "))
        .map(line -> line.substring(name.length() + 2))
        .findFirst();
  }

  @Override
  public void close() throws IOException {
    if (connection.isPresent()) {
      connection.get().close();
      connection = Optional.empty();
    }
  }
}
