package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What is known of the served model.
 *
 * @param identity name and version
 * @param created when it was made (ISO 8601) as its {@code repartee.json} says, or else when it was
 *     published
 * @param answers size of its answer set, where it has one
 * @param provenance code version, data hashes, seed and the like, where it has a {@code
 *     repartee.json}
 */
public record ModelInfo(
    ModelIdentity identity,
    Optional<String> created,
    Optional<Integer> answers,
    Optional<JsonNode> provenance) {

  public ModelInfo {
    requireNonNull(identity, "identity is null");
    requireNonNull(created, "created is null");
    requireNonNull(answers, "answers is null");
    requireNonNull(provenance, "provenance is null");
  }

  /**
   * Reads it from a model folder.
   *
   * @throws UserException when {@code repartee.json} or {@code answers.json} is there but broken
   */
  public static ModelInfo read(ModelFolder folder) {
    Optional<JsonNode> card = json(folder.path().resolve("repartee.json"));
    Optional<JsonNode> provenance = card.map(root -> root.path("provenance"));
    return new ModelInfo(
        folder.identity(),
        card.flatMap(root -> text(root, "created"))
            .or(() -> provenance.flatMap(node -> text(node, "created")))
            .or(() -> folder.published().map(Object::toString)),
        answers(folder.path().resolve("answers.json")),
        provenance.filter(JsonNode::isObject).or(() -> card));
  }

  private static Optional<String> text(JsonNode node, String key) {
    return node.path(key).isString() ? Optional.of(node.path(key).asString()) : Optional.empty();
  }

  private static Optional<Integer> answers(Path file) {
    return Files.isRegularFile(file)
        ? Optional.of(AnswerSetFile.read(file).size())
        : Optional.empty();
  }

  private static Optional<JsonNode> json(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.COMPACT.readTree(file.toFile()));
    } catch (JacksonException e) {
      throw new UserException(file + ": not JSON; publish or train the model again", e);
    }
  }
}
