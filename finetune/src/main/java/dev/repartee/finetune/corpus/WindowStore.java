package dev.repartee.finetune.corpus;

import dev.repartee.finetune.corpus.WindowCutter.Window;
import dev.repartee.finetune.gpt2.PackedBatch;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
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
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * The windows of many conversations in two mapped files, so that the heap does not grow with the
 * data. All numbers are little-endian:
 *
 * <ul>
 *   <li>{@code NAME.windows}, 24 bytes a window: where its numbers begin in the other file, counted
 *       in numbers (int64), then its tokens, scored positions, replies and conversation (int32).
 *   <li>{@code NAME.tokens}, int32: for each window its ids, its scored positions, and position and
 *       label of each reply.
 * </ul>
 *
 * <p>Several threads may read at once; none may after it was closed.
 */
public final class WindowStore implements AutoCloseable {

  private static final int WINDOW_BYTES = Long.BYTES + 4 * Integer.BYTES;
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Arena arena;
  private final MemorySegment tokens;
  private final MemorySegment windows;

  private WindowStore(Arena arena, MemorySegment tokens, MemorySegment windows) {
    this.arena = arena;
    this.tokens = tokens;
    this.windows = windows;
  }

  /** Maps the files called {@code name}. */
  @SuppressWarnings("MustBeClosedChecker") // the store closes it
  static WindowStore open(Path folder, String name) throws IOException {
    Arena arena = Arena.ofShared();
    try {
      return new WindowStore(
          arena, map(tokensFile(folder, name), arena), map(windowsFile(folder, name), arena));
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  private static Path tokensFile(Path folder, String name) {
    return folder.resolve(name + ".tokens");
  }

  private static Path windowsFile(Path folder, String name) {
    return folder.resolve(name + ".windows");
  }

  private static MemorySegment map(Path file, Arena arena) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return channel.map(FileChannel.MapMode.READ_ONLY, 0, Files.size(file), arena);
    }
  }

  /** The number of windows. */
  public int size() {
    return Math.toIntExact(windows.byteSize() / WINDOW_BYTES);
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

  /** The window's conversation, counted from 0 over all files in their order. */
  public int conversation(int window) {
    return count(window, 3);
  }

  private int count(int window, int field) {
    return windows.get(
        INT, (long) window * WINDOW_BYTES + Long.BYTES + (long) field * Integer.BYTES);
  }

  private int number(int window, int index) {
    long start = windows.get(LONG, (long) window * WINDOW_BYTES);
    return tokens.get(INT, (start + index) * Integer.BYTES);
  }

  private int reply(int window, int index, int field) {
    return number(window, length(window) + scored(window) + 2 * index + field);
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
    return IntStream.of(chosen)
        .flatMap(window -> IntStream.range(0, replies(window)).map(i -> reply(window, i, 1)))
        .toArray();
  }

  /**
   * Packs windows end to end.
   *
   * @param count positions of a window
   * @param position of (window, index), counted from the window's start
   */
  private PackedBatch pack(int[] chosen, IntUnaryOperator count, IntBinaryOperator position) {
    int[] lengths = Arrays.stream(chosen).map(this::length).toArray();
    long[] ids = new long[Arrays.stream(lengths).sum()];
    long[] positions = new long[Arrays.stream(chosen).map(count).sum()];
    long[] labels = new long[positions.length];
    int start = 0;
    int at = 0;
    for (int window : chosen) {
      int length = length(window);
      for (int t = 0; t < length; t++) {
        ids[start + t] = number(window, t);
      }
      int positionsOfWindow = count.applyAsInt(window);
      for (int i = 0; i < positionsOfWindow; i++) {
        int scored = start + position.applyAsInt(window, i);
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

  /** Writes the files, window by window. */
  static final class Writer implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final ToIntFunction<String> labelOf;
    private final FileOutputStream tokensFile;
    private final FileOutputStream windowsFile;
    private final DataOutputStream tokens;
    private final DataOutputStream windows;
    private long written; // numbers in the file of tokens

    /** Replaces the files called {@code name}; labels each reply by its text. */
    Writer(Path folder, String name, ToIntFunction<String> labelOf) throws IOException {
      this.labelOf = labelOf;
      tokensFile = new FileOutputStream(tokensFile(folder, name).toFile());
      tokens = new DataOutputStream(new BufferedOutputStream(tokensFile, BUFFER_BYTES));
      try {
        windowsFile = new FileOutputStream(windowsFile(folder, name).toFile());
      } catch (IOException e) {
        tokensFile.close();
        throw e;
      }
      windows = new DataOutputStream(new BufferedOutputStream(windowsFile, BUFFER_BYTES));
    }

    /** Adds a window of the conversation with this number. */
    void add(Window window, int conversation) throws IOException {
      List<Window.Reply> replies = window.replies();
      windows.writeLong(Long.reverseBytes(written));
      write(windows, window.ids().length, window.scored().length, replies.size(), conversation);
      write(tokens, window.ids());
      write(tokens, window.scored());
      for (Window.Reply reply : replies) {
        write(tokens, reply.position(), labelOf.applyAsInt(reply.text()));
      }
      written += window.ids().length + window.scored().length + 2L * replies.size();
    }

    private static void write(DataOutputStream out, int... values) throws IOException {
      for (int value : values) {
        out.writeInt(Integer.reverseBytes(value));
      }
    }

    /** Writes everything through to the disk. */
    void sync() throws IOException {
      tokens.flush();
      tokensFile.getFD().sync();
      windows.flush();
      windowsFile.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      try (tokensFile) {
        windowsFile.close();
      }
    }
  }
}
