package dev.repartee.clustering.spark;

import dev.repartee.clustering.count.ConversationCounter;
import dev.repartee.clustering.count.Tallies;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationLine;
import dev.repartee.text.conversation.ConversationReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.stream.Stream;
import scala.Tuple2;

/** Counts the lines of one part of a file; gives out its entries whenever many have gathered. */
final class LineTallies implements Iterator<Tuple2<String, byte[]>> {

  private static final int MOST_TEXTS = 50_000;

  /** Costly to make, and Spark gives the tasks of a process no other place to share it. */
  private static final class OfThisProcess {
    static final ConversationCounter.Shared SHARED = new ConversationCounter.Shared();
  }

  private final int file;
  private final Iterator<Tuple2<Long, byte[]>> lines;
  private final ConversationCounter counter = new ConversationCounter(OfThisProcess.SHARED);
  private Iterator<Tuple2<String, byte[]>> ready = Collections.emptyIterator();
  private int badLines;

  /**
   * @param file the file's index
   * @param lines bytes before each line, and its own
   */
  LineTallies(int file, Iterator<Tuple2<Long, byte[]>> lines) {
    this.file = file;
    this.lines = lines;
  }

  @Override
  public boolean hasNext() {
    while (!ready.hasNext() && lines.hasNext()) {
      ready = countSome();
    }
    return ready.hasNext();
  }

  @Override
  public Tuple2<String, byte[]> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return ready.next();
  }

  private Iterator<Tuple2<String, byte[]>> countSome() {
    Tallies tallies = new Tallies();
    List<Tuple2<String, byte[]>> entries = new ArrayList<>();
    boolean any = false;
    while (lines.hasNext() && tallies.texts().size() < MOST_TEXTS) {
      Tuple2<Long, byte[]> line = lines.next();
      Optional<Conversation> conversation =
          parsed(new Place(file, line._1()), ByteBuffer.wrap(line._2()), entries);
      conversation.ifPresent(found -> counter.count(found, tallies));
      any |= conversation.isPresent();
    }
    if (any) {
      entries.add(Entry.file(file));
    }
    entries.add(Entry.totals(tallies.totals()));
    return Stream.concat(entries.stream(), tallies.texts().stream().map(Entry::text)).iterator();
  }

  /** Tells {@code entries} of the line's id, or of what is wrong with it. */
  private Optional<Conversation> parsed(
      Place place, ByteBuffer line, List<Tuple2<String, byte[]>> entries) {
    try {
      Optional<Conversation> conversation = ConversationLine.parse(line);
      conversation.ifPresent(found -> entries.add(Entry.id(found.id(), place)));
      return conversation;
    } catch (IllegalArgumentException e) {
      // No more of a file are ever shown.
      if (badLines++ < ConversationReader.MOST_BAD_LINES) {
        entries.add(Entry.badLine(place, e.getMessage()));
      }
      return Optional.empty();
    }
  }
}
