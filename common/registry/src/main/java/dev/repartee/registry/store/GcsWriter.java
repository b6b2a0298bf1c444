package dev.repartee.registry.store;

import com.google.cloud.storage.Blob;
import com.google.cloud.storage.BlobInfo;
import com.google.cloud.storage.Storage;
import com.google.cloud.storage.Storage.BlobTargetOption;
import com.google.cloud.storage.StorageException;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Writes objects so that a lost answer is not mistaken for a lost race.
 *
 * <p>When a write takes effect but its answer is a 503, the client sends it again, and the second
 * one finds the precondition broken by the first. Each write therefore carries a mark of its own:
 * where the object that is in the way carries it, the write was done.
 */
final class GcsWriter {

  private static final String MARK = "repartee-write";

  private final GcsLocation location;
  private final Storage storage;

  GcsWriter(GcsLocation location, Storage storage) {
    this.location = location;
    this.storage = storage;
  }

  private interface Upload {
    Blob send(BlobInfo target);
  }

  StoredObject put(String key, byte[] content, Precondition precondition) {
    BlobTargetOption[] options = targetOptions(precondition);
    return put(key, precondition, target -> storage.create(target, content, options));
  }

  /** The parts are read inside of Cloud Storage. */
  StoredObject compose(String key, List<StoredObject> parts, Precondition precondition) {
    BlobTargetOption[] options = targetOptions(precondition);
    return put(
        key,
        precondition,
        target -> {
          Storage.ComposeRequest.Builder request =
              Storage.ComposeRequest.newBuilder().setTarget(target).setTargetOptions(options);
          parts.forEach(
              part -> request.addSource(location.objectName(part.key()), part.generation()));
          return storage.compose(request.build());
        });
  }

  private static BlobTargetOption[] targetOptions(Precondition precondition) {
    return switch (precondition) {
      case Precondition.None _ -> new BlobTargetOption[0];
      case Precondition.Absent _ -> new BlobTargetOption[] {BlobTargetOption.doesNotExist()};
      case Precondition.Generation(long value) ->
          new BlobTargetOption[] {BlobTargetOption.generationMatch(value)};
    };
  }

  private StoredObject put(String key, Precondition precondition, Upload upload) {
    String mark = UUID.randomUUID().toString();
    BlobInfo target =
        BlobInfo.newBuilder(location.bucket(), location.objectName(key))
            .setContentType(contentType(key))
            .setMetadata(Map.of(MARK, mark))
            .build();
    try {
      return stored(key, send(target, mark, upload));
    } catch (StorageException e) {
      if (GcsFailures.isPreconditionFailed(e)) {
        throw StoreException.preconditionFailed(location.uri(key), precondition);
      }
      throw GcsFailures.translate(e, location.uri(key), location.bucket());
    }
  }

  private Blob send(BlobInfo target, String mark, Upload upload) {
    try {
      return upload.send(target);
    } catch (StorageException e) {
      return ownWrite(target, mark, e);
    }
  }

  private Blob ownWrite(BlobInfo target, String mark, StorageException failure) {
    if (GcsFailures.isPreconditionFailed(failure)) {
      Blob current = existing(target, failure);
      if (current != null
          && current.getMetadata() != null
          && mark.equals(current.getMetadata().get(MARK))) {
        return current;
      }
    }
    throw failure;
  }

  /** Who may write may not always read; then it cannot be told whose the object is. */
  private Blob existing(BlobInfo target, StorageException failure) {
    try {
      return storage.get(target.getBlobId());
    } catch (StorageException e) {
      if (GcsFailures.isForbidden(e)) {
        throw failure;
      }
      throw e;
    }
  }

  private StoredObject stored(String key, Blob blob) {
    return new StoredObject(key, blob.getSize(), blob.getGeneration());
  }

  private static String contentType(String key) {
    return key.endsWith(".json") ? "application/json" : "application/octet-stream";
  }
}
