package dev.repartee.serving.model;

import dev.repartee.registry.VersionName;
import dev.repartee.registry.models.Manifest;
import dev.repartee.serving.model.ServiceState.Phase;
import dev.repartee.text.UserException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;

/** Where the served model comes from: a registry, or a folder on this machine. */
@FunctionalInterface
public interface ModelSource {

  /**
   * A complete model version on this machine, every file checked against its manifest.
   *
   * @param identity name and version
   * @param path the folder
   * @param published when it was published, if it comes from a registry that recorded it
   */
  record VerifiedModel(VersionName identity, Path path, Optional<Instant> published) {

    /**
     * The number of the version that was trained: this one, or the one that it is built on. {@link
     * VersionName#LOCAL} for a folder.
     */
    String ancestor() {
      return manifest()
          .flatMap(Manifest::builtOn)
          .map(number -> Integer.toString(number))
          .orElse(identity.version());
    }

    /** Whether both have the same weights, so that they differ in their knowledge at most. */
    boolean hasWeightsOf(VerifiedModel other) {
      Optional<String> weights = manifest().map(Manifest::weightsDigest);
      return weights.isPresent() && weights.equals(other.manifest().map(Manifest::weightsDigest));
    }

    /** Empty where the folder has none. */
    Optional<Manifest> manifest() {
      return Files.exists(path.resolve(Manifest.FILE))
          ? Optional.of(Manifest.read(path))
          : Optional.empty();
    }
  }

  /**
   * Brings the model to this machine and verifies every file.
   *
   * @param progress receives each {@link Phase} as it begins
   * @throws UserException when there is no such model, it cannot be reached, or a file is missing
   *     or changed
   */
  VerifiedModel obtain(Consumer<Phase> progress);

  /**
   * As {@link #obtain}, for a service that serves no model yet: when the source cannot be reached
   * soon, it may return the model that it obtained last.
   */
  default VerifiedModel obtainAtStart(Consumer<Phase> progress) {
    return obtain(progress);
  }

  /**
   * Call this when the model that was obtained last serves. The model before it may be needed
   * again; what is older may be deleted from this machine.
   */
  default void served() {}

  /**
   * The model that {@link #obtain} would return now, without obtaining it; empty when the source
   * never changes.
   *
   * @throws UserException when it cannot be determined
   */
  default Optional<VersionName> latest() {
    return Optional.empty();
  }

  /** Ends what {@link #latest} began. */
  default void close() {}

  /** A model folder on this machine. */
  record FolderSource(Path path) implements ModelSource {

    @Override
    public VerifiedModel obtain(Consumer<Phase> progress) {
      progress.accept(Phase.VERIFYING);
      if (!Files.isDirectory(path)) {
        throw new UserException(
            path + ": no such model folder; give one, or --store URI and --model NAME@ALIAS");
      }
      Manifest.read(path).verify(path);
      return new VerifiedModel(new VersionName(name(), VersionName.LOCAL), path, Optional.empty());
    }

    public String name() {
      return String.valueOf(path.toAbsolutePath().normalize().getFileName());
    }
  }
}
