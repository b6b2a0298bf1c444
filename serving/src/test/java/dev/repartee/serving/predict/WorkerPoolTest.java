package dev.repartee.serving.predict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.predict.ReplyContext.Conversation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class WorkerPoolTest {

  /** Whoever needs a thread for long has fewer turns, not as many as all others. */
  @Test
  void turnsAreChargedByTheTimeThatTheyUsed() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch go = new CountDownLatch(1);
    try (WorkerPool pool = new WorkerPool("test", 1, Duration.ofSeconds(20));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var _ = clients.submit(() -> pool.turns("first", "c").accept(() -> await(go)));
      for (int i = 0; i < 8; i++) {
        String conversation = "c" + i;
        var _ =
            clients.submit(
                () -> pool.turns("long", conversation).accept(() -> work(order, "l", 60)));
        var _ =
            clients.submit(
                () -> pool.turns("short", conversation).accept(() -> work(order, "s", 1)));
      }
      while (pool.waiting() < 16) {
        LockSupport.parkNanos(100_000);
      }
      go.countDown();
    }
    assertThat(order.subList(0, 9)).containsOnlyOnce("l");
  }

  @Test
  void whatIsDueFirstGoesFirstAndKeysLeaveHalfOfTheThreads() throws Exception {
    List<String> order = Collections.synchronizedList(new ArrayList<>());
    CountDownLatch go = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(4);
    long now = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    try (WorkerPool pool = new WorkerPool("test", 5, Duration.ofSeconds(20));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 2; i++) {
        ask(clients, pool, Urgency.KEY, now, () -> hold(held, go));
        ask(clients, pool, Urgency.COMPLETION, now, () -> hold(held, go));
      }
      await(held);
      ask(clients, pool, Urgency.KEY, now, () -> order.add("key"));
      while (pool.waiting() < 1) {
        LockSupport.parkNanos(100_000);
      }
      go.countDown();
    }
    assertThat(order).containsExactly("key");
  }

  private static void hold(CountDownLatch begun, CountDownLatch go) {
    begun.countDown();
    await(go);
  }

  private static void ask(
      ExecutorService clients, WorkerPool pool, Urgency urgency, long received, Runnable work) {
    WorkerPool.Turn turn =
        new WorkerPool.Turn(new Conversation("one", Optional.empty()), urgency, received);
    var _ =
        clients.submit(
            () ->
                pool.call(
                    turn,
                    () -> {
                      work.run();
                      return true;
                    }));
  }

  /** Otherwise one caller's long text would be everybody's. */
  @Test
  void redactionHasTwoThreadsOnOneCoreToo() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    try (WorkerPool pool = WorkerPool.forRedaction();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      for (String caller : List.of("a", "b")) {
        var _ = clients.submit(() -> pool.turns(caller, "c").accept(() -> meet(both)));
      }
      await(both);
    }
  }

  private static void meet(CountDownLatch all) {
    all.countDown();
    await(all);
  }

  private static void work(List<String> order, String who, int millis) {
    order.add(who);
    LockSupport.parkNanos(Duration.ofMillis(millis).toNanos());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
