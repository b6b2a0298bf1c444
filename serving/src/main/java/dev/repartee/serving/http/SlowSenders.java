package dev.repartee.serving.http;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionMetaData;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which a request does not arrive within a bound.
 *
 * <p>Jetty has no such bound. Its idle timeout restarts with every byte, so a client that sends a
 * byte now and then would keep a connection, and after its headers a thread, for as long as it
 * likes. Its minimum data rate ({@code MinimumDataRateHandler}, formerly {@code
 * HttpConfiguration.setMinRequestDataRate}) applies to the content only: it is checked when a
 * handler reads, and no handler runs before the headers are complete (jetty.project issue 1973). A
 * connection on which nothing arrives is left to the idle timeout.
 */
final class SlowSenders extends AbstractLifeCycle {

  /**
   * The time in which a request must arrive, from its first byte to its last; far more than an
   * honest one takes. One without a body must be answered within it, too.
   */
  static final Duration BOUND = Duration.ofSeconds(15);

  /** Of a connection: how many answers were complete when the body that was read last had come. */
  private static final String ARRIVED = SlowSenders.class.getName();

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ServerConnector connector;
  private Map<EndPoint, Arrival> arrivals = new HashMap<>();
  private Scheduler.Task next;

  /** Watches every connection of {@code connector} while it runs. */
  SlowSenders(ServerConnector connector) {
    this.connector = connector;
  }

  /** The body of the request that is handled on a connection has arrived. */
  static void arrived(ConnectionMetaData connection) {
    connection.setAttribute(ARRIVED, connection.getConnection().getMessagesOut());
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

    /** On a new connection everything that arrived belongs to a request, unless one is answered. */
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
        connector.getScheduler().schedule(this::check, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
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
      Arrival arrival = arrivals.get(endPoint);
      if (arrival == null) {
        arrival = Arrival.first(now, connection);
      } else if (!arrival.lasts(connection)) {
        arrival = Arrival.beginning(now, connection);
      }
      if (now - arrival.began() > BOUND.toNanos()) {
        endPoint.close();
      } else {
        lasting.put(endPoint, arrival);
      }
    }
    arrivals = lasting;
    schedule();
  }
}
