package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jetty's connector, with two additions: it closes the connections of slow senders, and it closes
 * its listener at a moment when no connection waits to be accepted.
 *
 * <p>The system completes connections, and receives requests on them, before the server accepts
 * them, and resets the waiting ones when the listener is closed. Jetty's own connector accepts in a
 * blocking call, so that connections can wait for milliseconds when it is closed. No system call
 * closes a listener only if no connection waits, so a gap of some microseconds remains.
 */
final class ServiceConnector extends ServerConnector {

  /**
   * The time in which a request must arrive; far more than an honest one takes. One without a body
   * must be answered within it, too.
   */
  static final Duration ARRIVAL_BOUND = Duration.ofSeconds(15);

  /** Of a connection: how many answers were complete when the body that was read last had come. */
  private static final String ARRIVED = ServiceConnector.class.getName();

  private static final Logger log = LoggerFactory.getLogger(ServiceConnector.class);
  private static final int WARM_UPS = 20;
  private static final Duration PAUSE = Duration.ofMillis(1);
  private static final int MAX_PAUSES = 1000;

  /** Held by the thread that accepts. */
  private final Object accepting = new Object();

  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong opened = new AtomicLong();
  private volatile boolean closing;
  private ServerSocketChannel listener;
  private SelectionKey arrivals;

  ServiceConnector(Server server, HttpConfiguration http) {
    super(server, 1, -1, new HttpConnectionFactory(http));
    addBean(new SlowSenders(this, ARRIVAL_BOUND));
  }

  /** The body of the request that is handled on a connection has arrived. */
  static void arrived(ConnectionMetaData connection) {
    connection.setAttribute(ARRIVED, connection.getConnection().getMessagesOut());
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
    synchronized (accepting) {
      if (!closing) { // or the selector may be closed
        var _ = arrivals.selector().select();
        arrivals.selector().selectedKeys().clear();
        acceptWaiting();
        return;
      }
    }
    LockSupport.parkNanos(PAUSE.toNanos()); // until Jetty ends this thread
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

  /** Loads the classes that close a channel: loading them takes longer than closing. */
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

  /** Jetty waits for the connections that it knows; those just accepted must become known. */
  private void awaitOpened() {
    for (int i = 0; i < MAX_PAUSES && opened.get() < accepted.get() && isRunning(); i++) {
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  /**
   * Closes connections on which a request does not arrive within a bound.
   *
   * <p>Jetty has no such bound. Its idle timeout restarts with every byte, so a client that sends a
   * byte now and then would keep a connection, and after its headers a thread, for as long as it
   * likes. Its minimum data rate ({@code MinimumDataRateHandler}, formerly {@code
   * HttpConfiguration.setMinRequestDataRate}) applies to the content only: it is checked when a
   * handler reads, and no handler runs before the headers are complete (jetty.project issue 1973).
   * A connection on which nothing arrives is left to the idle timeout.
   */
  private static final class SlowSenders extends AbstractLifeCycle {

    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final ServerConnector connector;
    private final Duration bound;
    private Map<EndPoint, Arrival> arrivals = new HashMap<>();
    private Scheduler.Task next;

    /**
     * Watches every connection of {@code connector} while it runs.
     *
     * @param bound time from the first byte of a request to the last one
     */
    SlowSenders(ServerConnector connector, Duration bound) {
      this.connector = requireNonNull(connector, "connector is null");
      this.bound = requireNonNull(bound, "bound is null");
    }

    /**
     * A request that arrives on a connection.
     *
     * @param answered answers on the connection that were complete when it began
     * @param bytesBefore bytes on the connection that had arrived by then
     * @param began when it was first seen, in the time of {@link System#nanoTime}
     */
    private record Arrival(long answered, long bytesBefore, long began) {

      static Arrival beginning(long nanos, Connection connection) {
        return new Arrival(connection.getMessagesOut(), connection.getBytesIn(), nanos);
      }

      /**
       * On a new connection everything that arrived belongs to a request, unless one is answered.
       */
      static Arrival first(long nanos, Connection connection) {
        return connection.getMessagesOut() == 0
            ? new Arrival(0, 0, nanos)
            : beginning(nanos, connection);
      }

      /** Whether bytes arrived since it began, not all of them yet, and it is not answered. */
      boolean lasts(Connection connection) {
        return connection.getMessagesOut() == answered
            && connection.getBytesIn() != bytesBefore
            && !hasArrived(connection);
      }

      private boolean hasArrived(Connection connection) {
        return connection instanceof ConnectionMetaData data
            && data.getAttribute(ARRIVED) instanceof Long before
            && before == answered;
      }
    }

    @Override
    protected synchronized void doStart() {
      schedule();
    }

    @Override
    protected synchronized void doStop() {
      if (next != null) {
        next.cancel();
        next = null;
      }
      arrivals = new HashMap<>();
    }

    private void schedule() {
      next =
          connector
              .getScheduler()
              .schedule(this::check, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private synchronized void check() {
      if (next == null) {
        return;
      }
      long now = System.nanoTime();
      Map<EndPoint, Arrival> lasting = new HashMap<>();
      for (EndPoint endPoint : connector.getConnectedEndPoints()) {
        Connection connection = endPoint.getConnection();
        if (connection == null) {
          continue;
        }
        Arrival known = arrivals.get(endPoint);
        Arrival arrival = known;
        if (known == null) {
          arrival = Arrival.first(now, connection);
        } else if (!known.lasts(connection)) {
          arrival = Arrival.beginning(now, connection);
        }
        if (now - arrival.began() > bound.toNanos()) {
          endPoint.close();
        } else {
          lasting.put(endPoint, arrival);
        }
      }
      arrivals = lasting;
      schedule();
    }
  }
}
