package dev.repartee.serving.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes its listener when nobody waits to be accepted. The system takes connections, and the
 * requests on them, before the server accepts them, and resets those that it has when the listener
 * is closed; Jetty's own connector, which waits for connections in a blocking call, leaves it
 * milliseconds to have some. No call closes a listener only if nobody waits, so that some
 * microseconds remain.
 */
final class DrainingConnector extends ServerConnector {

  private static final Logger log = LoggerFactory.getLogger(DrainingConnector.class);
  private static final int WARM_UPS = 20;
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final int MOST_PAUSES = 1000;

  /** Held by the thread that accepts. */
  private final Object accepting = new Object();

  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();
  private volatile boolean closing;
  private ServerSocketChannel listener;
  private SelectionKey arrivals;

  DrainingConnector(Server server, HttpConfiguration http) {
    super(server, 1, -1, new HttpConnectionFactory(http));
  }

  @Override
  public void open(ServerSocketChannel channel) throws IOException {
    super.open(channel);
    listener = channel;
    var _ = listener.configureBlocking(false);
    arrivals = listener.register(Selector.open(), SelectionKey.OP_ACCEPT);
  }

  @Override
  public void accept(int acceptorId) throws IOException {
    if (closing) {
      LockSupport.parkNanos(PAUSE.toNanos()); // until Jetty ends this thread
      return;
    }
    synchronized (accepting) {
      var _ = arrivals.selector().select();
      arrivals.selector().selectedKeys().clear();
      acceptWaiting();
    }
  }

  private void acceptWaiting() throws IOException {
    for (SocketChannel socket = listener.accept(); socket != null; socket = listener.accept()) {
      var _ = socket.configureBlocking(false);
      configure(socket.socket());
      accepted.incrementAndGet();
      getSelectorManager().accept(socket);
    }
  }

  @Override
  protected void onEndPointOpened(EndPoint endPoint) {
    super.onEndPointOpened(endPoint);
    opened.incrementAndGet();
  }

  @Override
  public void close() {
    if (listener != null && listener.isOpen()) {
      closing = true;
      warmUp();
      try (Selector selector = arrivals.selector()) {
        var _ = selector.wakeup();
        synchronized (accepting) {
          arrivals.cancel();
          var _ = selector.selectNow(); // a listener with a key would be closed later
          if (isRunning()) {
            acceptWaiting();
          }
          listener.close();
        }
      } catch (IOException e) {
        throw new UncheckedIOException("the listener cannot be closed", e);
      }
      awaitOpened();
    }
    super.close();
  }

  /** Has the classes loaded by which a channel is closed: that takes longer than to close it. */
  private static void warmUp() {
    try {
      for (int i = 0; i < WARM_UPS; i++) {
        try (Selector selector = Selector.open();
            ServerSocketChannel channel = ServerSocketChannel.open()) {
          var _ = channel.configureBlocking(false);
          channel.register(selector, SelectionKey.OP_ACCEPT).cancel();
          var _ = selector.selectNow();
        }
      }
    } catch (IOException e) {
      log.debug("closes a little later", e);
    }
  }

  /** Jetty waits for the connections that it knows, which those just accepted must become. */
  private void awaitOpened() {
    for (int i = 0; i < MOST_PAUSES && opened.get() < accepted.get() && isRunning(); i++) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }
}
