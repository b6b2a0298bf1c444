package dev.repartee.registry.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.ObjectStore;
import org.junit.jupiter.api.AfterEach;

/** On a service that fails now and then, before or after it has carried out the request. */
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
  void stopBreakingThings(Crowd crowd) {
    trouble.stop();
    // Otherwise this would be the test without faults again.
    assertThat(trouble.refused()).isGreaterThanOrEqualTo(crowd.leastFaults());
    assertThat(trouble.answersLost()).isGreaterThanOrEqualTo(crowd.leastFaults());
    assertThat(trouble.cut()).isGreaterThanOrEqualTo(crowd.leastFaults());
  }

  @AfterEach
  void close() {
    gcs.close();
  }
}
