package dev.repartee.serving;

import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.Manifest.ManifestFile;
import dev.repartee.serving.model.ModelFixture;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The ways in which a version in a local store can be damaged. */
enum Damage {
  WEIGHTS_CUT_SHORT(ModelFixture.WEIGHTS + ": has 20000 of 50000 bytes") {
    @Override
    void strike(Path version) throws IOException {
      try (FileChannel weights = FileChannel.open(weights(version), StandardOpenOption.WRITE)) {
        weights.truncate(20_000);
      }
    }
  },
  WEIGHTS_WITH_A_FLIPPED_BIT(ModelFixture.WEIGHTS + ": SHA-256 is ") {
    @Override
    void strike(Path version) throws IOException {
      ModelFixture.flipByte(weights(version));
    }
  },
  WEIGHTS_WITH_BYTES_TOO_MANY(ModelFixture.WEIGHTS + ": has more than the 50000 bytes") {
    @Override
    void strike(Path version) throws IOException {
      Files.write(weights(version), new byte[] {1, 2, 3}, StandardOpenOption.APPEND);
    }
  },
  NO_WEIGHTS(ModelFixture.WEIGHTS + " does not exist") {
    @Override
    void strike(Path version) throws IOException {
      Files.delete(weights(version));
    }
  },
  MANIFEST_THAT_IS_NO_JSON("manifest.json: not a valid Manifest") {
    @Override
    void strike(Path version) throws IOException {
      Files.writeString(version.resolve(MANIFEST), "<html>");
    }
  },
  MANIFEST_OF_ANOTHER_SCHEMA("manifest.json: not a valid Manifest") {
    @Override
    void strike(Path version) throws IOException {
      Files.writeString(version.resolve(MANIFEST), "{\"files\": {\"config.json\": 2}}");
    }
  },
  MANIFEST_OF_A_LATER_FORMAT("format_version must be 1 but is 2") {
    @Override
    void strike(Path version) throws IOException {
      replace(version, "\"format_version\" : 1", "\"format_version\" : 2");
    }
  },
  MANIFEST_THAT_LEADS_OUT_OF_THE_FOLDER("path '../../config.json' must be relative") {
    @Override
    void strike(Path version) throws IOException {
      replace(version, "\"config.json\"", "\"../../config.json\"");
    }
  },
  ALIAS_OF_NO_VERSION(" does not exist in ") {
    @Override
    void strike(Path version) throws IOException {
      Files.delete(version.resolve(MANIFEST));
    }
  };

  /** The weights' blob, which versions with the same weights share. */
  private static Path weights(Path version) {
    String sha256 =
        Manifest.read(version).files().stream()
            .filter(file -> file.path().equals(ModelFixture.WEIGHTS))
            .map(ManifestFile::sha256)
            .findFirst()
            .orElseThrow();
    return version.resolve("../../blobs").resolve(sha256).normalize();
  }

  private static final String MANIFEST = "manifest.json";

  private final String reason;

  Damage(String reason) {
    this.reason = reason;
  }

  /** A part of the error message. */
  String reason() {
    return reason;
  }

  /** Damages the version in this folder. */
  abstract void strike(Path version) throws IOException;

  /** The folder of a version of {@code acme}. */
  static Path versionFolder(Path store, int number) {
    return store.resolve("models/acme/versions").resolve(Integer.toString(number));
  }

  private static void replace(Path version, String from, String to) throws IOException {
    Path manifest = version.resolve(MANIFEST);
    String text = Files.readString(manifest);
    if (!text.contains(from)) {
      throw new IllegalStateException(manifest + " has no " + from);
    }
    Files.writeString(manifest, text.replace(from, to));
  }
}
