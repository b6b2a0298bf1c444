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
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * The windows of many conversations in a mapped file, so that the heap does not grow with the data.
 * The file {@code NAME.bin} holds int32 numbers, big-endian. Of each window: how many tokens,
 * scored positions and replies it has, its conversation, its ids, its scored positions, and
 * position and label of each reply.
 *
 * <p>Several threads may read at once; none may after it was closed.
 */
public final class WindowStore implements AutoCloseable {

  /** Numbers before a window's ids. */
  private static final int HEADER = 4;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

  private final Arena arena;
  private final MemorySegment numbers;
  private final long[] starts; // of the windows, counted in numbers

  private WindowStore(Arena arena, MemorySegment numbers) {
    this.arena = arena;
    this.numbers = numbers;
    this.starts =
        LongStream.iterate(
                0,
                at -> at < numbers.byteSize() / Integer.BYTES,
                at -> at + HEADER + number(at) + number(at + 1) + 2L * number(at + 2))
            .toArray();
  }

  /** Maps the file of {@code name}. */
  @SuppressWarnings("MustBeClosedChecker") // the store closes it
  static WindowStore open(Path folder, String name) throws IOException {
    Arena arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file(folder, name))) {
      return new WindowStore(
          arena, channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena));
    } catch (IOException e) {
      arena.close();
      throw e;
    }
  }

  private static Path file(Path folder, String name) {
    return folder.resolve(name + ".bin");
  }

  /** The number of windows. */
  public int size() {
    return starts.length;
  }

  /** A window's length in tokens. */
  public int length(int window) {
    return number(starts[window]);
  }

  private int scored(int window) {
    return number(starts[window] + 1);
  }

  /** How many replies a window scores. */
  public int replies(int window) {
    return number(starts[window] + 2);
  }

  /** The window's conversation, counted from 0 over all files in their order. */
  public int conversation(int window) {
    return number(starts[window] + 3);
  }

  private int number(long at) {
    return numbers.get(INT, at * Integer.BYTES);
  }

  private int number(int window, int index) {
    return number(starts[window] + HEADER + index);
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

  /** Writes the file, window by window. */
  static final class Writer implements AutoCloseable {

    private static final int BUFFER_BYTES = 1 << 16;

    private final ToIntFunction<String> labelOf;
    private final FileOutputStream file;
    private final DataOutputStream out;

    /** Replaces the file of {@code name}; labels each reply by its text. */
    Writer(Path folder, String name, ToIntFunction<String> labelOf) throws IOException {
      this.labelOf = labelOf;
      file = new FileOutputStream(file(folder, name).toFile());
      out = new DataOutputStream(new BufferedOutputStream(file, BUFFER_BYTES));
    }

    /** Adds a window of the conversation with this number. */
    void add(Window window, int conversation) throws IOException {
      List<Window.Reply> replies = window.replies();
      write(window.ids().length, window.scored().length, replies.size(), conversation);
      write(window.ids());
      write(window.scored());
      for (Window.Reply reply : replies) {
        write(reply.position(), labelOf.applyAsInt(reply.text()));
      }
    }

    private void write(int... values) throws IOException {
      for (int value : values) {
        out.writeInt(value);
      }
    }

    /** Writes everything through to the disk. */
    void sync() throws IOException {
      out.flush();
      file.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
