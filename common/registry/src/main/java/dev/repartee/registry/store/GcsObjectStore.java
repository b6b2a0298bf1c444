package dev.repartee.registry.store;

import com.google.api.gax.paging.Page;
import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.ReadChannel;
import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobId;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobListOption;
import com.google.cloud.storage.Storage.BlobSourceOption;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.Storage.BlobWriteOption;
import com.google.cloud.storage.StorageException;
import com.google.cloud.storage.StorageOptions;
import com.google.cloud.storage.StorageRetryStrategy;
import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.registry.store.ObjectStore.Precondition;
import dev.repartee.registry.store.ObjectStore.StoredObject;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Objects under a prefix of a Google Cloud Storage bucket, over the JSON API.
 *
 * <p>A lost response must not look like a lost race, and not like a write that failed. When a write
 * takes effect but is answered with a 503, the client sends it again, and the second request finds
 * the precondition broken by the first. Every write therefore stores a mark of its own in the
 * object's metadata: when the object that is there carries the mark, the write has succeeded. It is
 * looked for after a broken precondition, and when the retries have run out.
 */
public final class GcsObjectStore implements ObjectStore {

  /** How often a small object is read again when it changed meanwhile or arrived damaged. */
  private static final int READ_ATTEMPTS = 5;

  private static final String WRITE_MARK = "repartee-write";

  private final Location location;
  private final Storage storage;

  /**
   * A bucket and a prefix of object names in it.
   *
   * @param prefix empty or ending in {@code /}
   */
  record Location(String bucket, String prefix) {

    private static final Pattern GS_URI =
        Pattern.compile("gs://([a-z0-9][a-z0-9._-]{1,220})(?:/(.*))?");

    Location {
      ObjectKeys.checkFolder(prefix);
    }

    /**
     * @throws UserException (wrong usage) when {@code uri} is not {@code gs://BUCKET/PREFIX}
     */
    static Location parse(String uri) {
      Matcher parts = GS_URI.matcher(uri);
      if (!parts.matches()) {
        throw UserException.usage(
            "store '%s' must be gs://BUCKET or gs://BUCKET/PREFIX with a lower-case bucket"
                .formatted(uri));
      }
      String path = parts.group(2) == null ? "" : parts.group(2);
      String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
      try {
        return new Location(parts.group(1), prefix);
      } catch (IllegalArgumentException e) {
        throw UserException.usage("store '" + uri + "': " + e.getMessage());
      }
    }

    BlobId id(String key) {
      return BlobId.of(bucket, prefix + ObjectKeys.check(key));
    }
  }

  /**
   * Connects with the application default credentials, or to a test host without any.
   *
   * @param emulator base URL of a test host
   */
  GcsObjectStore(Location location, Optional<URI> emulator) {
    // A test host is near: it answers soon or not at all.
    this(location, client(emulator, retries(Duration.ofMillis(emulator.isPresent() ? 50 : 500))));
  }

  GcsObjectStore(Location location, Storage storage) {
    this.location = location;
    this.storage = storage;
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
            // Every call of this class may be repeated. The default would not repeat a put without
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
    BlobTargetOption[] options = targetOptions(precondition);
    return attempt(
        key, () -> write(key, precondition, target -> storage.create(target, content, options)));
  }

  @Override
  public StoredObject putFile(String key, Path file, String crc32c, Precondition precondition) {
    BlobWriteOption sameContent = BlobWriteOption.crc32cMatch();
    BlobWriteOption[] options =
        precondition.isNone()
            ? new BlobWriteOption[] {sameContent}
            : new BlobWriteOption[] {
              sameContent, BlobWriteOption.generationMatch(precondition.generation())
            };
    return attempt(
        key,
        () ->
            write(
                key,
                precondition,
                target -> {
                  try {
                    BlobInfo checked = target.toBuilder().setCrc32c(crc32c).build();
                    return storage.createFrom(checked, file, options);
                  } catch (IOException e) {
                    throw new UserException(file + ": cannot be read: " + e, e);
                  }
                }));
  }

  /** Composed of itself alone, so that no content is sent. */
  @Override
  public StoredObject renew(StoredObject object) {
    String key = object.key();
    String name = location.id(key).getName();
    return attempt(
        key,
        () -> {
          try {
            return write(
                key,
                object.unchanged(),
                target ->
                    storage.compose(
                        Storage.ComposeRequest.newBuilder()
                            .setTarget(target)
                            .setTargetOptions(targetOptions(object.unchanged()))
                            .addSource(name, object.generation())
                            .build()));
          } catch (StorageException e) {
            if (GcsFailures.isNotFound(e)) {
              throw StoreException.preconditionFailed(locate(key), object.unchanged());
            }
            throw e;
          }
        });
  }

  private static BlobTargetOption[] targetOptions(Precondition precondition) {
    return precondition.isNone()
        ? new BlobTargetOption[0]
        : new BlobTargetOption[] {BlobTargetOption.generationMatch(precondition.generation())};
  }

  private StoredObject write(
      String key, Precondition precondition, Function<BlobInfo, Blob> request) {
    String mark = UUID.randomUUID().toString();
    BlobInfo target =
        BlobInfo.newBuilder(location.id(key))
            .setContentType(key.endsWith(".json") ? "application/json" : "application/octet-stream")
            .setMetadata(Map.of(WRITE_MARK, mark))
            .build();
    try {
      return stored(request.apply(target));
    } catch (StorageException e) {
      // An earlier attempt of a renewal has replaced what it is composed of.
      if (GcsFailures.isPreconditionFailed(e) || GcsFailures.isNotFound(e)) {
        return ownWrite(target.getBlobId(), mark)
            .map(this::stored)
            .orElseThrow(
                () ->
                    GcsFailures.isNotFound(e)
                        ? e
                        : StoreException.preconditionFailed(locate(key), precondition));
      }
      if (GcsFailures.mayHaveTakenEffect(e)) {
        return landed(target.getBlobId(), mark).map(this::stored).orElseThrow(() -> e);
      }
      throw e;
    }
  }

  /** As {@link #ownWrite}, but empty when the store does not answer this question either. */
  private Optional<Blob> landed(BlobId id, String mark) {
    try {
      return ownWrite(id, mark);
    } catch (StorageException unknown) {
      return Optional.empty();
    }
  }

  /** The object that is there, when an earlier attempt of the same write made it. */
  private Optional<Blob> ownWrite(BlobId id, String mark) {
    try {
      return Optional.ofNullable(storage.get(id))
          .filter(there -> there.getMetadata() != null)
          .filter(there -> mark.equals(there.getMetadata().get(WRITE_MARK)));
    } catch (StorageException e) {
      if (GcsFailures.isForbidden(e)) {
        return Optional.empty(); // may write but not read: whose object it is stays unknown
      }
      throw e;
    }
  }

  @Override
  public Optional<String> crc32c(String key) {
    return find(key).map(Blob::getCrc32c);
  }

  @Override
  public byte[] read(String key, long offset, int length) {
    // Channels open lazily: asking first detects a missing object and fixes the generation.
    Blob blob = find(key).orElseThrow(() -> missing(key, locate(key) + " does not exist"));
    return attempt(
        key,
        () -> {
          try (ReadChannel channel = storage.reader(blob.getBlobId())) {
            channel.seek(offset);
            channel.limit(Math.addExact(offset, length));
            return Channels.newInputStream(channel).readNBytes(length);
          } catch (IOException e) {
            throw StoreException.brokenOff(locate(key), e);
          }
        });
  }

  /** A 404 of an object may mean that the bucket is missing; the 404 of a listing always does. */
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
    BlobId id = location.id(key);
    return attempt(key, () -> Optional.ofNullable(storage.get(id)));
  }

  private StoredObject stored(Blob blob) {
    String key = blob.getName().substring(location.prefix().length());
    // A test host may leave out the size of an empty object, as proto3 leaves out a zero.
    long size = Objects.requireNonNullElse(blob.getSize(), 0L);
    return new StoredObject(key, size, blob.getGeneration());
  }

  @Override
  public Stream<StoredObject> list(String prefix) {
    return blobs(prefix, BlobListOption.prefix(location.prefix() + prefix))
        .filter(blob -> !blob.getName().endsWith("/")) // a folder that the console made
        .map(this::stored);
  }

  @Override
  public Stream<String> folders(String folder) {
    String name = location.prefix() + ObjectKeys.checkFolder(folder);
    return blobs(folder, BlobListOption.prefix(name), BlobListOption.currentDirectory())
        .filter(Blob::isDirectory)
        .map(entry -> entry.getName().substring(name.length(), entry.getName().length() - 1));
  }

  private Stream<Blob> blobs(String prefix, BlobListOption... options) {
    Page<Blob> first = attempt(prefix, () -> storage.list(location.bucket(), options));
    return Stream.iterate(
            first, Objects::nonNull, page -> attempt(prefix, page::getNextPage)) // null at the end
        .flatMap(Page::streamValues);
  }

  @Override
  public void delete(String key, Precondition precondition) {
    BlobId id = location.id(key);
    ObjectKeys.checkDelete(key, precondition);
    BlobSourceOption[] options =
        precondition.isNone()
            ? new BlobSourceOption[0]
            : new BlobSourceOption[] {BlobSourceOption.generationMatch(precondition.generation())};
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
              return false; // gone, perhaps by an earlier attempt of this delete
            }
            throw StoreException.preconditionFailed(locate(key), precondition);
          }
        });
  }

  @Override
  public void discardLeftovers() {
    // Each object is sent in one request: one that did not arrive whole leaves nothing.
  }

  @Override
  public String locate(String key) {
    return "gs://" + location.bucket() + "/" + location.prefix() + key;
  }

  @Override
  public void close() {
    try {
      storage.close();
    } catch (Exception e) {
      throw new StoreException(Reason.UNAVAILABLE, "closing the Cloud Storage client failed", e);
    }
  }

  private <T> T attempt(String key, Supplier<T> call) {
    try {
      return call.get();
    } catch (StorageException e) {
      throw GcsFailures.translate(e, locate(key), location.bucket());
    }
  }

  /** Translates the Google client's failures into those that {@link ObjectStore} promises. */
  static final class GcsFailures {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;

    /** What the client sends again; 0 stands for a connection that broke. */
    private static final Set<Integer> RETRIED = Set.of(0, 408, 429, 500, 502, 503, 504);

    private GcsFailures() {}

    static boolean isNotFound(StorageException failure) {
      return failure.getCode() == NOT_FOUND;
    }

    static boolean isForbidden(StorageException failure) {
      return failure.getCode() == FORBIDDEN;
    }

    static boolean isPreconditionFailed(StorageException failure) {
      return failure.getCode() == PRECONDITION_FAILED;
    }

    /** Whether all retries failed, any of which may have been carried out without an answer. */
    static boolean mayHaveTakenEffect(StorageException failure) {
      return RETRIED.contains(failure.getCode()) && !isAuthentication(failure);
    }

    /**
     * The failure of a call as a {@link StoreException} with advice.
     *
     * @param location of the object or folder that was requested
     * @param bucket named by a 404, which the caller has made sure means that it is missing
     */
    static StoreException translate(StorageException failure, String location, String bucket) {
      String detail = firstLine(failure);
      boolean refused = failure.getCode() == UNAUTHORIZED;
      if (refused || isAuthentication(failure)) {
        String what =
            refused
                ? "the Google Cloud credentials were refused: expired or revoked"
                : "no Google Cloud credentials, or none that can be renewed";
        return new StoreException(
            Reason.NO_ACCESS,
            "%s: %s; run 'gcloud auth application-default login' or set GOOGLE_APPLICATION_CREDENTIALS (%s)"
                .formatted(location, what, detail),
            failure);
      }
      return switch (failure.getCode()) {
        case FORBIDDEN ->
            new StoreException(
                Reason.NO_ACCESS,
                "%s: these credentials lack the right; grant roles/storage.objectUser on gs://%s (%s)"
                    .formatted(location, bucket, detail),
                failure);
        case NOT_FOUND ->
            new StoreException(
                Reason.NO_BUCKET,
                "bucket gs://" + bucket + " does not exist; check --store or create the bucket",
                failure);
        default ->
            new StoreException(
                Reason.UNAVAILABLE,
                "%s: Cloud Storage %s (%s)"
                    .formatted(
                        location,
                        RETRIED.contains(failure.getCode())
                            ? "failed after all retries; check the network or try again later"
                            : "refused the request, and would again; check --store, and %s if it is set"
                                .formatted(ObjectStores.EMULATOR_HOST),
                        detail),
                failure);
      };
    }

    /** A failure to get a token has no HTTP status: only the cause's class shows it. */
    private static boolean isAuthentication(Throwable failure) {
      return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
          .limit(10)
          .anyMatch(cause -> cause.getClass().getName().startsWith("com.google.auth."));
    }

    private static String firstLine(StorageException failure) {
      if (failure.getCode() == 0 && failure.getCause() instanceof IOException cause) {
        return cause.toString().lines().findFirst().orElseThrow(); // its message may be just a host
      }
      String message = failure.getMessage() == null ? failure.toString() : failure.getMessage();
      return failure.getCode() + ": " + message.lines().findFirst().orElse("no message");
    }
  }
}
