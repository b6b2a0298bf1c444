package dev.repartee.text.conversation;

import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
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

  /**
   * The conversations of {@code file} in file order, read while the stream is consumed. Of JSON
   * Lines only the ids stay in memory; CSV is grouped in memory, since its rows may be interleaved.
   * Close the stream.
   *
   * @throws UserException here when the file cannot be opened or is empty, and while the stream is
   *     consumed for bad lines, damaged gzip data and a file without conversations
   */
  public static Stream<Conversation> stream(Path file) {
    LineSource source = LineSource.open(file);
    BadLines bad = new BadLines(file.toString());
    Iterator<Conversation> conversations =
        isCsv(file)
            ? Stream.of(source).flatMap(ConversationReader::csv).iterator()
            : new JsonLines(source, bad);
    return stream(new NotEmpty(conversations, file)).onClose(source::close);
  }

  /**
   * The conversations of {@code files}, one file after the other, read while the stream is
   * consumed. Close the stream.
   *
   * @throws UserException while the stream is consumed, as {@link #stream(Path)} does, and when two
   *     files share a conversation's id
   */
  public static Stream<Conversation> stream(List<Path> files) {
    FileByFile all = new FileByFile(files);
    return stream(all).onClose(() -> all.open.close());
  }

  private static Stream<Conversation> stream(Iterator<Conversation> conversations) {
    return StreamSupport.stream(
        Spliterators.spliteratorUnknownSize(
            conversations, Spliterator.ORDERED | Spliterator.NONNULL),
        false);
  }

  private static Consumer<Conversation> requireNew(Path file, Map<String, Path> fileOfId) {
    return conversation -> {
      Path earlier = fileOfId.putIfAbsent(conversation.id(), file);
      if (earlier != null) {
        throw inTwoFiles(conversation.id(), file.toString(), earlier.toString());
      }
    };
  }

  /** The failure when {@code file} has a conversation that {@code earlier} has, too. */
  public static UserException inTwoFiles(String id, String file, String earlier) {
    return new UserException(
        "%s: conversation '%s' is also in %s; give each conversation once"
            .formatted(file, id, earlier));
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
    BadLines bad = new BadLines(source.file().toString());
    new CsvConversations(CsvLayout.STANDARD, conversations, (text, place) -> text, bad)
        .read(source);
    bad.throwIfAny();
    return conversations.conversations(false);
  }

  /** Whether a file is CSV, by its name. */
  public static boolean isCsv(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".csv") || name.endsWith(".csv.gz");
  }

  /**
   * The conversations of a JSON Lines file, parsed one at a time. The first bad line ends them: the
   * rest of the file is then only searched for more bad lines.
   */
  private static final class JsonLines implements Iterator<Conversation> {

    private final LineSource source;
    private final BadLines bad;
    private final Map<String, Long> lineOfId = new HashMap<>();
    private Optional<Conversation> next = Optional.empty();

    JsonLines(LineSource source, BadLines bad) {
      this.source = source;
      this.bad = bad;
    }

    @Override
    public boolean hasNext() {
      while (next.isEmpty()) {
        Optional<LineSource.Line> line = source.next();
        if (line.isEmpty()) {
          bad.throwIfAny();
          return false;
        }
        Optional<Conversation> parsed = parse(line.get());
        next = bad.any() ? Optional.empty() : parsed;
      }
      return true;
    }

    @Override
    public Conversation next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Conversation conversation = next.orElseThrow();
      next = Optional.empty();
      return conversation;
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
        throw new IllegalArgumentException(ConversationLine.usedTwice(id, earlier));
      }
    }
  }

  /** Reads one file after the other; a stream's flatMap would buffer each file for an iterator. */
  private static final class FileByFile implements Iterator<Conversation> {

    private final Iterator<Path> files;
    private final Optional<Map<String, Path>> fileOfId;
    private Stream<Conversation> open = Stream.empty();
    private Iterator<Conversation> current = open.iterator();

    FileByFile(List<Path> files) {
      this.files = files.iterator();
      // Reading a single file already finds ids that are used twice.
      this.fileOfId = files.size() > 1 ? Optional.of(new HashMap<>()) : Optional.empty();
    }

    @Override
    public boolean hasNext() {
      while (!current.hasNext()) {
        open.close();
        if (!files.hasNext()) {
          current = Collections.emptyIterator();
          return false;
        }
        Path file = files.next();
        Stream<Conversation> conversations = stream(file);
        open = fileOfId.map(of -> conversations.peek(requireNew(file, of))).orElse(conversations);
        current = open.iterator();
      }
      return true;
    }

    @Override
    public Conversation next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return current.next();
    }
  }

  /** Refuses to end before the first conversation. */
  private static final class NotEmpty implements Iterator<Conversation> {
    private final Iterator<Conversation> conversations;
    private final Path file;
    private boolean any;

    NotEmpty(Iterator<Conversation> conversations, Path file) {
      this.conversations = conversations;
      this.file = file;
    }

    @Override
    public boolean hasNext() {
      boolean more = conversations.hasNext();
      if (!more && !any) {
        throw new UserException(file + ": holds no conversations");
      }
      any = true;
      return more;
    }

    @Override
    public Conversation next() {
      any = true;
      return conversations.next();
    }
  }
}
