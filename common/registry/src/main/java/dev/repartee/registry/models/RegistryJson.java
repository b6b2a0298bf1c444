package dev.repartee.registry.models;

import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;

/** Writes the registry's small objects as JSON. */
final class RegistryJson {

  private RegistryJson() {}

  static byte[] bytes(Object value) {
    return (Json.PRETTY.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
