package dev.repartee.registry.models;

import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import tools.jackson.core.JacksonException;

/** Reads and writes the registry's small objects as JSON. */
final class RegistryJson {

  private RegistryJson() {}

  /**
   * @param source where {@code json} comes from, for the message
   * @throws UserException when it is not JSON or breaks a rule of {@code type}
   */
  static <T> T parse(String json, Class<T> type, String source) {
    try {
      T value = Json.COMPACT.readValue(json, type);
      if (value != null) {
        return value;
      }
      throw new UserException(source + ": is empty; it is damaged");
    } catch (JacksonException e) {
      String why =
          e.getCause() instanceof IllegalArgumentException rule
              ? rule.getMessage()
              : e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      throw new UserException(source + ": not a valid " + type.getSimpleName() + ": " + why, e);
    }
  }

  static byte[] bytes(Object value) {
    return (Json.PRETTY.writeValueAsString(value) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}
