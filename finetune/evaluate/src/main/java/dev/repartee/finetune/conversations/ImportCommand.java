package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.ExportFiles.ExportFile;
import dev.repartee.finetune.conversations.Repeats.Repeating;
import dev.repartee.text.TextNorm;
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
import java.io.BufferedReader;
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
          + " Connect, vCon, or CSV with a message in each row. Formats and encodings are"
          + " recognised. Private notes are never read; HTML becomes text; quoted mails and"
          + " signatures are cut.",
      "The first line of CSV names the columns. Cells may be quoted and hold separators, line ends"
          + " and doubled quotes. Bad rows stop the import, and those of a kind are one line."
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

  /** Characters of a file that an error shows. */
  private static final int MOST_SHOWN = 60;

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description =
          "Exports: files, plain or .gz, folders, or ZIP files; a conversation may be in several of"
              + " them.")
  private List<Path> files = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for " + FILE + ".")
  private Path output;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      converter = FormatConverter.class,
      description =
          "csv, google, chatwoot, zendesk, zendesk-chat, intercom, zammad, amazon-connect or vcon;"
              + " a file of another is refused. Default: recognised for each file")
  private Optional<String> format = Optional.empty();

  @Option(
      names = "--encoding",
      paramLabel = "NAME",
      converter = EncodingConverter.class,
      description =
          "Encoding of the files, for example windows-1252, UTF-16LE or Shift_JIS. Default:"
              + " recognised for each file")
  private Optional<Charset> encoding = Optional.empty();

  @Option(
      names = "--columns",
      split = ",(?=[a-zA-Z_]+=)", // names of columns may hold commas
      splitSynopsisLabel = ",",
      showDefaultValue = Visibility.NEVER,
      paramLabel = "COLUMN=NAME",
      description = {
        "CSV: the name of each column in the files: id, time, role, text, and where the export has"
            + " them agent, domain (the queue or topic), customer_name, agent_name. Default:"
            + " conversation_id, timestamp, role, text, agent_id, domain, customer_name, agent_name"
      })
  private Map<Column, String> columns = Map.of();

  @Option(
      names = "--roles",
      split = "(?i)(?<==(?:customer|agent|bot|skip)),", // values may hold commas
      splitSynopsisLabel = ",",
      showDefaultValue = Visibility.NEVER,
      paramLabel = "VALUE=ROLE",
      description =
          "What the values of the role column mean, or an author or kind of message that a desk's"
              + " JSON leaves open: customer, agent, bot (read, but nothing is learned from it) or"
              + " skip (not read). 'customer' and 'agent' mean themselves.")
  private Map<String, Speaker> roles = Map.of();

  @Option(
      names = "--skip",
      split = "\n", // values may hold commas
      hideParamSyntax = true,
      paramLabel = "COLUMN=VALUE",
      description =
          "CSV: leaves out the rows with this value in a column, for example private=true; may be"
              + " repeated. A file with a column such as private or public needs it; COLUMN=none"
              + " reads all rows.")
  private List<String> skips = List.of();

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      converter = SeparatorConverter.class,
      description =
          "CSV: between the cells, one character, or tab. Default: comma, semicolon or tab,"
              + " whichever the first line has most of")
  private Optional<Character> separator = Optional.empty();

  @Option(
      names = "--time-format",
      split = "\n", // patterns may hold commas
      hideParamSyntax = true,
      paramLabel = "PATTERN",
      description =
          "CSV: how times are written, as Java's DateTimeFormatter reads it, for example"
              + " 'dd.MM.yyyy HH:mm' or 'M/d/yyyy h:mm a'; may be repeated. Default: recognised;"
              + " dates such as 3/4/2026 need it if no date shows which number is the month")
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
      description =
          "Leaves out up to N rows that cannot be read, and names the first ten. More are an"
              + " error.")
  private long skipBad;

  private enum Prefix {
    FORMAT,
    FILE
  }

  @Option(
      names = "--id-prefix",
      paramLabel = "format|file",
      description =
          "Puts the name of its format or file before each id, since desks may use the same ids."
              + " Default: the format, where two formats share an id")
  private Optional<Prefix> prefix = Optional.empty();

  @Mixin private Output print;

  /** What the import found and did, in the words of its JSON. */
  private static final class Counts {
    private final SortedMap<String, Long> formats = new TreeMap<>();
    private final SortedMap<String, Long> encodings = new TreeMap<>();
    private final Repeats repeats = new Repeats();
    private long ignoredFiles;
    private boolean prefixed;
    private long signatures;
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
            columns,
            roles,
            separator,
            timeFormats.stream().map(TimeFormat::of).toList(),
            zone,
            skips());
    Path target = output.resolve(FILE);
    Counts counts = new Counts();
    MessageText texts = new MessageText();
    ConversationCollector collector = new ConversationCollector();
    BadLines bad = new BadLines(named(), Optional.of(skipBad));
    DeskReader desks =
        new DeskReader(
            layout,
            format.filter(name -> !name.equals(CSV)).map(DeskFormat::named),
            texts,
            collector,
            bad);
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
      counts.signatures = Signatures.cut(collector);
      collector.editReplies(
          (author, text) -> {
            counts.repeats.add(author, text);
            return text;
          });
      counts.prefixed = prefix.isPresent() || collector.sharesIds();
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
        requireCsv(file);
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
    String source = prefix.equals(Optional.of(Prefix.FILE)) ? file.stem() : "";
    if (file.isJson()) {
      List<String> found = desks.read(file, source).keySet().stream().map(DeskFormat::id).toList();
      if (format.equals(Optional.of(CSV))) {
        throw UserException.usage(
            "%s: holds JSON of the format %s, not CSV; leave --format out, or give --format %s"
                .formatted(file.name(), String.join(", ", found), String.join(" or ", found)));
      }
      return found;
    }
    requireCsv(file);
    try (Reader characters = file.open()) {
      csv.read(file.name(), source.isEmpty() ? CSV : source, characters);
    } catch (IOException e) {
      throw file.failed(e);
    }
    return List.of(CSV);
  }

  private void requireCsv(ExportFile file) {
    if (format.isPresent() && !format.get().equals(CSV)) {
      try (BufferedReader characters = file.open()) {
        throw UserException.usage(
            "%s: holds CSV that begins with '%s', not JSON of the format %s; leave --format out, or give --format csv"
                .formatted(
                    file.name(),
                    TextNorm.beginning(characters.readLine(), MOST_SHOWN),
                    format.get()));
      } catch (IOException e) {
        throw file.failed(e);
      }
    }
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
        "conversations have messages in several files; if they only share the id, add --id-prefix"
            + " file");
    if (counts.prefixed) {
      lines.add(
          "  ids begin with their " + prefix.orElse(Prefix.FORMAT).name().toLowerCase(Locale.ROOT));
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

  /** The name of a format. */
  static final class FormatConverter implements ITypeConverter<String> {

    @Override
    public String convert(String text) {
      String name = text.toLowerCase(Locale.ROOT);
      if (!name.equals(CSV)
          && Stream.of(DeskFormat.values()).noneMatch(one -> one.id().equals(name))) {
        throw new TypeConversionException(
            "'%s' must be csv, %s"
                .formatted(
                    text,
                    Stream.of(DeskFormat.values())
                        .map(DeskFormat::id)
                        .collect(Collectors.joining(", "))));
      }
      return name;
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

  /** One character, or its name. */
  static final class SeparatorConverter implements ITypeConverter<Character> {

    @Override
    public Character convert(String text) {
      if (text.equals("tab") || text.equals("\\t")) {
        return '\t';
      }
      if (text.length() != 1) {
        throw new TypeConversionException("'" + text + "' must be one character, or tab");
      }
      return text.charAt(0);
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
