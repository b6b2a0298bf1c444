package dev.repartee.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.VersionName;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * What a version's knowledge was built from: {@value #FILE} in a model folder. A version that was
 * only trained has none.
 *
 * @param library that it holds
 * @param libraryAlias the alias that named it, such as {@code replies@production}
 * @param typedTexts that agents typed since training, and that somebody may be shown
 * @param typedReplies that were read of these
 * @param forgottenAgents whose replies were left out
 * @param forgottenConversations whose replies were left out
 * @param digest of everything that was used: equal sources build equal knowledge
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record BuiltFrom(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<VersionName> library,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> libraryAlias,
    int typedTexts,
    int typedReplies,
    int forgottenAgents,
    int forgottenConversations,
    String digest) {

  /** The file in a model folder. */
  public static final String FILE = "knowledge.json";

  /**
   * That of a model folder; empty where its knowledge is that of its training.
   *
   * @throws UserException when the file cannot be read
   */
  public static Optional<BuiltFrom> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.COMPACT.readValue(Files.readString(file), BuiltFrom.class));
    } catch (IOException | JacksonException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes it into a model folder. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(
        folder.resolve(FILE), Json.PRETTY.writeValueAsString(this) + System.lineSeparator());
  }
}
