package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.VersionName;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * The description of the served model.
 *
 * @param identity name and version
 * @param ancestor the version that was trained: this one, or the one that it is built on
 * @param created when it was created (ISO 8601) by its {@code repartee.json}, or else when it was
 *     published
 * @param answers size of its answer set, if it has one
 * @param provenance code version, data hashes, seed and the like, if it has a {@code repartee.json}
 */
public record ModelInfo(
    VersionName identity,
    String ancestor,
    Optional<String> created,
    Optional<Integer> answers,
    Optional<JsonNode> provenance) {

  public ModelInfo {
    requireNonNull(identity, "identity is null");
    requireNonNull(ancestor, "ancestor is null");
    requireNonNull(created, "created is null");
    requireNonNull(answers, "answers is null");
    requireNonNull(provenance, "provenance is null");
  }

  /**
   * Reads the description from the model's folder.
   *
   * @throws UserException when {@code repartee.json} or {@code answers.json} exists but is broken
   */
  public static ModelInfo read(VerifiedModel model) {
    Optional<JsonNode> card = json(model.path().resolve("repartee.json"));
    Optional<JsonNode> provenance = card.map(root -> root.path("provenance"));
    return new ModelInfo(
        model.identity(),
        model.ancestor(),
        card.flatMap(root -> text(root, "created"))
            .or(() -> provenance.flatMap(node -> text(node, "created")))
            .or(() -> model.published().map(Object::toString)),
        answers(model.path().resolve("answers.json")),
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
