package dev.repartee.registry.models;

import org.junit.jupiter.api.Tag;

/** The code is that of models; this shows that nothing of it was left behind under their folder. */
@Tag("slow")
class ContendedLibraryRegistryTest extends ContendedLocalRegistryTest {

  @Override
  RegistryKind kind() {
    return RegistryKind.LIBRARY;
  }
}
