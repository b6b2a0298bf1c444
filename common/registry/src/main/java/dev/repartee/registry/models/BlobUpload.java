package dev.repartee.registry.models;

import dev.repartee.registry.models.UploadPlan.Part;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.registry.store.StoreException.Reason;
import dev.repartee.registry.store.StoredObject;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the files of a model folder into the registry, each under its hash. What is there already,
 * be it of another version or of a publication that was broken off, is not sent again.
 *
 * <p>A garbage collection deletes exactly the generations that it listed before it read the claims.
 * What is reused is therefore renewed, after the claim was written: either the collection has seen
 * the claim, or it does not know the generation.
 */
final class BlobUpload {

  private static final Logger log = LoggerFactory.getLogger(BlobUpload.class);

  /** How often files that others wrote or deleted meanwhile are looked at again. */
  private static final int ROUNDS = 5;

  private final ObjectStore store;
  private final int threads;
  private final String model;
  private final Path folder;

  /** By their hashes: what is not in the registry yet. */
  private final Map<String, UploadPlan> missing = new ConcurrentHashMap<>();

  /** By hash: the generation of a blob that is there but damaged, and is to be replaced. */
  private final Map<String, StoredObject> damaged = new ConcurrentHashMap<>();

  /** By key: the parts that are there. */
  private final Map<String, StoredObject> parts = new ConcurrentHashMap<>();

  BlobUpload(ObjectStore store, int threads, String model, Path folder) {
    this.store = store;
    this.threads = threads;
    this.model = model;
    this.folder = folder;
  }

  /**
   * Returns when every blob is in the registry. The claim that names them must be written before.
   *
   * @throws UserException when the store fails, or a file is not what was planned any more
   */
  void upload(List<UploadPlan> plans) {
    Map<String, UploadPlan> distinct = new LinkedHashMap<>(); // two files may have one content
    plans.forEach(plan -> distinct.put(plan.file().sha256(), plan));
    missing.putAll(distinct);
    forEach(distinct.values(), this::reuse);
    for (int round = 1; !missing.isEmpty(); round++) {
      if (round > ROUNDS) {
        throw new UserException(
            store.locate(Layout.blobs(model))
                + ": was changed by others again and again while files were uploaded; try again");
      }
      sendParts();
      forEach(List.copyOf(missing.values()), this::join);
    }
  }

  private <T> void forEach(Collection<T> values, Consumer<T> task) {
    Workers.run(threads, values.stream().<Runnable>map(value -> () -> task.accept(value)).toList());
  }

  private void reuse(UploadPlan plan) {
    Optional<StoredObject> there = intact(plan);
    if (there.isPresent()) {
      try {
        store.renew(there.get());
        log.info("{} is in the registry already", plan.file().path());
        missing.remove(plan.file().sha256());
      } catch (StoreException e) {
        requireReason(e, Reason.PRECONDITION_FAILED);
        recheck(plan);
      }
    }
  }

  /** What others wrote since the claim is as good as renewed. */
  private void recheck(UploadPlan plan) {
    if (intact(plan).isPresent()) {
      missing.remove(plan.file().sha256());
    }
  }

  private Optional<StoredObject> intact(UploadPlan plan) {
    String key = Layout.blob(model, plan.file().sha256());
    Optional<StoredObject> there = store.stat(key);
    damaged.remove(plan.file().sha256());
    if (there.isPresent() && !isIntact(there.get(), plan.file().size(), plan.crc32c())) {
      log.warn("{} is damaged and is replaced", store.locate(key));
      damaged.put(plan.file().sha256(), there.get());
      return Optional.empty();
    }
    return there;
  }

  private boolean isIntact(StoredObject object, long size, String crc32c) {
    return object.size() == size && store.crc32c(object.key()).equals(Optional.of(crc32c));
  }

  private void sendParts() {
    Map<String, Runnable> tasks = new LinkedHashMap<>(); // equal parts are one
    for (UploadPlan plan : missing.values()) {
      for (Part part : plan.parts()) {
        tasks.put(partKey(plan, part), () -> send(plan, part));
      }
    }
    Workers.run(threads, List.copyOf(tasks.values()));
  }

  private void send(UploadPlan plan, Part part) {
    String key = partKey(plan, part);
    parts.remove(key);
    boolean whole = plan.parts().size() == 1;
    Optional<StoredObject> there = whole ? damaged(plan) : store.stat(key);
    if (!whole && there.isPresent() && isIntact(there.get(), part.length(), part.crc32c())) {
      parts.put(key, there.get()); // of a publication that was broken off, or one at work
      return;
    }
    byte[] bytes = read(plan, part);
    log.info("uploading {} ({} of {} bytes)", plan.file().path(), bytes.length, plan.file().size());
    try {
      parts.put(key, store.put(key, bytes, replacing(there)));
    } catch (StoreException e) {
      requireReason(e, Reason.PRECONDITION_FAILED);
      log.debug("{} was uploaded by another publisher", key);
    }
  }

  /** Small files go to their place at once, others in parts. */
  private String partKey(UploadPlan plan, Part part) {
    String hash = plan.file().sha256();
    return plan.parts().size() == 1
        ? Layout.blob(model, hash)
        : Layout.upload(model, hash) + part.sha256();
  }

  private Optional<StoredObject> damaged(UploadPlan plan) {
    return Optional.ofNullable(damaged.get(plan.file().sha256()));
  }

  private static Precondition replacing(Optional<StoredObject> there) {
    return there
        .map(object -> Precondition.generation(object.generation()))
        .orElse(Precondition.absent());
  }

  private void join(UploadPlan plan) {
    List<StoredObject> sources = sources(plan);
    if (plan.parts().size() > 1 && sources.size() == plan.parts().size()) {
      compose(plan, sources);
    }
    recheck(plan);
    if (plan.parts().size() > 1 && !missing.containsKey(plan.file().sha256())) {
      forEach(Set.copyOf(sources), this::discard);
    }
  }

  /** The parts that are there, in their order; equal ones are one object. */
  private List<StoredObject> sources(UploadPlan plan) {
    return plan.parts().stream()
        .map(part -> parts.get(partKey(plan, part)))
        .filter(Objects::nonNull)
        .toList();
  }

  private void compose(UploadPlan plan, List<StoredObject> sources) {
    try {
      store.compose(Layout.blob(model, plan.file().sha256()), sources, replacing(damaged(plan)));
    } catch (StoreException e) {
      // A part that is gone was taken by who has composed it already, or by a collection.
      if (e.reason() != Reason.NOT_FOUND) {
        requireReason(e, Reason.PRECONDITION_FAILED);
      }
    }
  }

  private void discard(StoredObject part) {
    try {
      store.delete(part.key(), Precondition.generation(part.generation()));
    } catch (StoreException e) {
      requireReason(e, Reason.PRECONDITION_FAILED);
    }
  }

  private byte[] read(UploadPlan plan, Part part) {
    Path path = folder.resolve(plan.file().path());
    byte[] bytes = new byte[part.length()];
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      file.seek(part.offset());
      file.readFully(bytes);
    } catch (IOException e) {
      throw new UserException(path + ": cannot be read: " + e, e);
    }
    if (!Sha256.of(bytes).equals(part.sha256())) {
      throw new UserException(path + ": changed while it was published; try again");
    }
    return bytes;
  }

  private static void requireReason(StoreException failure, Reason reason) {
    if (failure.reason() != reason) {
      throw failure;
    }
  }
}
