package dev.repartee.registry.models;

import org.junit.jupiter.api.Tag;

/** As {@link ContendedLibraryRegistryTest}, on a service that fails now and then. */
@Tag("slow")
class ContendedGcsLibraryRegistryTest extends ContendedGcsRegistryTest {

  @Override
  RegistryKind kind() {
    return RegistryKind.LIBRARY;
  }
}
