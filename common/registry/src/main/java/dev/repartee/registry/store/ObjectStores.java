package dev.repartee.registry.store;

import dev.repartee.text.UserException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Opens the store that a URI names. */
public final class ObjectStores {

  /**
   * The environment variable that names an emulator, which {@code gs://} stores then call without
   * credentials. The Google client does not read it by itself.
   */
  public static final String EMULATOR_HOST = "STORAGE_EMULATOR_HOST";

  private ObjectStores() {}

  /**
   * Opens the store at {@code uri}. No request is sent yet.
   *
   * @param uri {@code gs://BUCKET/PREFIX}, a {@code file:} URI, or the path of a folder
   * @throws UserException (wrong usage) when it is none of these
   */
  public static ObjectStore open(String uri) {
    return open(uri, System.getenv());
  }

  /**
   * As {@link #open(String)}, with other environment variables.
   *
   * @param environment read for {@value #EMULATOR_HOST} only
   */
  public static ObjectStore open(String uri, Map<String, String> environment) {
    if (uri.startsWith("gs://")) {
      return new GcsObjectStore(GcsObjectStore.Location.parse(uri), emulator(environment));
    }
    if (uri.startsWith("file:")) {
      return new LocalObjectStore(filePath(uri));
    }
    if (uri.isBlank() || uri.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
      throw UserException.usage(
          "store '" + uri + "' is not supported; give gs://BUCKET/PREFIX or a folder");
    }
    return new LocalObjectStore(Path.of(uri));
  }

  private static Path filePath(String uri) {
    try {
      return Path.of(URI.create(uri));
    } catch (IllegalArgumentException | FileSystemNotFoundException e) {
      throw UserException.usage(
          "store '" + uri + "' is not a file URI (" + e.getMessage() + "); try file:///PATH");
    }
  }

  private static Optional<URI> emulator(Map<String, String> environment) {
    String host = environment.getOrDefault(EMULATOR_HOST, "");
    if (host.isBlank()) {
      return Optional.empty();
    }
    String url = host.contains("://") ? host : "http://" + host;
    try {
      return Optional.of(URI.create(url));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          EMULATOR_HOST + " must be http://HOST:PORT but is '" + host + "'; correct or unset it");
    }
  }
}
