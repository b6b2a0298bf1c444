package dev.repartee.serving.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PolledStoreTest {

  @TempDir private Path folder;
  private final AtomicInteger opened = new AtomicInteger();

  private ObjectStore open() {
    if (opened.incrementAndGet() == 1) {
      throw new IllegalStateException("no token yet");
    }
    return new LocalObjectStore(folder);
  }

  @Test
  void oneClientAnswersAllPolls() {
    PolledStore polled = new PolledStore(this::open);
    assertThatThrownBy(polled::get).hasMessage("no token yet");
    ObjectStore first = polled.get();
    assertThat(polled.get()).isSameAs(first);
    assertThat(opened).hasValue(2);
    polled.close();
    assertThat(polled.get()).as("after the close").isNotSameAs(first);
    polled.close();
  }
}
