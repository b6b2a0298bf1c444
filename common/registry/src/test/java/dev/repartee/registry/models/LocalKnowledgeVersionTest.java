package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKnowledgeVersionTest extends KnowledgeVersionContract {

  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path root;

  @Override
  ObjectStore store() {
    return new LocalObjectStore(root);
  }

  /** A process that takes the lease and never ends. */
  static final class Holder {

    private Holder() {}

    public static void main(String[] arguments) throws InterruptedException {
      ObjectStore store = new LocalObjectStore(Path.of(arguments[0]));
      var _ = Lease.acquire(store, "acme", Actor.named("holder"), HOUR).orElseThrow();
      System.out.println("held");
      Thread.sleep(HOUR);
    }
  }

  @Test
  void theLeaseOfAKilledHolderExpires() throws Exception {
    Process holder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Holder.class.getName(),
                    root.toString()))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(holder.inputReader().readLine()).isEqualTo("held");
    } finally {
      holder.destroyForcibly();
      assertThat(holder.waitFor(20, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(Lease.acquire(store(), "acme", Actor.named("next"), HOUR)).isEmpty();
    Actor later = new Actor("next", Clock.offset(Clock.systemUTC(), HOUR.plusMinutes(1)));
    assertThat(Lease.acquire(store(), "acme", later, HOUR)).isPresent();
  }
}
