package dev.repartee.finetune.conversations;

import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.CsvConversations;
import dev.repartee.text.conversation.CsvLayout;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.conversation.CsvLayout.TimeFormat;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Visibility;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** {@code repartee conversations import}: makes JSON Lines of a help desk's CSV. */
@Command(
    name = "import",
    description = {
      "Writes DIR/conversations.jsonl.gz from CSV files with a message in each row: the rows are"
          + " grouped by conversation, and messages and conversations sorted by time. Bad rows stop it, and all bad rows of a"
          + " file are named.",
      "The first line names the columns. Cells may be quoted and hold separators, line ends and"
          + " doubled quotes; the files are UTF-8, plain or .gz."
    },
    footer = {
      "  repartee conversations import --conversations export.csv --output data \\",
      "    --columns id=Ticket,role=From,text=Body,time=Sent,agent=Author \\",
      "    --roles Kunde=customer,Mitarbeiter=agent,System=skip \\",
      "    --time-format 'dd.MM.yyyy HH:mm' --time-zone Europe/Berlin"
    },
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

  static final String FILE = "conversations.jsonl.gz";

  @Option(
      names = "--conversations",
      required = true,
      arity = "1..*",
      split = ",",
      paramLabel = "FILE",
      description = "CSV files; a conversation may be in several of them.")
  private List<Path> files = List.of();

  @Option(
      names = "--output",
      required = true,
      paramLabel = "DIR",
      description = "Folder for " + FILE + ".")
  private Path output;

  @Option(
      names = "--columns",
      split = ",(?=[a-zA-Z_]+=)", // names of columns may hold commas
      splitSynopsisLabel = ",",
      showDefaultValue = Visibility.NEVER,
      paramLabel = "COLUMN=NAME",
      description = {
        "The name of each column in the files: id, time, role, text, and where the export has them agent,"
            + " domain (the queue or topic), customer_name, agent_name. Default: conversation_id,"
            + " timestamp, role, text, agent_id, domain, customer_name, agent_name"
      })
  private Map<Column, String> columns = Map.of();

  @Option(
      names = "--roles",
      split = "(?i)(?<==(?:customer|agent|bot|skip)),", // values may hold commas
      splitSynopsisLabel = ",",
      showDefaultValue = Visibility.NEVER,
      paramLabel = "VALUE=ROLE",
      description =
          "What the values of the role column mean: customer, agent, bot (read, but nothing is"
              + " learned from it) or skip (not read). 'customer' and 'agent' mean themselves.")
  private Map<String, Speaker> roles = Map.of();

  @Option(
      names = "--separator",
      paramLabel = "CHAR",
      converter = SeparatorConverter.class,
      description =
          "Between the cells: one character, or tab. Default: comma, semicolon or tab, whichever the"
              + " first line has most of")
  private Optional<Character> separator = Optional.empty();

  @Option(
      names = "--time-format",
      split = "\n", // patterns may hold commas
      hideParamSyntax = true,
      paramLabel = "PATTERN",
      description =
          "How times are written, as Java's DateTimeFormatter reads it, for example 'dd.MM.yyyy HH:mm'"
              + " or 'M/d/yyyy h:mm a'; may be repeated. Default: ISO-8601, or seconds or milliseconds"
              + " since 1970")
  private List<String> timeFormats = List.of();

  @Option(
      names = "--time-zone",
      defaultValue = "UTC",
      paramLabel = "ZONE",
      converter = ZoneConverter.class,
      description = "Zone of times without one, for example Europe/Berlin.")
  private ZoneId zone;

  @Mixin private Output print;

  /** What was left out, and how much is there. */
  private static final class Counts {
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
            columns, roles, separator, timeFormats.stream().map(TimeFormat::of).toList(), zone);
    CsvConversations csv = new CsvConversations(layout);
    Path target = output.resolve(FILE);
    Counts counts = new Counts();
    try {
      for (Path file : files) {
        requireCsv(file);
        csv.read(file);
      }
      requireSome(csv);
      // In the order in which they were held, as `replay` needs them.
      List<Conversation> filled =
          csv.conversations()
              .sorted(Comparator.comparing(one -> one.startedAt().orElseThrow()))
              .flatMap(counts::filled)
              .toList();
      if (filled.isEmpty()) {
        throw new UserException(
            "%s: no message has text in %d rows; look at --columns text="
                .formatted(named(), csv.rows()));
      }
      ConversationWriter.write(target, filled);
    } catch (OutOfMemoryError e) {
      throw new UserException(
          "out of memory after %d rows, which are all held at once; give Java more (REPARTEE_JAVA_OPTS=-Xmx8g), or import fewer files at a time"
              .formatted(csv.rows()),
          e);
    }
    report(target, csv, counts);
    return 0;
  }

  private static void requireCsv(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".jsonl.gz")) {
      throw UserException.usage(
          "--conversations %s is JSON Lines, which all commands read; only CSV is imported"
              .formatted(file));
    }
  }

  private void requireSome(CsvConversations csv) {
    if (csv.rows() == csv.skipped().values().stream().mapToLong(Long::longValue).sum()) {
      throw new UserException(
          "%s: no messages in %d rows; look at --roles".formatted(named(), csv.rows()));
    }
  }

  private String named() {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }

  private void report(Path target, CsvConversations csv, Counts counts) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("output", target.toString());
    json.put("rows", csv.rows());
    json.put("conversations", counts.conversations);
    json.put("messages", counts.messages);
    json.put("skipped", csv.skipped());
    json.put("repeated", csv.repeated());
    json.put("empty_texts", counts.emptyTexts);
    json.put("empty_conversations", counts.emptyConversations);
    json.put("several_agents", csv.withSeveralAgents());
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s: %d conversations with %d messages, from %d rows"
            .formatted(target, counts.conversations, counts.messages, csv.rows()));
    csv.skipped()
        .forEach(
            (role, count) -> lines.add("  %d rows of '%s' are skipped".formatted(count, role)));
    if (csv.repeated() > 0) {
      lines.add("  %d rows that an earlier file has too count once".formatted(csv.repeated()));
    }
    if (counts.emptyTexts > 0) {
      lines.add("  %d messages without text are left out".formatted(counts.emptyTexts));
    }
    if (counts.emptyConversations > 0) {
      lines.add("  %d conversations had no other messages".formatted(counts.emptyConversations));
    }
    if (csv.withSeveralAgents() > 0) {
      lines.add(
          "  %d conversations have several agents; the first of each counts"
              .formatted(csv.withSeveralAgents()));
    }
    lines.add("Next: repartee conversations check --conversations " + target);
    print.print(json, lines);
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
