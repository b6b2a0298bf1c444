package dev.repartee.serving.model;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.suggest.Knowledge;
import dev.repartee.knowledge.BuiltFrom;
import dev.repartee.knowledge.VersionBuilder;
import dev.repartee.registry.models.Manifest;
import dev.repartee.serving.model.ModelSource.VerifiedModel;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The knowledge that was built on this machine for a model, as numbered folders: the last {@value
 * #KEPT}, so that a service that starts does not read the same contexts again. Where they cannot be
 * written, only the next start is worse off.
 */
final class LocalVersions {

  private static final Logger log = LoggerFactory.getLogger(LocalVersions.class);

  private static final int KEPT = 3;

  /** Names the version on which a folder was built. */
  private static final String BASE = "base.txt";

  private final Path folder;

  /** What was built last for a version. */
  record Local(Path path, BuiltFrom builtFrom) {}

  LocalVersions(Path folder) {
    this.folder = requireNonNull(folder, "folder is null");
  }

  /** The newest that was built on exactly this version. */
  Optional<Local> newest(VerifiedModel base) {
    Optional<String> fingerprint = fingerprint(base);
    try {
      for (Path path : fingerprint.isPresent() ? numbered().reversed() : List.<Path>of()) {
        Optional<BuiltFrom> builtFrom = BuiltFrom.read(path);
        if (builtFrom.isPresent()
            && Files.readString(path.resolve(BASE)).equals(fingerprint.get())) {
          return Optional.of(new Local(path, builtFrom.get()));
        }
      }
    } catch (IOException | UncheckedIOException | UserException e) {
      log.warn("{}: what was built before is not used: {}", folder, e.toString());
    }
    return Optional.empty();
  }

  /** Writes what was built on a version, whole or not at all. */
  void write(VerifiedModel base, Knowledge knowledge, BuiltFrom builtFrom) {
    Optional<String> fingerprint = fingerprint(base);
    if (fingerprint.isEmpty()) {
      return;
    }
    try {
      OwnerOnly.makeFolder(folder);
      Path temporary = Files.createDirectory(folder.resolve("." + UUID.randomUUID()));
      try {
        VersionBuilder.write(base.path(), knowledge, Optional.of(builtFrom), temporary);
        Files.writeString(temporary.resolve(BASE), fingerprint.get());
        Folders.sync(temporary);
        List<Path> before = numbered();
        int number = before.isEmpty() ? 1 : number(before.getLast()) + 1;
        Files.move(
            temporary, folder.resolve(Integer.toString(number)), StandardCopyOption.ATOMIC_MOVE);
        for (Path old : before.subList(0, Math.max(0, before.size() + 1 - KEPT))) {
          Folders.delete(old);
        }
      } finally {
        if (Files.exists(temporary)) {
          Folders.delete(temporary);
        }
      }
    } catch (IOException | UncheckedIOException e) {
      log.warn("{}: what was built is not kept there: {}", folder, e.toString());
    }
  }

  /** The version's files, to the byte; empty for a folder that does not list them. */
  private static Optional<String> fingerprint(VerifiedModel version) {
    return version.manifest().map(manifest -> Manifest.ModelDigest.of(manifest).sha256());
  }

  private List<Path> numbered() throws IOException {
    return Files.isDirectory(folder)
        ? Folders.list(folder).stream()
            .filter(path -> path.getFileName().toString().matches("[1-9][0-9]{0,8}"))
            .sorted(Comparator.comparingInt(LocalVersions::number))
            .toList()
        : List.of();
  }

  private static int number(Path path) {
    return Integer.parseInt(path.getFileName().toString());
  }
}
