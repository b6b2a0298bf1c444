package dev.repartee.serving.feedback;

import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.serving.http.ApiLimits;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.OwnerOnly;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of feedback, by which repeated requests are recognized: of all feedback on this machine,
 * and of the latest that was moved to the store, which a file remembers. Thread-safe.
 */
final class KnownIds {

  /** How many ids of moved feedback are known. */
  private static final int RECENT = 100_000;

  /** As {@link FeedbackRecord#key} makes them. */
  private static final Pattern KEY = Pattern.compile("([0-9a-f]+:)?" + ApiLimits.FEEDBACK_ID);

  private static final Logger log = LoggerFactory.getLogger(KnownIds.class);

  private final Path file;
  private final Set<String> local = new HashSet<>();
  private final SequencedSet<String> recent = new LinkedHashSet<>();
  private final Map<String, CompletableFuture<Void>> beingStored = new HashMap<>();
  private int lines; // of the file

  /** Reads {@code file} if it exists, and writes it anew without what is damaged. */
  KnownIds(Path file) throws IOException {
    this.file = file;
    if (Files.exists(file)) {
      // Not as UTF-8, which ends at the first wrong byte: keys are ASCII.
      String text = Files.readString(file, StandardCharsets.ISO_8859_1);
      List<String> keys = text.lines().filter(KEY.asMatchPredicate()).toList();
      keys.forEach(this::remember);
      lines = Math.toIntExact(text.lines().count());
      if (keys.size() < lines) {
        log.warn(
            "{} had {} damaged lines and is written again without them: repeats of these are not"
                + " recognized",
            file,
            lines - keys.size());
      }
      // The next line would be appended to a torn one.
      if (lines > 2 * RECENT || keys.size() < lines || !(text.isEmpty() || text.endsWith("\n"))) {
        compact();
      }
    }
  }

  /**
   * Notes that an id is about to be stored, unless it is known.
   *
   * @param mine completes when it is stored, or fails
   * @return a future that completes when the earlier feedback of this id is stored; empty if this
   *     is the first
   */
  synchronized Optional<CompletableFuture<Void>> begin(String id, CompletableFuture<Void> mine) {
    if (local.contains(id)) {
      return Optional.of(CompletableFuture.completedFuture(null));
    }
    if (recent.remove(id)) {
      recent.addLast(id);
      return Optional.of(CompletableFuture.completedFuture(null));
    }
    return Optional.ofNullable(beingStored.putIfAbsent(id, mine));
  }

  /** The feedback is in the journal. */
  synchronized void stored(String id) {
    beingStored.remove(id);
    local.add(id);
  }

  /** The feedback is not in the journal, and may come again. */
  synchronized void failed(String id) {
    beingStored.remove(id);
  }

  /**
   * The segment with these ids is in the store, which completes what waits for it. On return the
   * file remembers them.
   */
  synchronized void moved(Collection<String> ids) {
    ids.forEach(
        id -> {
          local.remove(id);
          Optional.ofNullable(beingStored.remove(id)).ifPresent(waits -> waits.complete(null));
          remember(id);
        });
    try {
      append(ids);
      if (lines > 2 * RECENT) {
        compact();
      }
    } catch (IOException e) {
      // The segment must be deleted anyway: a full disk has no other way to become empty.
      log.warn("{}: repeats will not be recognized after a restart: {}", file, e.toString());
    }
  }

  private void remember(String id) {
    recent.remove(id);
    recent.addLast(id);
    Iterator<String> oldest = recent.iterator();
    while (recent.size() > RECENT) {
      oldest.next();
      oldest.remove();
    }
  }

  private void append(Collection<String> ids) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text(ids).getBytes(StandardCharsets.UTF_8));
    try (FileChannel channel =
        OwnerOnly.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    lines += ids.size();
  }

  private void compact() throws IOException {
    AtomicFile.writeOwnerOnly(
        file, out -> out.write(text(List.copyOf(recent)).getBytes(StandardCharsets.UTF_8)));
    lines = recent.size();
  }

  private static String text(Collection<String> ids) {
    StringBuilder text = new StringBuilder();
    ids.forEach(id -> text.append(id).append('\n'));
    return text.toString();
  }
}
