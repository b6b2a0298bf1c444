package dev.repartee.serving.feedback;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.Precondition;
import dev.repartee.registry.store.StoreException;
import dev.repartee.serving.feedback.JournalFile.Scan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves one segment to the store. Keys and contents follow from the sealed file alone and objects
 * are only created, so a move that was cut short anywhere is simply done again.
 */
final class SegmentMover {

  private static final Logger log = LoggerFactory.getLogger(SegmentMover.class);

  private final FeedbackFolder folder;
  private final ObjectStore store;
  private final KnownIds ids;
  private final DiskBudget budget;

  SegmentMover(FeedbackFolder folder, ObjectStore store, KnownIds ids, DiskBudget budget) {
    this.folder = folder;
    this.store = store;
    this.ids = ids;
    this.budget = budget;
  }

  /**
   * Moves {@code sealed}, which is deleted when the store has all of it.
   *
   * @throws StoreException when the store fails
   */
  void move(Path sealed) throws IOException {
    Scan scan = JournalFile.scan(sealed);
    if (scan.damaged() > 0) {
      log.error("{} has {} damaged lines, which are lost", sealed, scan.damaged());
    }
    List<String> moved = new ArrayList<>();
    SortedMap<String, ByteArrayOutputStream> objects = new TreeMap<>();
    for (byte[] json : scan.records()) {
      FeedbackRecord record = FeedbackRecord.parse(json);
      moved.add(record.id());
      ByteArrayOutputStream lines =
          objects.computeIfAbsent(
              FeedbackKeys.key(record, FeedbackFolder.uuid(sealed)),
              unseen -> new ByteArrayOutputStream());
      lines.writeBytes(json);
      lines.write('\n');
    }
    objects.forEach((key, lines) -> put(key, lines.toByteArray()));
    ids.moved(moved);
    Files.delete(sealed);
    folder.sync();
    budget.release(scan.size());
  }

  private void put(String key, byte[] lines) {
    try {
      store.put(key, lines, Precondition.absent());
    } catch (StoreException e) {
      if (e.reason() == StoreException.Reason.PRECONDITION_FAILED) {
        return; // an earlier attempt got this far: nobody else has this segment's name
      }
      throw e;
    }
    budget.keep(lines.length);
  }
}
