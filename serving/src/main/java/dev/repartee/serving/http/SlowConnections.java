package dev.repartee.serving.http;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;

/**
 * Closes connections on which a request does not arrive within a bound. Jetty's own idle timeout
 * begins anew with every byte, so a client that trickles would hold a connection, and once its
 * headers are there a thread, for as long as it likes. A connection on which nothing arrives is
 * left to that timeout.
 */
final class SlowConnections extends AbstractLifeCycle {

  private static final Duration INTERVAL = Duration.ofSeconds(1);

  private final ServerConnector connector;
  private final Duration bound;
  private Map<EndPoint, Exchange> exchanges = new HashMap<>();
  private Scheduler.Task next;

  /**
   * Watches every connection of {@code connector} while it runs.
   *
   * @param bound time from the first byte of a request to its answer, as long as bytes arrive
   */
  SlowConnections(ServerConnector connector, Duration bound) {
    this.connector = requireNonNull(connector, "connector is null");
    this.bound = requireNonNull(bound, "bound is null");
  }

  /**
   * What goes on on a connection.
   *
   * @param answered answers that were complete when it began
   * @param restingBytes bytes that had arrived by then
   * @param began when it was first seen
   */
  private record Exchange(long answered, long restingBytes, long began) {

    /** This one while it lasts, or else the one that follows. */
    Exchange at(long nanos, Connection connection) {
      boolean lasts =
          connection.getMessagesOut() == answered && connection.getBytesIn() != restingBytes;
      return lasts ? this : beginning(nanos, connection);
    }

    static Exchange beginning(long nanos, Connection connection) {
      return new Exchange(connection.getMessagesOut(), connection.getBytesIn(), nanos);
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
    exchanges = new HashMap<>();
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
    Map<EndPoint, Exchange> lasting = new HashMap<>();
    for (EndPoint endPoint : connector.getConnectedEndPoints()) {
      Connection connection = endPoint.getConnection();
      if (connection == null) {
        continue;
      }
      Exchange known = exchanges.get(endPoint);
      Exchange exchange =
          known == null ? Exchange.beginning(now, connection) : known.at(now, connection);
      if (now - exchange.began() > bound.toNanos()) {
        endPoint.close();
      } else {
        lasting.put(endPoint, exchange);
      }
    }
    exchanges = lasting;
    schedule();
  }
}
