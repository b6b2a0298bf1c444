package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.ExportFiles.ExportFile;
import dev.repartee.finetune.conversations.Repeats.Repeating;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.BadLines;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.CsvConversations;
import dev.repartee.text.conversation.CsvLayout;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.conversation.CsvLayout.TimeFormat;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
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
              + " reply-to, the id that it answers.")
  private Map<Column, String> columns = Map.of();

  @Option(
      names = "--roles",
      split = "(?i)(?<==(?:customer|agent|bot|skip)),", // values may hold commas
      hideParamSyntax = true,
      showDefaultValue = Visibility.NEVER,
      paramLabel = "VALUE=ROLE,...",
      description =
          "Who the values of the role column are: customer, agent, bot (read, never learned) or"
              + " skip (not read).")
  private Map<String, Speaker> roles = Map.of();

  @Option(
      names = "--skip",
      split = "\n", // values may hold commas
      hideParamSyntax = true,
      paramLabel = "COLUMN=VALUE",
      description =
          "CSV: leave out rows, such as private=true; may be repeated; COLUMN=none reads all rows.")
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
      names = "--skip-bad",
      defaultValue = "0",
      paramLabel = "N",
      description = "Leave out up to N rows that cannot be read; more are an error.")
  private long skipBad;

  @Mixin private Output print;

  /** What the import found and did, in the words of its JSON. */
  private static final class Counts {
    private final SortedMap<String, Long> formats = new TreeMap<>();
    private final SortedMap<String, Long> encodings = new TreeMap<>();
    private final Repeats repeats = new Repeats();
    private long ignoredFiles;
    private boolean prefixed;
    private long signatures;
    private PostText.Found posts = PostText.Found.NONE;
    private long conversations;
    private long messages;
    private long emptyTexts;
    private long emptyConversations;

    /** Without messages that hold no text; empty if none is left. */
    private Stream<Conversation> filled(Conversation conversation) {
      List<Message> filled =
          conversation.messages().stream().filter(message -> !message.text().isBlank()).toList();
      emptyTexts += conversation.messages().size() - filled.size();
      if (filled.isEmpty()) {
        emptyConversations++;
        return Stream.empty();
      }
      conversations++;
      messages += filled.size();
      return Stream.of(conversation.withMessages(filled));
    }
  }

  @Override
  public Integer call() {
    CsvLayout layout =
        new CsvLayout(
            columns, roles, timeFormats.stream().map(TimeFormat::of).toList(), zone, skips());
    Path target = output.resolve(FILE);
    Counts counts = new Counts();
    MessageText texts = new MessageText();
    ConversationCollector collector = new ConversationCollector();
    BadLines bad = new BadLines(named(), Optional.of(skipBad));
    DeskReader desks = new DeskReader(layout, texts, collector, bad);
    try (ExportFiles exports = new ExportFiles(files, encoding)) {
      CsvConversations csv =
          new CsvConversations(
              withTimes(layout, exports),
              collector,
              (text, place) -> texts.read(text, MessageText.Kind.EITHER, place),
              bad);
      for (ExportFile file : exports.files()) {
        counts.encodings.merge(file.charset().name(), 1L, Long::sum);
        read(file, csv, desks).forEach(found -> counts.formats.merge(found, 1L, Long::sum));
      }
      desks.finish();
      bad.throwIfAny();
      csv.requireSkipped();
      counts.ignoredFiles = exports.ignored();
      requireSome(collector);
      if (layout.isThreaded()) {
        collector.thread();
      }
      counts.signatures = Signatures.cut(collector);
      counts.posts = PostText.clean(collector);
      collector.editReplies(
          (author, text) -> {
            counts.repeats.add(author, text);
            return text;
          });
      counts.prefixed = collector.sharesIds();
      // In the order in which they were held.
      List<Conversation> filled =
          collector
              .conversations(counts.prefixed)
              .sorted(Comparator.comparing(one -> one.startedAt().orElse(Instant.MAX)))
              .flatMap(counts::filled)
              .toList();
      if (filled.isEmpty()) {
        throw new UserException(
            "%s: no message has text in %d rows; look at --columns text="
                .formatted(named(), collector.rows()));
      }
      ConversationWriter.write(target, filled);
    } catch (OutOfMemoryError e) {
      throw new UserException(
          "out of memory after %d messages, which are all held at once; give Java more (REPARTEE_JAVA_OPTS=-Xmx8g), or import fewer files at a time"
              .formatted(collector.rows()),
          e);
    }
    report(target, collector, desks, texts, bad, counts);
    return 0;
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
          .add(skip.substring(end + 1));
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
        new CsvConversations(
            layout, new ConversationCollector(), (text, place) -> text, new BadLines(named()));
    for (ExportFile file : exports.files()) {
      if (!file.isJson()) {
        try (Reader characters = file.open()) {
          times.readTimes(file.name(), characters, order::add);
        } catch (IOException e) {
          throw file.failed(e);
        }
      }
    }
    return layout.withTimes(order.formats(layout.name(Column.TIME)));
  }

  /** Reads a file, and returns its formats. */
  private List<String> read(ExportFile file, CsvConversations csv, DeskReader desks) {
    if (file.isJson()) {
      return desks.read(file).keySet().stream().map(DeskFormat::id).toList();
    }
    try (Reader characters = file.open()) {
      csv.read(file.name(), CSV, characters);
    } catch (IOException e) {
      throw file.failed(e);
    }
    return List.of(CSV);
  }

  private void requireSome(ConversationCollector collector) {
    if (collector.rows() == collector.skipped().values().stream().mapToLong(n -> n).sum()) {
      throw new UserException(
          "%s: no messages in %d rows; look at --roles".formatted(named(), collector.rows()));
    }
  }

  private String named() {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private void report(
      Path target,
      ConversationCollector collector,
      DeskReader desks,
      MessageText texts,
      BadLines bad,
      Counts counts) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("output", target.toString());
    json.put("formats", counts.formats);
    json.put("encodings", counts.encodings);
    json.put("rows", collector.rows());
    json.put("conversations", counts.conversations);
    json.put("messages", counts.messages);
    json.put("skipped", collector.skipped());
    json.put("bad", bad.count());
    json.put("bad_rows", bad.first());
    json.put("machines", collector.machines());
    json.put("likely_agents", desks.likelyAgents());
    List<Repeating> repeating = counts.repeats.found();
    json.put("likely_bots", repeating);
    json.put("unknown_objects", desks.others());
    json.put("ignored_files", counts.ignoredFiles);
    json.put("repeated", collector.repeated());
    json.put("joined", collector.joined());
    json.put("prefixed", counts.prefixed);
    json.put("too_long", texts.tooLong());
    json.put("too_long_rows", texts.longest());
    json.put("html", texts.html());
    json.put("entities", texts.entities());
    json.put("quotes", texts.quotes());
    json.put("signatures", texts.signatures() + counts.signatures);
    json.put("handles", counts.posts.handles());
    json.put("sign_offs", counts.posts.signOffs());
    json.put("parts", counts.posts.parts());
    json.put("empty_texts", counts.emptyTexts);
    json.put("empty_conversations", counts.emptyConversations);
    json.put("several_agents", collector.withSeveralAgents());
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d conversations with %d messages, from %d rows"
            .formatted(target, counts.conversations, counts.messages, collector.rows()));
    lines.add(
        "  files: %s; encoding: %s".formatted(counted(counts.formats), counted(counts.encodings)));
    collector
        .skipped()
        .forEach(
            (role, count) -> lines.add("  %d rows of '%s' are skipped".formatted(count, role)));
    line(lines, bad.count(), "rows cannot be read and are left out:");
    bad.first().forEach(row -> lines.add("    " + row));
    collector
        .machines()
        .forEach(
            (role, count) ->
                lines.add(
                    "  %d rows of '%s' are a machine's: read, not learned".formatted(count, role)));
    long likely = desks.likelyAgents().values().stream().mapToLong(n -> n).sum();
    line(
        lines,
        likely,
        "messages count as agents': their %d authors answered tickets of others; a file of users, or --roles ID=customer, corrects that"
            .formatted(desks.likelyAgents().size()));
    repeating.forEach(
        one ->
            line(
                lines,
                one.messages(),
                one.text(columns.getOrDefault(Column.AGENT, Column.AGENT.standard()))));
    line(lines, desks.others(), "JSON objects of no known format are ignored");
    line(lines, counts.ignoredFiles, "files that are neither JSON nor CSV are ignored");
    line(lines, collector.repeated(), "rows that an earlier file has too count once");
    line(
        lines,
        collector.joined(),
        "conversations have messages in several files; import files apart that only share ids");
    if (counts.prefixed) {
      lines.add("  ids begin with their format");
    }
    line(
        lines,
        texts.tooLong(),
        "messages are longer than a million characters, which are read: "
            + String.join(", ", texts.longest()));
    line(lines, texts.html(), "messages were HTML");
    line(lines, texts.entities(), "messages had entities such as &amp;");
    line(lines, texts.quotes(), "messages quoted others, which is cut");
    line(lines, texts.signatures() + counts.signatures, "messages had a signature, which is cut");
    line(lines, counts.posts.handles(), "messages began with handles, which are cut");
    line(
        lines,
        counts.posts.signOffs(),
        "messages were signed; the name is cut, and is the agent where none is known");
    line(lines, counts.posts.parts(), "messages were parts, and are joined to the part before");
    line(lines, counts.emptyTexts, "messages without text are left out");
    line(lines, counts.emptyConversations, "conversations had no other messages");
    line(
        lines,
        collector.withSeveralAgents(),
        "conversations have several agents; the first of each counts");
    lines.add(Output.NEXT + "repartee conversations check --conversations " + target);
    print.print(json, lines);
  }

  private static void line(List<String> lines, long count, String text) {
    if (count > 0) {
      lines.add("  %d %s".formatted(count, text));
    }
  }

  /** Such as {@code csv} or {@code chatwoot 3, csv 1}. */
  private static String counted(SortedMap<String, Long> counts) {
    return counts.size() == 1
        ? counts.firstKey()
        : counts.entrySet().stream()
            .map(one -> one.getKey() + " " + one.getValue())
            .collect(Collectors.joining(", "));
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
