import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Connections that stay open, with the little HTTP/1.1 that posting JSON takes. The JDK's client
 * costs ten milliseconds a request on a small machine, which it takes from the service beside it.
 */
final class Connections {

  private final URI server;
  private final String path;
  private final String key;
  private final Duration patience;
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

  /** What was answered; the body is empty unless the status is 200. */
  record Answer(int status, String body) {}

  /** {@code key} is sent as the API key, unless it is empty. */
  Connections(URI server, String path, String key, Duration patience) {
    this.server = server;
    this.path = path;
    this.key = key;
    this.patience = patience;
  }

  /**
   * Posts JSON and waits for the whole answer.
   *
   * @param conversation by which a load balancer may choose an instance
   * @throws IOException when none came in time
   */
  Answer post(String json, String conversation) throws IOException {
    byte[] request = request(json.getBytes(StandardCharsets.UTF_8), conversation);
    Connection connection = idle.pollFirst();
    if (connection != null) {
      try {
        return exchange(connection, request);
      } catch (EOFException closed) {
        // Nothing came back: the server had closed what had been idle. As any client, again.
      }
    }
    return exchange(new Connection(server, patience), request);
  }

  private Answer exchange(Connection connection, byte[] request) throws IOException {
    try {
      Answer answer = connection.exchange(request);
      if (connection.isReusable()) {
        idle.addFirst(connection);
      } else {
        connection.close();
      }
      return answer;
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  private byte[] request(byte[] body, String conversation) {
    byte[] head =
        ("POST "
                + path
                + " HTTP/1.1\r\nHost: "
                + server.getAuthority()
                + "\r\n"
                + (key.isEmpty() ? "" : "X-API-Key: " + key + "\r\n")
                + "Repartee-Conversation: "
                + conversation
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length
                + "\r\n\r\n")
            .getBytes(StandardCharsets.US_ASCII);
    byte[] request = new byte[head.length + body.length];
    System.arraycopy(head, 0, request, 0, head.length);
    System.arraycopy(body, 0, request, head.length, body.length);
    return request;
  }

  /** One connection, used by one thread at a time. */
  private static final class Connection implements AutoCloseable {
    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private boolean reusable = true;

    Connection(URI server, Duration patience) throws IOException {
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) patience.toMillis());
      socket.connect(
          new InetSocketAddress(server.getHost(), server.getPort()), (int) patience.toMillis());
      in = new BufferedInputStream(socket.getInputStream());
      out = socket.getOutputStream();
    }

    boolean isReusable() {
      return reusable;
    }

    Answer exchange(byte[] request) throws IOException {
      try {
        out.write(request);
      } catch (IOException e) {
        throw new EOFException(e.toString());
      }
      String status = line();
      int length = -1;
      boolean chunked = false;
      for (String header = line(); !header.isEmpty(); header = line()) {
        String lower = header.toLowerCase(Locale.ROOT);
        if (lower.startsWith("content-length:")) {
          length = Integer.parseInt(header.substring(15).strip());
        } else if (lower.startsWith("transfer-encoding:")) {
          chunked = lower.contains("chunked");
        } else if (lower.equals("connection: close")) {
          reusable = false;
        }
      }
      byte[] body;
      if (chunked) {
        body = chunks();
      } else if (length >= 0) {
        body = in.readNBytes(length);
      } else {
        throw new IOException("an answer of unknown length");
      }
      int code = Integer.parseInt(status.split(" ", 3)[1]);
      return new Answer(code, code == 200 ? new String(body, StandardCharsets.UTF_8) : "");
    }

    private byte[] chunks() throws IOException {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      for (int size = chunkSize(); ; size = chunkSize()) {
        body.write(in.readNBytes(size));
        String end = line();
        if (size == 0) {
          return body.toByteArray();
        }
        if (!end.isEmpty()) {
          throw new IOException("a chunk without its end");
        }
      }
    }

    private int chunkSize() throws IOException {
      return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new EOFException("closed without an answer");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
