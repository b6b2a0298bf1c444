package dev.repartee.lab.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.lab.autoscaling.Assumptions.PodSettings;
import dev.repartee.lab.autoscaling.Assumptions.ServiceTime;
import dev.repartee.lab.autoscaling.Assumptions.Traffic;
import dev.repartee.lab.autoscaling.Server.Request;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Queues beside what queueing theory says of them. */
@Tag("slow")
class ServerTest {

  private static final Traffic.Kind KIND = new Traffic.Kind("message", 60, 30);
  private static final double HOUR_MS = 3_600_000;

  private final EventQueue events = new EventQueue(0);
  private final List<Request> ended = new ArrayList<>();
  private double latencies;

  private Server server(int slots, double slowdown, PodSettings.Queue queue, ServiceTime time) {
    Server server =
        new Server(
            new PodSettings(slots, slowdown, queue, Map.of("message", time), 10, 100),
            events,
            (request, how) -> {
              request.end(how);
              ended.add(request);
              latencies += how == Request.End.ANSWERED ? events.now() - request.arrived() : 0;
            });
    server.open();
    return server;
  }

  private static PodSettings.Queue endless() {
    return new PodSettings.Queue(1_000_000, HOUR_MS, HOUR_MS, HOUR_MS);
  }

  private static ServiceTime always(double ms) {
    return ServiceTime.of(Map.of(0.0, ms, 100.0, ms));
  }

  /** Quantiles of the exponential distribution, close enough for its mean and its variance. */
  private static ServiceTime exponential(double meanMs) {
    Map<Double, Double> quantiles = new TreeMap<>();
    for (int i = 0; i < 1000; i++) {
      quantiles.put(i / 10.0, -StrictMath.log(1 - i / 1000.0) * meanMs);
    }
    quantiles.put(99.99, -StrictMath.log(0.0001) * meanMs);
    quantiles.put(100.0, 14 * meanMs);
    return ServiceTime.of(quantiles);
  }

  /** Poisson arrivals at a rate, so many of them; the mean time from arrival to answer. */
  private double meanLatency(Server server, double perSecond, int count) {
    SplittableRandom random = new SplittableRandom(7);
    double time = 0;
    for (int i = 0; i < count; i++) {
      time -= StrictMath.log(1 - random.nextDouble()) / perSecond;
      Request request = new Request(time, KIND, random.nextDouble(), 1, 0);
      events.at(time, () -> server.arrive(request));
    }
    events.runUntil(time + 1000);
    return latencies / count;
  }

  /** M/D/1: waiting is rho / (2 (1 - rho)) service times, here 1.167 of them. */
  @Test
  void oneSlotOfConstantTimeWaitsAsMD1() {
    double mean = meanLatency(server(1, 0, endless(), always(100)), 7, 200_000);
    assertThat(mean).isCloseTo(0.1 * (1 + 0.7 / (2 * 0.3)), within(0.006));
  }

  /** M/M/4 at rho 0.75: Erlang C is 0.5094, so waiting is 0.5094 of a service time. */
  @Test
  void fourSlotsOfExponentialTimeWaitAsMM4() {
    double mean = meanLatency(server(4, 0, endless(), exponential(100)), 30, 300_000);
    assertThat(mean).isCloseTo(0.1 * (1 + 0.5094), within(0.005));
  }

  /** M/G/1 with processor sharing: 1 / (1 - rho) service times, whatever their distribution. */
  @Test
  void sharingTakesTimeAsProcessorSharing() {
    double mean = meanLatency(server(1000, 1, endless(), always(100)), 6, 200_000);
    assertThat(mean).isCloseTo(0.1 / 0.4, within(0.01));
  }

  @Test
  void aFullQueueRefuses() {
    Server server = server(1, 0, new PodSettings.Queue(2, HOUR_MS, HOUR_MS, HOUR_MS), always(100));
    for (int i = 0; i < 5; i++) {
      server.arrive(new Request(0, KIND, 0.5, 1, 0));
    }
    events.runUntil(10);
    assertThat(count(Request.End.SHED)).isEqualTo(2);
    assertThat(count(Request.End.ANSWERED)).isEqualTo(3);
  }

  /** The service's gate: 200 ms in a burst, and 20 ms once there was a queue for 400 ms. */
  @Test
  void afterABurstPatienceIsShort() {
    Server server = server(1, 0, new PodSettings.Queue(1000, 200, 400, 20), always(1000));
    server.arrive(new Request(0, KIND, 0.5, 1, 0));
    server.arrive(new Request(0, KIND, 0.5, 1, 0));
    events.runUntil(0.19);
    assertThat(ended).isEmpty();
    events.runUntil(0.21);
    assertThat(count(Request.End.SHED)).isEqualTo(1);
    events.runUntil(0.5);
    server.arrive(new Request(0.5, KIND, 0.5, 1, 0));
    events.runUntil(0.525);
    assertThat(count(Request.End.SHED)).isEqualTo(2);
    events.runUntil(2);
    server.arrive(new Request(2, KIND, 0.5, 1, 0));
    server.arrive(new Request(2, KIND, 0.5, 1, 0));
    events.runUntil(2.19);
    assertThat(count(Request.End.SHED)).isEqualTo(2);
  }

  @Test
  void aDeadServerAnswersNobody() {
    Server server = server(4, 0, endless(), always(100));
    Request before = new Request(0, KIND, 0.5, 1, 0);
    server.arrive(before);
    server.die();
    Request after = new Request(0, KIND, 0.5, 1, 0);
    server.arrive(after);
    events.runUntil(100);
    assertThat(before.isOpen()).isTrue();
    assertThat(after.isOpen()).isTrue();
    assertThat(server.answers()).isFalse();
  }

  /** Two at work for 200 ms each, since they share: 0.4 request-seconds. */
  @Test
  void inFlightIsSummedOverTime() {
    Server server = server(4, 1, endless(), always(100));
    server.arrive(new Request(0, KIND, 0.5, 1, 0));
    server.arrive(new Request(0, KIND, 0.5, 1, 0));
    events.runUntil(1);
    assertThat(server.inFlightSeconds()).isCloseTo(0.4, within(1e-9));
    assertThat(server.inFlight()).isZero();
  }

  /** 10 ms a token: of a new conversation all before the request, of a known one what is new. */
  @Test
  void whatAnotherServerHasReadIsReadAnew() {
    Server server = server(1, 0, endless(), always(100));
    Request moved = new Request(0, KIND, 0.5, 7, 30);
    server.arrive(moved);
    events.runUntil(0.399);
    assertThat(ended).isEmpty();
    events.runUntil(0.401);
    assertThat(count(Request.End.ANSWERED)).isEqualTo(1);
    assertThat(moved.readAnew()).isEqualTo(30);
    Request next = new Request(1, KIND, 0.5, 7, 60);
    server.arrive(next);
    Request afterOneElsewhere = new Request(1, KIND, 0.5, 7, 100);
    server.arrive(afterOneElsewhere);
    events.runUntil(10);
    assertThat(next.readAnew()).isZero();
    assertThat(afterOneElsewhere.readAnew()).isEqualTo(10);
  }

  /** A hundred tokens are kept: three conversations of 30. */
  @Test
  void theConversationThatIsSilentForLongestIsForgotten() {
    Server server = server(1, 0, endless(), always(100));
    for (long conversation : new long[] {1, 2, 3, 1, 4}) {
      server.arrive(new Request(0, KIND, 0.5, conversation, 0));
    }
    Request kept = new Request(0, KIND, 0.5, 1, 30);
    server.arrive(kept);
    Request forgotten = new Request(0, KIND, 0.5, 2, 30);
    server.arrive(forgotten);
    events.runUntil(10);
    assertThat(kept.readAnew()).isZero();
    assertThat(forgotten.readAnew()).isEqualTo(30);
  }

  private long count(Request.End how) {
    return ended.stream().filter(request -> request.end() == how).count();
  }
}
