package dev.repartee.registry.store;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import dev.repartee.registry.store.StoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Objects under a prefix of a Google Cloud Storage bucket, over the JSON API. */
public final class GcsObjectStore implements ObjectStore {

  /** How often a small object is read again when it changes, or arrives damaged, meanwhile. */
  private static final int READ_ATTEMPTS = 5;

  private final GcsLocation location;
  private final Storage storage;
  private final GcsWriter writer;

  /**
   * Connects with the application default credentials, or to a test host without any.
   *
   * @param emulator base URL of a test host
   */
  GcsObjectStore(GcsLocation location, Optional<URI> emulator) {
    // A test host is near: it answers soon or not at all.
    this(location, client(emulator, retries(Duration.ofMillis(emulator.isPresent() ? 50 : 500))));
  }

  GcsObjectStore(GcsLocation location, Storage storage) {
    this.location = location;
    this.storage = storage;
    this.writer = new GcsWriter(location, storage);
  }

  static RetrySettings retries(Duration firstDelay) {
    return RetrySettings.newBuilder()
        .setMaxAttempts(6)
        .setInitialRetryDelayDuration(firstDelay)
        .setRetryDelayMultiplier(2)
        .setMaxRetryDelayDuration(firstDelay.multipliedBy(16))
        .setInitialRpcTimeoutDuration(Duration.ofSeconds(60))
        .setMaxRpcTimeoutDuration(Duration.ofSeconds(60))
        .setTotalTimeoutDuration(Duration.ofMinutes(3))
        .build();
  }

  static Storage client(Optional<URI> emulator, RetrySettings retries) {
    StorageOptions.Builder options =
        StorageOptions.http()
            .setRetrySettings(retries)
            // Every call of this class may be repeated; the default would not repeat a put without
            // a precondition.
            .setStorageRetryStrategy(StorageRetryStrategy.getUniformStorageRetryStrategy());
    emulator.ifPresent(
        host ->
            options
                .setHost(host.toString())
                .setProjectId("emulator")
                .setCredentials(NoCredentials.getInstance()));
    return options.build().getService();
  }

  @Override
  public StoredObject put(String key, byte[] content, Precondition precondition) {
    return writer.put(ObjectKeys.check(key), content, precondition);
  }

  @Override
  public StoredObject compose(String key, List<StoredObject> parts, Precondition precondition) {
    ObjectKeys.checkParts(key, parts);
    try {
      return writer.compose(ObjectKeys.check(key), parts, precondition);
    } catch (StoreException e) {
      if (e.getCause() instanceof StorageException failure && GcsFailures.isNotFound(failure)) {
        throw missing(key, "a part of " + locate(key) + " was deleted or replaced");
      }
      throw e;
    }
  }

  @Override
  public StoredObject renew(StoredObject object) {
    Precondition unchanged = Precondition.generation(object.generation());
    try {
      return compose(object.key(), List.of(object), unchanged);
    } catch (StoreException e) {
      if (e.reason() == Reason.NOT_FOUND) {
        throw StoreException.preconditionFailed(locate(object.key()), unchanged);
      }
      throw e;
    }
  }

  @Override
  public Optional<String> crc32c(String key) {
    return find(key).map(Blob::getCrc32c);
  }

  @Override
  public InputStream read(String key) {
    return Channels.newInputStream(open(key));
  }

  @Override
  public InputStream read(String key, long offset, long length) {
    ReadChannel channel = open(key);
    try {
      channel.seek(offset);
    } catch (IOException e) {
      throw GcsFailures.translate(GcsFailures.unwrap(e), locate(key), location.bucket());
    }
    return new LimitedInputStream(
        Channels.newInputStream(channel.limit(Math.addExact(offset, length))), length);
  }

  /** The channel opens lazily: asking first finds a missing object now and pins its generation. */
  private ReadChannel open(String key) {
    Blob blob = find(key).orElseThrow(() -> missing(key, locate(key) + " does not exist"));
    return storage.reader(blob.getBlobId());
  }

  /** An object's 404 does not tell whether its bucket exists, a listing's does. */
  private StoreException missing(String key, String message) {
    attempt(key, () -> storage.list(location.bucket(), BlobListOption.pageSize(1)));
    return new StoreException(Reason.NOT_FOUND, message);
  }

  @Override
  public Optional<StoredText> readText(String key) {
    for (int attempt = 0; attempt < READ_ATTEMPTS; attempt++) {
      Optional<Blob> blob = find(key);
      if (blob.isEmpty()) {
        return Optional.empty();
      }
      Optional<byte[]> content = attempt(key, () -> readIfCurrent(blob.get().getBlobId()));
      if (content.isPresent() && Crc32c.of(content.get()).equals(blob.get().getCrc32c())) {
        String text = new String(content.get(), StandardCharsets.UTF_8);
        return Optional.of(new StoredText(text, blob.get().getGeneration()));
      }
    }
    throw new StoreException(
        Reason.UNAVAILABLE,
        locate(key) + " changed or arrived damaged " + READ_ATTEMPTS + " times; try again later");
  }

  private Optional<byte[]> readIfCurrent(BlobId generation) {
    try {
      return Optional.of(storage.readAllBytes(generation));
    } catch (StorageException e) {
      if (GcsFailures.isNotFound(e)) {
        return Optional.empty(); // replaced since
      }
      throw e;
    }
  }

  @Override
  public Optional<StoredObject> stat(String key) {
    return find(key).map(this::stored);
  }

  private Optional<Blob> find(String key) {
    String name = location.objectName(ObjectKeys.check(key));
    return attempt(key, () -> Optional.ofNullable(storage.get(BlobId.of(location.bucket(), name))));
  }

  @Override
  public Stream<StoredObject> list(String prefix) {
    return blobs(prefix, BlobListOption.prefix(location.objectName(prefix))).map(this::stored);
  }

  @Override
  public Stream<String> folders(String folder) {
    String name = location.objectName(ObjectKeys.checkFolder(folder));
    return blobs(folder, BlobListOption.prefix(name), BlobListOption.currentDirectory())
        .filter(Blob::isDirectory)
        .map(entry -> entry.getName().substring(name.length(), entry.getName().length() - 1));
  }

  private Stream<Blob> blobs(String prefix, BlobListOption... options) {
    Iterable<Blob> pages =
        attempt(prefix, () -> storage.list(location.bucket(), options).iterateAll());
    var source = attempt(prefix, pages::spliterator);
    return StreamSupport.stream(
        new TranslatingSpliterator<>(source, failure -> translate(failure, prefix)), false);
  }

  @Override
  public void delete(String key, Precondition precondition) {
    BlobId id = BlobId.of(location.bucket(), location.objectName(ObjectKeys.check(key)));
    ObjectKeys.checkDelete(key, precondition);
    BlobSourceOption[] options =
        precondition instanceof Precondition.Generation(long value)
            ? new BlobSourceOption[] {BlobSourceOption.generationMatch(value)}
            : new BlobSourceOption[0];
    attempt(
        key,
        () -> {
          try {
            return storage.delete(id, options);
          } catch (StorageException e) {
            if (!GcsFailures.isPreconditionFailed(e)) {
              throw e;
            }
            if (storage.get(id) == null) {
              return false; // gone: perhaps by our own first attempt
            }
            throw StoreException.preconditionFailed(locate(key), precondition);
          }
        });
  }

  @Override
  public void discardLeftovers(Duration age) {
    // Objects are sent in one request each: what did not arrive whole is nowhere.
  }

  @Override
  public String locate(String key) {
    return location.uri(key);
  }

  @Override
  public void close() {
    try {
      storage.close();
    } catch (Exception e) {
      throw new StoreException(Reason.UNAVAILABLE, "closing the Cloud Storage client failed", e);
    }
  }

  private StoredObject stored(Blob blob) {
    return new StoredObject(location.key(blob.getName()), blob.getSize(), blob.getGeneration());
  }

  private StoreException translate(StorageException failure, String key) {
    return GcsFailures.translate(failure, locate(key), location.bucket());
  }

  private <T> T attempt(String key, Supplier<T> call) {
    try {
      return call.get();
    } catch (StorageException e) {
      throw translate(e, key);
    }
  }
}
