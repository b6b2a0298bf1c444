package dev.repartee.registry.models;

import dev.repartee.registry.store.GcsFixture;
import dev.repartee.registry.store.ObjectStore;
import org.junit.jupiter.api.AfterEach;

class GcsKnowledgeVersionTest extends KnowledgeVersionContract {

  private final GcsFixture gcs = new GcsFixture();

  @Override
  ObjectStore store() {
    return gcs.store();
  }

  @AfterEach
  void close() {
    gcs.close();
  }
}
