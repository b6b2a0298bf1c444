package dev.repartee.finetune.corpus;

import dev.repartee.finetune.gpt2.PackedBatch;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The windows of many conversations in two mapped files, so that the heap does not grow with them:
 * {@code NAME.tokens} (int32: of each window its ids, its scored positions, and position and answer
 * of each reply) and {@code NAME.windows} (24 bytes each: where its tokens begin, int64, and four
 * counts, int32). May be read by several threads; close it when none does any more.
 */
public final class Corpus implements AutoCloseable {

  private static final int WINDOW_BYTES = Long.BYTES + 4 * Integer.BYTES;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final MemorySegment tokens;
  private final MemorySegment windows;

  private Corpus(Arena arena, MemorySegment tokens, MemorySegment windows) {
    this.arena = arena;
    this.tokens = tokens;
    this.windows = windows;
  }

  static Path tokensFile(Path folder, String name) {
    return folder.resolve(name + ".tokens");
  }

  static Path windowsFile(Path folder, String name) {
    return folder.resolve(name + ".windows");
  }

  /** Maps the files of that name. */
  @SuppressWarnings("MustBeClosedChecker") // the corpus closes it
  static Corpus open(Path folder, String name) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new Corpus(
          arena, map(tokensFile(folder, name), arena), map(windowsFile(folder, name), arena));
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file), arena);
    }
  }

  /** How many windows there are. */
  public int size() {
    return Math.toIntExact(windows.byteSize() / WINDOW_BYTES);
  }

  private int count(int window, int which) {
    return windows.get(
        INT, (long) window * WINDOW_BYTES + Long.BYTES + (long) which * Integer.BYTES);
  }

  /** A window's length in tokens. */
  public int length(int window) {
    return count(window, 0);
  }

  private int scored(int window) {
    return count(window, 1);
  }

  /** How many replies a window scores. */
  public int replies(int window) {
    return count(window, 2);
  }

  /** Which conversation a window is of, counted from 0 over all files in their order. */
  public int conversation(int window) {
    return count(window, 3);
  }

  private int number(int window, int index) {
    long start = windows.get(LONG, (long) window * WINDOW_BYTES);
    return tokens.get(INT, (start + index) * Integer.BYTES);
  }

  /** The windows end to end, with the scored tokens as positions. */
  public PackedBatch scoring(int... chosen) {
    return pack(chosen, this::scored, (window, i) -> number(window, length(window) + i));
  }

  /** The windows end to end, with the agent's markers as positions. */
  public PackedBatch replyMarkers(int... chosen) {
    return pack(chosen, this::replies, (window, i) -> reply(window, i, 0));
  }

  /** The labels of the windows' replies, in the order of {@link #replyMarkers}. */
  public int[] labels(int... chosen) {
    IntStream.Builder labels = IntStream.builder();
    for (int window : chosen) {
      for (int i = 0; i < replies(window); i++) {
        labels.add(reply(window, i, 1));
      }
    }
    return labels.build().toArray();
  }

  private int reply(int window, int index, int field) {
    return number(window, length(window) + scored(window) + 2 * index + field);
  }

  @FunctionalInterface
  private interface Count {
    int of(int window);
  }

  @FunctionalInterface
  private interface Position {
    int of(int window, int index);
  }

  private PackedBatch pack(int[] chosen, Count count, Position position) {
    int[] lengths = Arrays.stream(chosen).map(this::length).toArray();
    long[] ids = new long[Arrays.stream(lengths).sum()];
    long[] positions = new long[Arrays.stream(chosen).map(count::of).sum()];
    long[] labels = new long[positions.length];
    int start = 0;
    int at = 0;
    for (int window : chosen) {
      int length = length(window);
      for (int t = 0; t < length; t++) {
        ids[start + t] = number(window, t);
      }
      for (int i = 0; i < count.of(window); i++) {
        int scored = start + position.of(window, i);
        positions[at] = scored;
        labels[at] = ids[scored + 1];
        at++;
      }
      start += length;
    }
    return new PackedBatch(ids, lengths, positions, labels);
  }

  @Override
  public void close() {
    arena.close();
  }
}
