package dev.repartee.engine.memory;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.Optional;

/**
 * How often each word is used, and how often each followed which words before. As a file it is
 * memory-mapped: four numbers of 32 bits (format, words, keys, pairs), then the uses of the words,
 * the keys in ascending order, where the words of each begin, the words, their counts; all in
 * little-endian order. The mapping ends when nothing refers to it any more.
 */
final class FollowerCounts {

  private static final int FORMAT = 1;
  private static final int HEADER = 4 * Integer.BYTES;
  private static final ValueLayout.OfInt INT =
      JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  static final FollowerCounts NONE = of(new int[0], new Pairs());

  /**
   * A file that is mapped.
   *
   * @param key by which the system knows it, whatever its name
   */
  private record Mapped(Path file, Object key) {

    static Mapped of(Path file) throws IOException {
      return new Mapped(file, Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    }

    /** Whether the name still means this file. */
    boolean isThere() {
      try {
        return key != null && key.equals(of(file).key());
      } catch (IOException e) {
        return false;
      }
    }
  }

  private final MemorySegment bytes;
  private final Optional<Mapped> mapped;
  private final int keys;
  private final long keysAt;
  private final long startsAt;
  private final long wordsAt;
  private final long countsAt;

  private FollowerCounts(MemorySegment bytes, Optional<Mapped> mapped) {
    this.bytes = bytes;
    this.mapped = mapped;
    this.keys = bytes.get(INT, 2 * Integer.BYTES);
    long pairs = bytes.get(INT, 3 * Integer.BYTES);
    this.keysAt = HEADER + (long) Integer.BYTES * bytes.get(INT, Integer.BYTES);
    this.startsAt = keysAt + (long) Long.BYTES * keys;
    this.wordsAt = startsAt + Integer.BYTES * (keys + 1L);
    this.countsAt = wordsAt + Integer.BYTES * pairs;
  }

  private static long size(long words, long keys, long pairs) {
    return HEADER + Integer.BYTES * (words + keys + 1 + 2 * pairs) + Long.BYTES * keys;
  }

  /**
   * Counted pairs.
   *
   * @param uses of each word
   */
  static FollowerCounts of(int[] uses, Pairs pairs) {
    long[] keys = pairs.keys();
    int[] starts = pairs.starts(keys);
    int count = starts[keys.length];
    int[] words = new int[count];
    int[] counts = new int[count];
    pairs.fill(keys, starts, words, counts);
    return of(uses, keys, starts, words, counts);
  }

  /** Words and their counts, after no key. */
  static FollowerCounts of(int[] words, int[] counts) {
    return of(new int[0], new long[0], new int[1], words, counts);
  }

  private static FollowerCounts of(
      int[] uses, long[] keys, int[] starts, int[] words, int[] counts) {
    MemorySegment bytes =
        Arena.ofAuto().allocate(size(uses.length, keys.length, words.length), Long.BYTES);
    int[] header = {FORMAT, uses.length, keys.length, words.length};
    MemorySegment.copy(header, 0, bytes, INT, 0, header.length);
    FollowerCounts made = new FollowerCounts(bytes, Optional.empty());
    MemorySegment.copy(uses, 0, bytes, INT, HEADER, uses.length);
    MemorySegment.copy(keys, 0, bytes, LONG, made.keysAt, keys.length);
    MemorySegment.copy(starts, 0, bytes, INT, made.startsAt, starts.length);
    MemorySegment.copy(words, 0, bytes, INT, made.wordsAt, words.length);
    MemorySegment.copy(counts, 0, bytes, INT, made.countsAt, counts.length);
    return made;
  }

  /**
   * Maps a file.
   *
   * @param words that it must count
   * @throws UserException when it is missing, damaged, or counts others
   */
  static FollowerCounts read(Path file, int words) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() < HEADER) {
        throw new UserException(file + " is damaged: it has %d bytes".formatted(channel.size()));
      }
      MemorySegment bytes =
          channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
      long keys = bytes.get(INT, 2 * Integer.BYTES);
      long pairs = bytes.get(INT, 3 * Integer.BYTES);
      if (bytes.get(INT, 0) != FORMAT
          || bytes.get(INT, Integer.BYTES) != words
          || keys < 0
          || pairs < 0
          || size(words, keys, pairs) != channel.size()) {
        throw new UserException(
            "%s is damaged or of another version: it must count %d words; fetch it again"
                .formatted(file, words));
      }
      FollowerCounts counts = new FollowerCounts(bytes, Optional.of(Mapped.of(file)));
      counts.check(file, words, (int) pairs);
      return counts;
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e, e);
    }
  }

  /** Later nothing looks whether a place or a word is one. */
  private void check(Path file, int ofWords, int pairs) {
    boolean whole = start(0) == 0 && start(keys) == pairs;
    for (int key = 0; key < keys; key++) {
      whole &= start(key) <= start(key + 1);
    }
    for (int at = 0; at < pairs; at++) {
      whole &= word(at) >= 0 && word(at) < ofWords && count(at) > 0;
    }
    if (!whole) {
      throw new UserException(
          file + " is damaged: it names words or places that it does not have; fetch it again");
    }
  }

  /** Writes a new file; one that is mapped and lies on the same disk is linked, not copied. */
  void write(Path to) throws IOException {
    if (mapped.filter(Mapped::isThere).isPresent()) {
      Folders.linkOrCopy(mapped.get().file(), to);
      return;
    }
    AtomicFile.write(
        to,
        out -> {
          byte[] part = new byte[1 << 16];
          for (long at = 0; at < bytes.byteSize(); at += part.length) {
            int length = (int) Math.min(part.length, bytes.byteSize() - at);
            MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, part, 0, length);
            out.write(part, 0, length);
          }
        });
  }

  /** How often a word is used. */
  int uses(int word) {
    return bytes.get(INT, HEADER + (long) Integer.BYTES * word);
  }

  /** The position of a key; negative where there is none. */
  int find(long key) {
    int low = 0;
    int high = keys - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      long there = bytes.get(LONG, keysAt + (long) Long.BYTES * middle);
      if (there < key) {
        low = middle + 1;
      } else if (there > key) {
        high = middle - 1;
      } else {
        return middle;
      }
    }
    return -1;
  }

  /** Where the words of the key at a position begin. */
  int start(int key) {
    return bytes.get(INT, startsAt + (long) Integer.BYTES * key);
  }

  int word(int at) {
    return bytes.get(INT, wordsAt + (long) Integer.BYTES * at);
  }

  int count(int at) {
    return bytes.get(INT, countsAt + (long) Integer.BYTES * at);
  }

  /** How often each word followed each key: a hash table without objects, for many millions. */
  static final class Pairs {

    private long[] keys = new long[1024];
    private int[] words = new int[1024];
    private int[] counts = new int[1024]; // 0: a free place
    private int size;

    void count(long key, int word) {
      if (2 * size > keys.length) {
        grow();
      }
      int at = place(key, word);
      if (counts[at] == 0) {
        keys[at] = key;
        words[at] = word;
        size++;
      }
      counts[at]++;
    }

    private int place(long key, int word) {
      long mixed = (key ^ (word * 0x9E3779B97F4A7C15L)) * 0xff51afd7ed558ccdL;
      int at = (int) (mixed >>> 32) & (keys.length - 1);
      while (counts[at] != 0 && (keys[at] != key || words[at] != word)) {
        at = (at + 1) & (keys.length - 1);
      }
      return at;
    }

    private void grow() {
      long[] keysBefore = keys;
      int[] wordsBefore = words;
      int[] countsBefore = counts;
      keys = new long[2 * keysBefore.length];
      words = new int[keys.length];
      counts = new int[keys.length];
      for (int i = 0; i < keysBefore.length; i++) {
        if (countsBefore[i] > 0) {
          int at = place(keysBefore[i], wordsBefore[i]);
          keys[at] = keysBefore[i];
          words[at] = wordsBefore[i];
          counts[at] = countsBefore[i];
        }
      }
    }

    /** Each key once, ascending. */
    long[] keys() {
      long[] all = new long[size];
      int n = 0;
      for (int i = 0; i < keys.length; i++) {
        if (counts[i] > 0) {
          all[n++] = keys[i];
        }
      }
      Arrays.sort(all);
      int distinct = 0;
      for (int i = 0; i < n; i++) {
        if (i == 0 || all[i] != all[i - 1]) {
          all[distinct++] = all[i];
        }
      }
      return Arrays.copyOf(all, distinct);
    }

    /** Where the words of each of {@link #keys()} begin, and where those of the last end. */
    int[] starts(long[] sorted) {
      int[] starts = new int[sorted.length + 1];
      for (int i = 0; i < keys.length; i++) {
        if (counts[i] > 0) {
          starts[Arrays.binarySearch(sorted, keys[i]) + 1]++;
        }
      }
      for (int i = 0; i < sorted.length; i++) {
        starts[i + 1] += starts[i];
      }
      return starts;
    }

    /** Writes the words of each key and their counts where {@link #starts} says. */
    void fill(long[] sorted, int[] starts, int[] ofWords, int[] ofCounts) {
      int[] next = starts.clone();
      for (int i = 0; i < keys.length; i++) {
        if (counts[i] > 0) {
          int at = next[Arrays.binarySearch(sorted, keys[i])]++;
          ofWords[at] = words[i];
          ofCounts[at] = counts[i];
        }
      }
    }
  }
}
