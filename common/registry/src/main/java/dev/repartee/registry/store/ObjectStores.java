package dev.repartee.registry.store;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
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

  /** What every store of models has. */
  private static final String MODELS = "models";

  private ObjectStores() {}

  /**
   * Opens the store at {@code uri}. No request is sent yet.
   *
   * @param uri {@code gs://BUCKET/PREFIX}, a {@code file:} URI, or the path of a folder
   * @throws UserException (wrong usage) when it is none of these, or a folder on NFS
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
      return folder(filePath(uri));
    }
    if (uri.isBlank() || uri.matches("[A-Za-z][A-Za-z0-9+.-]*://.*")) {
      throw UserException.usage(
          "store '" + uri + "' is not supported; give gs://BUCKET/PREFIX or a folder");
    }
    return folder(Path.of(uri));
  }

  /**
   * As {@link #open(String)}, for those who do not publish: a folder without models is away, as a
   * bucket that does not answer, and is not made. What is under a mount point is no store.
   */
  public static ObjectStore openExisting(String uri) {
    ObjectStore store = open(uri);
    return store instanceof LocalObjectStore local ? local.requiring(MODELS) : store;
  }

  /** One name for all ways to name a store: the absolute path of a folder. */
  public static String identity(String uri) {
    if (uri.startsWith("gs://")) {
      return uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    }
    Path folder = uri.startsWith("file:") ? filePath(uri) : Path.of(uri);
    return folder.toAbsolutePath().normalize().toString();
  }

  private static ObjectStore folder(Path root) {
    return folder(root, fileSystem(root.toAbsolutePath().normalize()));
  }

  /** A file's time is its generation, and a client of NFS caches times for some seconds. */
  static ObjectStore folder(Path root, String fileSystem) {
    if (fileSystem.startsWith("nfs")) {
      throw UserException.usage(
          "store '%s' is on %s, where another machine's write is seen only seconds later and could be lost; give gs://BUCKET/PREFIX or a folder on a disk of this machine"
              .formatted(root, fileSystem));
    }
    return new LocalObjectStore(root);
  }

  /** The type of the file system that a folder is or will be on; empty when it is not known. */
  private static String fileSystem(Path folder) {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      return Files.getFileStore(existing).type();
    } catch (IOException e) {
      return "";
    }
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
