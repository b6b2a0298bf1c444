package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.ExportFiles.ExportFile;
import dev.repartee.finetune.conversations.Repeats.Repeating;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.BadLines;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Copies;
import dev.repartee.text.conversation.CsvConversations;
import dev.repartee.text.conversation.CsvLayout;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.conversation.CsvLayout.TimeFormat;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code repartee conversations import}: makes JSON Lines of what a help desk exports. */
@Command(
    name = "import",
    description = {
      "Writes DIR/conversations.jsonl.gz from the exports of help desks: JSON of Google's Agent"
          + " Assist and CCAI Insights, Chatwoot, Zendesk, Zendesk Chat, Intercom, Zammad, Amazon"
          + " Connect, vCon, or CSV with a message in each row. docs/your-data.md says more."
    },
    footer = {
      "  repartee conversations import --conversations export.csv --output data \\",
      "    --columns id=Ticket,role=From,text=Body,time=Sent,agent=Author \\",
      "    --roles Kunde=customer,Mitarbeiter=agent,System=skip \\",
      "    --skip Intern=ja --time-zone Europe/Berlin",
      "  repartee conversations import --conversations zendesk.zip --output data"
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

  static final String FILE = "conversations.jsonl.gz";

  private static final String CSV = "csv";

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "FILE,...",
      description = "Exports: files, plain or .gz, folders, or ZIP files.")
  private List<Path> files = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for " + FILE + ".")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FILE",
      description = "YAML file that describes the JSON of another desk.")
  private Optional<Path> format = Optional.empty();

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      converter = EncodingConverter.class,
      description = "Encoding, for example windows-1252. Default: recognised for each file.")
  private Optional<Charset> encoding = Optional.empty();

  @Option(
      names = "--columns",
      split = ",(?=[a-zA-Z_-]+=)", // names of columns may hold commas
      converter = ColumnConverter.class,
      hideParamSyntax = true,
      showDefaultValue = Visibility.NEVER,
      paramLabel = "COLUMN=NAME,...",
      description =
          "CSV: the names of id, time, role, text, and where there are any, agent, domain,"
              + " customer_name and agent_name. Where rows answer one another: id of a message, and"
              + " reply-to, the id that it answers. Where tickets and their comments are two"
              + " tables: id and title of a ticket, and ticket, the id that a comment names;"
              + " text=A|B where one calls it A, the other B.")
  private Map<Column, String> columns = Map.of();

  @Option(
      names = "--roles",
      split = "(?i)(?<==(?:customer|agent|bot|skip|author)),", // values may hold commas
      hideParamSyntax = true,
      showDefaultValue = Visibility.NEVER,
      paramLabel = "VALUE=ROLE,...",
      description =
          "Who the values of the role column are: customer, agent, bot (read, never learned) or"
              + " skip (not read). '*' stands for all others; '*=author' if they are names: whoever"
              + " begins a conversation is its customer.")
  private Map<String, Speaker> roles = Map.of();

  @Option(
      names = "--skip",
      split = "\n", // values may hold commas
      hideParamSyntax = true,
      paramLabel = "COLUMN=VALUE",
      description =
          "CSV: leave out rows, such as private=true, or 'locale=not en-US'; may be repeated;"
              + " COLUMN=none reads all rows.")
  private List<String> skips = List.of();

  @Option(
      names = "--time-format",
      split = "\n", // patterns may hold commas
      hideParamSyntax = true,
      paramLabel = "PATTERN",
      description =
          "CSV: how times are written, such as 'dd.MM.yyyy HH:mm'; may be repeated. Default:"
              + " recognised.")
  private List<String> timeFormats = List.of();

  @Option(
      names = "--time-zone",
      defaultValue = "UTC",
      paramLabel = "ZONE",
      converter = ZoneConverter.class,
      description = "Zone of times without one, for example Europe/Berlin.")
  private ZoneId zone;

  @Option(
      names = "--least-answered",
      defaultValue = "10",
      paramLabel = "N",
      description = "With '*=author': agents wrote in N conversations of others, or are named.")
  private long leastAnswered;

  @Option(
      names = "--skip-third-persons",
      description = "With '*=author': leave out a third person's message, which else ends it.")
  private boolean skipThirdPersons;

  @Option(
      names = "--skip-bad",
      defaultValue = "0",
      paramLabel = "N",
      description = "Leave out up to N rows that cannot be read; more are an error.")
  private long skipBad;

  @Mixin private Output print;

  /** What the import counts; its text follows the number. */
  enum Count {
    UNKNOWN_OBJECTS("JSON objects of no known format are ignored"),
    IGNORED_FILES("files that are neither JSON nor CSV are ignored"),
    REPEATED("rows that an earlier file has too count once"),
    COPIES("conversations are copies of others or parts of them, and are left out"),
    JOINED("conversations have messages in several files; import files apart that only share ids"),
    TOO_LONG("messages are longer than a million characters, which are read"),
    HTML("messages were HTML"),
    ENTITIES("messages had entities such as &amp;"),
    QUOTES("messages quoted others, which is cut"),
    SIGNATURES("messages had a signature, which is cut"),
    HANDLES("messages began with handles, which are cut"),
    SIGN_OFFS("messages were signed; the name is cut, and is the agent where none is known"),
    PARTS("messages were parts, and are joined to the part before"),
    EMPTY_TEXTS("messages without text are left out"),
    EMPTY_CONVERSATIONS("conversations had no other messages"),
    SEVERAL_AGENTS("conversations have several agents; each reply counts as its own agent's");

    private final String text;

    Count(String text) {
      this.text = text;
    }
  }

  /** How often the import found what it counts. */
  static final class Counts {
    private final Map<Count, Long> counts = new EnumMap<>(Count.class);

    void add(Count what, long more) {
      counts.merge(what, more, Long::sum);
    }

    void addIf(boolean found, Count what) {
      add(what, found ? 1 : 0);
    }

    long of(Count what) {
      return counts.getOrDefault(what, 0L);
    }
  }

  private final SortedMap<String, Long> formats = new TreeMap<>();
  private final SortedMap<String, Long> encodings = new TreeMap<>();
  private final Counts counts = new Counts();
  private SortedMap<String, Long> answered = new TreeMap<>(); // others, by agents and near agents
  private final MessageText texts = new MessageText(counts);
  private final ConversationCollector collector = new ConversationCollector();

  @Override
  public Integer call() {
    List<DeskFormat> known = new ArrayList<>(format.stream().map(DeskFormat::of).toList());
    known.addAll(DeskFormat.known());
    CsvLayout layout =
        new CsvLayout(
            columns, roles, timeFormats.stream().map(TimeFormat::of).toList(), zone, skips());
    BadLines bad = bad();
    DeskReader desks = new DeskReader(known, layout, texts, collector, bad);
    try (ExportFiles exports = new ExportFiles(files, encoding)) {
      CsvConversations csv =
          new CsvConversations(
              withTimes(layout, exports),
              collector,
              (text, place) -> texts.read(text, MessageText.Kind.EITHER, place),
              bad);
      for (ExportFile file : exports.files()) {
        encodings.merge(file.charset().name(), 1L, Long::sum);
        read(file, csv, desks).forEach(found -> formats.merge(found, 1L, Long::sum));
      }
      desks.finish();
      bad.throwIfAny();
      csv.requireSkipped();
      counts.add(Count.UNKNOWN_OBJECTS, desks.others());
      counts.add(Count.IGNORED_FILES, exports.ignored());
      if (collector.rows() == collector.skipped().values().stream().mapToLong(n -> n).sum()) {
        throw new UserException(
            "%s: no messages in %d rows; look at --roles".formatted(named(), collector.rows()));
      }
      if (layout.isJoined()) {
        collector.joinTickets();
      } else if (columns.containsKey(Column.REPLY_TO)) {
        collector.thread();
      }
      if (layout.isByAuthor()) {
        answered = collector.assign(layout::named, leastAnswered, !skipThirdPersons);
        answered.values().removeIf(n -> 2 * n < leastAnswered);
      }
      ReplyText.clean(collector, counts);
      Repeats repeats = new Repeats();
      collector.editReplies(
          (author, text) -> {
            repeats.add(author, text);
            return text;
          });
      List<Conversation> filled = filled();
      if (filled.isEmpty()) {
        throw new UserException(
            "%s: no message is left of %d rows; look at --columns, and at --least-answered; left out: %s"
                .formatted(named(), collector.rows(), collector.skipped()));
      }
      ConversationWriter.write(output.resolve(FILE), filled);
      report(filled, desks.likelyAgents(), repeats.found(), bad);
    } catch (OutOfMemoryError e) {
      throw new UserException(
          "out of memory after %d messages, which are all held at once; give Java more (REPARTEE_JAVA_OPTS=-Xmx8g), or import fewer files at a time"
              .formatted(collector.rows()),
          e);
    }
    return 0;
  }

  private BadLines bad() {
    return new BadLines(named(), Optional.of(skipBad));
  }

  private Map<String, Set<String>> skips() {
    Map<String, Set<String>> values = new LinkedHashMap<>();
    for (String skip : skips) {
      int end = skip.indexOf('=');
      if (end < 1) {
        throw UserException.usage(
            "--skip '%s' must be COLUMN=VALUE, for example private=true".formatted(skip));
      }
      values
          .computeIfAbsent(skip.substring(0, end).strip(), unseen -> new LinkedHashSet<>())
          .add(skip.substring(end + 1).strip());
    }
    return values;
  }

  /** With the formats of dates that only all values together show. */
  private CsvLayout withTimes(CsvLayout layout, ExportFiles exports) {
    if (!timeFormats.isEmpty()) {
      return layout;
    }
    DateOrder order = new DateOrder();
    CsvConversations times =
        new CsvConversations(layout, new ConversationCollector(), (text, place) -> text, bad());
    for (ExportFile file : exports.files()) {
      if (!file.isJson()) {
        try {
          times.readTimes(file.name(), file::open, order::add);
        } catch (IOException e) {
          throw file.failed(e);
        }
      }
    }
    return layout.withTimes(order.formats(layout.name(Column.TIME)));
  }

  /** Reads a file, and returns its formats. */
  private Set<String> read(ExportFile file, CsvConversations csv, DeskReader desks) {
    if (file.isJson()) {
      if (roles.containsValue(Speaker.AUTHOR)) {
        throw UserException.usage(file.name() + ": is JSON; --roles '*=author' is for CSV");
      }
      return desks.read(file);
    }
    try {
      csv.read(file.name(), file::open);
    } catch (IOException e) {
      throw file.failed(e);
    }
    return Set.of(CSV);
  }

  /** The messages that hold text, in the order in which conversations were held. */
  private List<Conversation> filled() {
    List<Conversation> filled = new ArrayList<>();
    collector
        .conversations(collector.sharesIds())
        .sorted(Comparator.comparing(one -> one.startedAt().orElse(Instant.MAX)))
        .forEach(
            one -> {
              List<Message> left =
                  one.messages().stream().filter(message -> !message.text().isBlank()).toList();
              counts.add(Count.EMPTY_TEXTS, one.messages().size() - left.size());
              counts.addIf(left.isEmpty(), Count.EMPTY_CONVERSATIONS);
              counts.addIf(
                  left.stream().anyMatch(message -> message.agentId().isPresent()),
                  Count.SEVERAL_AGENTS);
              if (!left.isEmpty()) {
                filled.add(one.withMessages(left));
              }
            });
    Set<String> copies = Copies.in(filled.stream(), _ -> {});
    counts.add(Count.COPIES, copies.size());
    filled.removeIf(one -> copies.contains(one.id()));
    return filled;
  }

  private String named() {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private void report(
      List<Conversation> written,
      SortedMap<String, Long> likelyAgents,
      List<Repeating> likelyBots,
      BadLines bad) {
    Path target = output.resolve(FILE);
    long messages = written.stream().mapToLong(one -> one.messages().size()).sum();
    counts.add(Count.REPEATED, collector.repeated());
    counts.add(Count.JOINED, columns.containsKey(Column.TICKET) ? 0 : collector.joined());
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("output", target.toString());
    json.put("formats", formats);
    json.put("encodings", encodings);
    json.put("rows", collector.rows());
    json.put("conversations", written.size());
    json.put("messages", messages);
    json.put("skipped", collector.skipped());
    json.put("bad", bad.count());
    json.put("machines", collector.machines());
    json.put("prefixed", collector.sharesIds());
    if (!answered.isEmpty()) {
      json.put("answered_others", answered);
    }
    List<String> lines = new ArrayList<>(Output.outline(json));
    bad.first().forEach(row -> lines.add("  left out: " + row));
    line(
        lines,
        likelyAgents.values().stream().mapToLong(n -> n).sum(),
        "messages count as agents': their %d authors answered tickets of others; a file of users, or --roles ID=customer, corrects that"
            .formatted(likelyAgents.size()));
    line(
        lines,
        answered.values().stream().filter(n -> n >= leastAnswered).count(),
        "of the %d authors above are agents: they answered %d others; --roles NAME=agent or NAME=customer corrects that"
            .formatted(answered.size(), leastAnswered));
    String agents = columns.getOrDefault(Column.AGENT, Column.AGENT.standard());
    likelyBots.forEach(one -> line(lines, one.messages(), one.text(agents)));
    for (Count count : Count.values()) {
      json.put(count.name().toLowerCase(Locale.ROOT), counts.of(count));
      boolean named = count == Count.TOO_LONG;
      String rows = named ? ": " + String.join(", ", texts.longest()) : "";
      line(lines, counts.of(count), count.text + rows);
    }
    json.put("bad_rows", bad.first());
    json.put("likely_agents", likelyAgents);
    json.put("likely_bots", likelyBots);
    json.put("too_long_rows", texts.longest());
    lines.add(Output.NEXT + "repartee conversations check --conversations " + target);
    print.print(json, lines);
  }

  private static void line(List<String> lines, long count, String text) {
    if (count > 0) {
      lines.add("  %d %s".formatted(count, text));
    }
  }

  /**
   * Whether days or months come first in dates with slashes or dashes, such as 03/04/2026. One
   * value that can only be read in one way decides for all; without one the user must.
   */
  private static final class DateOrder {

    private static final Pattern DATE =
        Pattern.compile(
            "(\\d{1,2})([/-])(\\d{1,2})\\2(\\d{4}|\\d{2})(?:(,? )(\\d{1,2}):\\d{2}(:\\d{2})?("
                + " ?)([AaPp][Mm])?)?");

    private static final int MONTHS = 12;

    /** So many values that are written otherwise show that a file has none of these dates. */
    private static final int ENOUGH = 1000;

    private final Set<String> shapes =
        new LinkedHashSet<>(); // with %1$s and %2$s for day and month
    private Optional<String> dayFirst = Optional.empty();
    private Optional<String> monthFirst = Optional.empty();
    private Optional<String> unclear = Optional.empty();
    private boolean others;
    private int seen; // other values

    /** Adds a value, and returns whether more can matter. */
    boolean add(String value) {
      Matcher date = DATE.matcher(value);
      if (!date.matches()) {
        others |= !value.isBlank();
        seen++;
        return seen < ENOUGH || !shapes.isEmpty();
      }
      int first = Integer.parseInt(date.group(1));
      int second = Integer.parseInt(date.group(3));
      if (first > MONTHS) {
        dayFirst = dayFirst.or(() -> Optional.of(value));
      } else if (second > MONTHS) {
        monthFirst = monthFirst.or(() -> Optional.of(value));
      } else if (first != second) {
        unclear = unclear.or(() -> Optional.of(value));
      }
      StringBuilder shape = new StringBuilder("%1$s" + date.group(2) + "%2$s" + date.group(2));
      shape.append(date.group(4).length() == 4 ? "yyyy" : "yy");
      if (date.group(6) != null) {
        boolean half = date.group(9) != null;
        shape.append(date.group(5)).append(half ? "h:mm" : "H:mm");
        shape.append(date.group(7) == null ? "" : ":ss").append(half ? date.group(8) + "a" : "");
      }
      shapes.add(shape.toString());
      return true;
    }

    /**
     * The formats of the values; none if they are not such dates.
     *
     * @param column for the message
     * @throws UserException naming {@code --time-format} where no value decides, or two contradict
     */
    List<TimeFormat> formats(String column) {
      if (shapes.isEmpty()) {
        return List.of();
      }
      if (dayFirst.isPresent() && monthFirst.isPresent()) {
        throw UserException.usage(
            "%s: '%s' has the day first and '%s' the month; import files that are written differently one by one, each with --time-format"
                .formatted(column, dayFirst.get(), monthFirst.get()));
      }
      if (dayFirst.isEmpty() && monthFirst.isEmpty() && unclear.isPresent()) {
        String shape = shapes.iterator().next();
        throw UserException.usage(
            "%s: '%s' may have the day or the month first, and no other value decides; add --time-format '%s' or '%s'"
                .formatted(
                    column, unclear.get(), shape.formatted("d", "M"), shape.formatted("M", "d")));
      }
      if (others) {
        throw UserException.usage(
            "%s: some times are written as '%s' and some in another way; name all ways with --time-format"
                .formatted(
                    column, dayFirst.or(() -> monthFirst).or(() -> unclear).orElse("1/1/2026")));
      }
      boolean days = monthFirst.isEmpty();
      return shapes.stream()
          .map(shape -> TimeFormat.of(days ? shape.formatted("d", "M") : shape.formatted("M", "d")))
          .toList();
    }
  }

  /** An encoding that Java knows. */
  static final class EncodingConverter implements ITypeConverter<Charset> {

    @Override
    public Charset convert(String text) {
      return ExportFiles.known(text)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'%s' must be an encoding, for example UTF-8, windows-1252, UTF-16LE or Shift_JIS"
                          .formatted(text)));
    }
  }

  /** A column by its name in options; "reply-to" is reply_to. */
  static final class ColumnConverter implements ITypeConverter<Column> {

    @Override
    public Column convert(String text) {
      try {
        return Column.valueOf(text.replace('-', '_').toUpperCase(Locale.ROOT));
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "'%s' must be one of %s"
                .formatted(
                    text,
                    Stream.of(Column.values())
                        .map(column -> column.name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", "))));
      }
    }
  }

  /** A zone of the time zone database. */
  static final class ZoneConverter implements ITypeConverter<ZoneId> {

    @Override
    public ZoneId convert(String text) {
      try {
        return ZoneId.of(text);
      } catch (DateTimeException e) {
        throw new TypeConversionException(
            "'" + text + "' must be a time zone, for example Europe/Berlin or UTC");
      }
    }
  }
}
