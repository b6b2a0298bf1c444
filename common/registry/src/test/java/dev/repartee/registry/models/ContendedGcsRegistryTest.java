package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.ObjectStore;
import org.junit.jupiter.api.AfterEach;

/** With a service that fails now and then, before and after it did what it was asked. */
class ContendedGcsRegistryTest extends ContendedRegistryContract {

  private final GcsFixture gcs = new GcsFixture();
  private GcsFixture.Trouble trouble;

  @Override
  ObjectStore open() {
    return gcs.open("gs://" + GcsFixture.BUCKET + "/some/prefix");
  }

  @Override
  void breakThings() {
    trouble = gcs.trouble(7);
  }

  @Override
  void stopBreakingThings() {
    trouble.stop();
    // Otherwise this would be the test without faults again.
    assertThat(trouble.refused()).isGreaterThan(20);
    assertThat(trouble.answersLost()).isGreaterThan(20);
    assertThat(trouble.cut()).isGreaterThan(20);
  }

  @AfterEach
  void close() {
    gcs.close();
  }
}
