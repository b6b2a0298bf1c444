package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.knowledge.BuiltFrom;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.io.ProcessMemory;
import dev.repartee.text.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * A model that answers requests. One that was replaced is closed when its last request is answered.
 * Versions with the same weights are one model, whose knowledge is replaced.
 */
public final class ServedModel {

  /** How long a model that was replaced waits for its last requests. */
  private static final Duration LAST_REQUESTS = Duration.ofSeconds(20);

  private final Predictions predictions;
  private final StampedLock uses = new StampedLock(); // read by requests
  private volatile Version version;

  /**
   * The version that it is now.
   *
   * @param files on this machine
   * @param ancestor the version that was trained: this one, or the one that it is built on
   * @param created when it was created (ISO 8601) by its {@code repartee.json}, or else when it was
   *     published
   * @param answers size of its answer set, if it has one
   * @param provenance code version, data hashes, seed and the like, if it has a {@code
   *     repartee.json}
   * @param builtFrom what its knowledge was built from; empty when that is of its training alone
   */
  public record Version(
      VerifiedModel files,
      String ancestor,
      Optional<String> created,
      Optional<Integer> answers,
      Optional<JsonNode> provenance,
      Optional<BuiltFrom> builtFrom) {

    /**
     * Reads its description, with the knowledge that its files have.
     *
     * @throws UserException when {@code repartee.json} or {@code answers.json} exists but is broken
     */
    static Version of(VerifiedModel files) {
      Optional<JsonNode> card = card(files.path().resolve("repartee.json"));
      Optional<JsonNode> provenance = card.map(root -> root.path("provenance"));
      Path answers = files.path().resolve("answers.json");
      return new Version(
          files,
          files.ancestor(),
          card.flatMap(Version::created)
              .or(() -> provenance.flatMap(Version::created))
              .or(() -> files.published().map(Object::toString)),
          Files.isRegularFile(answers)
              ? Optional.of(AnswerSetFile.read(answers).size())
              : Optional.empty(),
          provenance.filter(JsonNode::isObject).or(() -> card),
          BuiltFrom.read(files.path()));
    }

    private static Optional<JsonNode> card(Path file) {
      if (!Files.isRegularFile(file)) {
        return Optional.empty();
      }
      try {
        return Optional.of(Json.COMPACT.readTree(file.toFile()));
      } catch (JacksonException e) {
        throw new UserException(file + ": not JSON; publish or train the model again", e);
      }
    }

    private static Optional<String> created(JsonNode node) {
      return Optional.of(node.path("created")).filter(JsonNode::isString).map(JsonNode::asString);
    }

    /** Name and number. */
    public VersionName name() {
      return files.identity();
    }

    /** The answer library that its knowledge holds. */
    public Optional<VersionName> library() {
      return builtFrom.flatMap(BuiltFrom::library);
    }
  }

  ServedModel(Version version, Predictions predictions) {
    this.version = version;
    this.predictions = predictions;
  }

  public Version version() {
    return version;
  }

  /** Call this after its predictions took the knowledge. */
  void version(Version next) {
    version = next;
  }

  public Predictions predictions() {
    return predictions;
  }

  /** One request's use of the model, until it is closed. */
  public final class Use implements AutoCloseable {

    private long stamp = uses.readLock();

    private Use() {}

    public ServedModel model() {
      return ServedModel.this;
    }

    @Override
    public void close() {
      if (stamp != 0) {
        uses.unlockRead(stamp);
        stamp = 0;
      }
    }
  }

  /** Call only under the lock of {@link ServiceState}, while the model is not replaced. */
  Use use() {
    return new Use();
  }

  /** Closes it once the requests that use it are answered, which no new one does any more. */
  void retire() {
    try {
      var _ = uses.tryWriteLock(LAST_REQUESTS.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closing waits for those that are at work
    }
    predictions.close();
    ProcessMemory.trim();
  }
}
