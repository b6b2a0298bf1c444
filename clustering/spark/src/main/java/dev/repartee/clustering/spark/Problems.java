package dev.repartee.clustering.spark;

import dev.repartee.clustering.spark.Entry.Place;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.BadLines;
import dev.repartee.text.conversation.ConversationLine;
import dev.repartee.text.conversation.ConversationReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import scala.Tuple2;

/** What is wrong with the files, reported in the words of {@link ConversationReader}. */
final class Problems {

  private final List<InputFile> files;
  private final Configuration configuration;
  private final Set<String> filled = new HashSet<>();
  private final TreeMap<Place, BadLine> badLines = new TreeMap<>();
  private final TreeMap<Place, UserException> inTwoFiles = new TreeMap<>();

  /**
   * A bad line.
   *
   * @param problem what is wrong, or the id that an earlier line of the file has already
   * @param earlier the place of that line
   */
  private record BadLine(String problem, Optional<Place> earlier) {}

  Problems(List<InputFile> files, Configuration configuration) {
    this.files = files;
    this.configuration = configuration;
  }

  /** Collects what {@code entry} says about problems. */
  void add(Tuple2<String, byte[]> entry) {
    ByteBuffer bytes = ByteBuffer.wrap(entry._2());
    switch (Entry.kind(entry)) {
      case Entry.FILE -> filled.add(Entry.name(entry));
      case Entry.BAD_LINE ->
          badLines.put(
              Place.read(bytes),
              new BadLine(StandardCharsets.UTF_8.decode(bytes).toString(), Optional.empty()));
      case Entry.ID -> {
        SortedSet<Place> places = new TreeSet<>();
        while (bytes.hasRemaining()) {
          places.add(Place.read(bytes));
        }
        addId(Entry.name(entry), places);
      }
      default -> {}
    }
  }

  private void addId(String id, SortedSet<Place> places) {
    Place first = places.first();
    Map<Integer, Place> firstOfFile = new HashMap<>();
    for (Place place : places) {
      Place earlier = firstOfFile.putIfAbsent(place.file(), place);
      if (earlier != null) {
        badLines.put(place, new BadLine(id, Optional.of(earlier)));
      } else if (place.file() != first.file()) {
        inTwoFiles.put(
            place,
            ConversationReader.inTwoFiles(
                id, files.get(place.file()).name(), files.get(first.file()).name()));
      }
    }
  }

  /**
   * Throws the problem that the reader would have found first.
   *
   * @throws UserException if there is a problem
   */
  void throwIfAny() {
    for (int file = 0; file < files.size(); file++) {
      Place start = new Place(file, 0);
      Place end = new Place(file + 1, 0);
      Map<Place, BadLine> bad = badLines.subMap(start, end);
      Optional<Place> firstBad = bad.keySet().stream().findFirst();
      Optional<Place> firstShared = inTwoFiles.subMap(start, end).keySet().stream().findFirst();
      if (firstShared.isPresent()
          && (firstBad.isEmpty() || firstShared.get().compareTo(firstBad.get()) < 0)) {
        throw inTwoFiles.get(firstShared.get());
      }
      if (firstBad.isPresent()) {
        report(files.get(file), bad);
      }
      if (!filled.contains(String.valueOf(file))) {
        throw new UserException(files.get(file).name() + ": holds no conversations");
      }
    }
  }

  private void report(InputFile file, Map<Place, BadLine> bad) {
    BadLines report = new BadLines(file.name());
    TreeSet<Long> offsets = new TreeSet<>();
    for (Place place : bad.keySet().stream().limit(BadLines.MOST_NAMED).toList()) {
      offsets.add(place.offset());
      bad.get(place).earlier().ifPresent(earlier -> offsets.add(earlier.offset()));
    }
    Map<Long, Long> lines = lineNumbers(file, List.copyOf(offsets));
    // Of the others only the number is reported.
    bad.forEach(
        (place, line) ->
            report.add(
                lines.getOrDefault(place.offset(), 0L),
                line.earlier()
                    .map(earlier -> lines.getOrDefault(earlier.offset(), 0L))
                    .map(earlier -> ConversationLine.usedTwice(line.problem(), earlier))
                    .orElse(line.problem())));
    report.throwIfAny();
  }

  /** The numbers, from 1, of the lines that begin at {@code offsets}, given in ascending order. */
  private Map<Long, Long> lineNumbers(InputFile file, List<Long> offsets) {
    Map<Long, Long> numbers = new HashMap<>();
    List<Long> left = new ArrayList<>(offsets);
    try (InputStream in = new BufferedInputStream(file.open(configuration), 1 << 16)) {
      long line = 1;
      for (long offset = 0; !left.isEmpty(); offset++) {
        if (offset == left.getFirst()) {
          numbers.put(left.removeFirst(), line);
        }
        line += in.read() == '\n' ? 1 : 0;
      }
    } catch (IOException e) {
      throw new UserException(file.name() + ": cannot be read: " + e.getMessage(), e);
    }
    return numbers;
  }
}
