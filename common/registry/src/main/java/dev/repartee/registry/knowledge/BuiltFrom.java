package dev.repartee.registry.knowledge;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.SourceReader.Wanted;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a version's knowledge was built from: {@value #FILE} in a model folder. A version that was
 * only trained has none.
 *
 * @param library that it holds
 * @param libraryAlias the alias that named it, such as {@code replies@production}
 * @param learnKeep how long what agents type is used
 * @param typedTexts that agents typed since training, and that somebody may be shown
 * @param typedReplies that were read of these
 * @param forgottenAgents whose replies were left out
 * @param forgottenConversations whose replies were left out
 * @param digest of everything that was used: equal sources build equal knowledge
 */
public record BuiltFrom(
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<VersionName> library,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> libraryAlias,
    Duration learnKeep,
    int typedTexts,
    int typedReplies,
    int forgottenAgents,
    int forgottenConversations,
    String digest) {

  /** Of a version that was only trained: it uses neither a library nor what agents type. */
  public static final BuiltFrom NOTHING =
      new BuiltFrom(Optional.empty(), Optional.empty(), Duration.ZERO, 0, 0, 0, 0, "");

  private static final String UNFINISHED = "unfinished ";

  /** The file in a model folder. */
  public static final String FILE = "knowledge.json";

  /**
   * That of a model folder; empty where its knowledge is that of its training.
   *
   * @throws UserException when the file cannot be read
   */
  public static Optional<BuiltFrom> read(Path folder) {
    Path file = folder.resolve(FILE);
    return Files.exists(file)
        ? Optional.of(Json.readFile(file, BuiltFrom.class))
        : Optional.empty();
  }

  static BuiltFrom parse(String json, String where) {
    return Json.parse(json, BuiltFrom.class, where);
  }

  /** These sources, in a form that equals no build that is done: the next one is to go on. */
  public BuiltFrom unfinished() {
    return new BuiltFrom(
        library,
        libraryAlias,
        learnKeep,
        typedTexts,
        typedReplies,
        forgottenAgents,
        forgottenConversations,
        digest.startsWith(UNFINISHED) ? digest : UNFINISHED + digest);
  }

  /** What a build of another version of this model is to read. */
  public Wanted wanted(String model) {
    return new Wanted(
        model, libraryAlias.map(one -> ModelReference.parse(one, RegistryKind.LIBRARY)), learnKeep);
  }

  /** For people. */
  public String line() {
    return "%s, %d typed texts, %d agents and %d conversations forgotten"
        .formatted(
            library.map(one -> "library " + one).orElse("no library"),
            typedTexts,
            forgottenAgents,
            forgottenConversations);
  }

  /** Writes it into a model folder. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(
        folder.resolve(FILE), Json.PRETTY.writeValueAsString(this) + System.lineSeparator());
  }
}
