package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Spliterators.AbstractSpliterator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Reads conversations from JSON Lines ({@code {"id", "agent_id"?, "domain"?, "customer_name"?,
 * "agent_name"?, "started_at"?, "messages": [{"role", "text"}]}}, one a line) or CSV (columns
 * {@code conversation_id, timestamp, role, text} and where known {@code agent_id, domain,
 * customer_name, agent_name}), each in UTF-8, plain or gzip. A file is CSV when its name ends with
 * {@code .csv} or {@code .csv.gz}. Unknown keys and columns are ignored, blank lines and a byte
 * order mark are skipped.
 *
 * <p>A bad line stops reading: nothing after it is returned, the rest of the file is searched for
 * more bad lines, and one {@link UserException} lists the first of them as {@code file:line: what
 * is wrong}. Nothing is ever skipped silently, since a model trained on half an export looks just
 * like one trained on all of it.
 */
public final class ConversationReader {

  private ConversationReader() {}

  /** Opens a file that is not on this machine's disk; its content may be gzip. */
  @FunctionalInterface
  public interface Bytes {
    InputStream of(Path file) throws IOException;
  }

  /** As {@link #stream(List)}, of one file. */
  public static Stream<Conversation> stream(Path file) {
    return stream(List.of(file));
  }

  /**
   * The conversations of {@code files} in their order, read while the stream is consumed. Of JSON
   * Lines only the ids stay in memory; CSV is grouped in memory, since its rows may be interleaved.
   * Close the stream.
   *
   * @throws UserException while the stream is consumed: when a file cannot be opened, is empty or
   *     has no conversations, for bad lines and damaged gzip data, and when two files share a
   *     conversation's id
   */
  public static Stream<Conversation> stream(List<Path> files) {
    return stream(new FileByFile(files, LineSource::open));
  }

  /** Reads files that {@code bytes} opens. */
  public static Stream<Conversation> stream(List<Path> files, Bytes bytes) {
    return stream(new FileByFile(files, file -> LineSource.open(file, bytes)));
  }

  private static Stream<Conversation> stream(FileByFile files) {
    return StreamSupport.stream(files, false).onClose(files::close);
  }

  /**
   * All conversations of {@code files}, in order.
   *
   * @throws UserException as {@link #stream(List)} does
   */
  public static List<Conversation> readAll(List<Path> files) {
    try (Stream<Conversation> conversations = stream(files)) {
      return conversations.collect(Collectors.toCollection(ArrayList::new));
    }
  }

  private static Stream<Conversation> csv(LineSource source) {
    ConversationCollector conversations = new ConversationCollector();
    BadLines bad = new BadLines(source.file().toString(), Optional.empty());
    new CsvConversations(
            CsvLayout.STANDARD, conversations, (text, place) -> ConversationLine.bounded(text), bad)
        .read(source);
    bad.throwIfAny();
    return conversations.conversations(false);
  }

  /** Whether a file is CSV, by its name. */
  public static boolean isCsv(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".csv.gz");
  }

  /** Reads one file after the other. */
  private static final class FileByFile extends AbstractSpliterator<Conversation> {

    private final Iterator<Path> files;
    private final Function<Path, LineSource> opener;
    private final Optional<Map<String, Path>> fileOfId;
    private Optional<OneFile> open = Optional.empty();

    FileByFile(List<Path> files, Function<Path, LineSource> opener) {
      super(Long.MAX_VALUE, ORDERED | NONNULL);
      this.files = files.iterator();
      this.opener = opener;
      // Reading a single file already finds ids that are used twice.
      this.fileOfId = files.size() > 1 ? Optional.of(new HashMap<>()) : Optional.empty();
    }

    @Override
    public boolean tryAdvance(Consumer<? super Conversation> action) {
      while (open.isPresent() || files.hasNext()) {
        OneFile file = open.orElseGet(() -> new OneFile(opener.apply(files.next())));
        open = Optional.of(file);
        Optional<Conversation> next = file.next();
        if (next.isPresent()) {
          fileOfId.ifPresent(of -> requireNew(next.get().id(), file.source.file(), of));
          action.accept(next.get());
          return true;
        }
        close();
      }
      return false;
    }

    private static void requireNew(String id, Path file, Map<String, Path> fileOfId) {
      Path earlier = fileOfId.putIfAbsent(id, file);
      if (earlier != null) {
        throw new UserException(
            "%s: conversation '%s' is also in %s; give each conversation once"
                .formatted(file, id, earlier));
      }
    }

    void close() {
      open.ifPresent(file -> file.source.close());
      open = Optional.empty();
    }
  }

  /**
   * The conversations of a file. The first bad line ends them: the rest of the file is then only
   * searched for more bad lines.
   */
  private static final class OneFile {

    private final LineSource source;
    private final BadLines bad;
    private final Map<String, Long> lineOfId = new HashMap<>();
    private final Optional<Iterator<Conversation>> table;
    private boolean any;

    OneFile(LineSource source) {
      this.source = source;
      this.bad = new BadLines(source.file().toString(), Optional.empty());
      this.table =
          isCsv(source.file())
              ? Optional.of(Stream.of(source).flatMap(ConversationReader::csv).iterator())
              : Optional.empty();
    }

    /** The next one; empty at the end of the file. */
    Optional<Conversation> next() {
      Optional<Conversation> next =
          table.isEmpty() ? nextLine() : table.filter(Iterator::hasNext).map(Iterator::next);
      if (next.isEmpty() && !any) {
        throw new UserException(source.file() + ": holds no conversations");
      }
      any = true;
      return next;
    }

    private Optional<Conversation> nextLine() {
      for (Optional<LineSource.Line> line = source.next(); line.isPresent(); line = source.next()) {
        Optional<Conversation> parsed = parse(line.get());
        if (parsed.isPresent() && !bad.any()) {
          return parsed;
        }
      }
      bad.throwIfAny();
      return Optional.empty();
    }

    private Optional<Conversation> parse(LineSource.Line line) {
      try {
        if (!line.valid()) {
          throw new IllegalArgumentException(ConversationLine.NOT_UTF8);
        }
        Optional<Conversation> conversation = ConversationLine.parse(line.text());
        conversation.ifPresent(parsed -> requireNew(parsed.id(), line.number()));
        return conversation;
      } catch (IllegalArgumentException e) {
        bad.add(line.number(), e.getMessage());
        return Optional.empty();
      }
    }

    private void requireNew(String id, long line) {
      Long earlier = lineOfId.putIfAbsent(id, line);
      if (earlier != null) {
        throw new IllegalArgumentException("id '" + id + "' is already used in line " + earlier);
      }
    }
  }
}
