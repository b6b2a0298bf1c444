package dev.repartee.text.conversation;

import dev.repartee.text.TextNorm;
import dev.repartee.text.Timestamps;
import dev.repartee.text.UserException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.chrono.IsoChronology;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * How to read a CSV export: which column is which, who the values of the role column are, and how
 * times are written.
 *
 * @param columns the names of columns in the header, where they differ from {@link
 *     Column#standard()}, maybe several with {@code |} between them; a column that is named here
 *     must be there
 * @param roles further values of the role column, next to {@code customer} and {@code agent}; case
 *     and blanks around them do not matter, and {@code *} stands for those of no other
 * @param times formats of the time column, tried in order; none for those of {@link Timestamps}
 * @param zone of times without an offset
 * @param skips values of further columns whose rows are not read, or {@code not} and a value; case
 *     does not matter
 */
public record CsvLayout(
    Map<Column, String> columns,
    Map<String, Speaker> roles,
    List<TimeFormat> times,
    ZoneId zone,
    Map<String, Set<String>> skips) {

  /** What {@link ConversationReader} reads. */
  public static final CsvLayout STANDARD =
      new CsvLayout(Map.of(), Map.of(), List.of(), ZoneOffset.UTC, Map.of());

  private static final List<Column> PERSONS =
      List.of(Column.AGENT, Column.CUSTOMER_NAME, Column.AGENT_NAME);

  /** Words in the name of a column that may mark messages that no customer saw. */
  private static final Set<String> PRIVATE =
      Set.of(
          """
          public private internal visibility visible ispublic isprivate isinternal parttype intern
          privat öffentlich interne privé privée publique prive publiek openbaar privado público
          interno privato pubblico\
          """
              .split("\\s+", -1));

  /** Words that make it the name of something else, such as an internal id. */
  private static final Set<String> OTHERWISE =
      Set.of("id", "ids", "key", "link", "name", "number", "nr", "ref", "token", "url");

  private static final Pattern OF_AGENTS =
      Pattern.compile("agent|staff|employee|operator|outbound|outgoing|answer|reply");

  private static final Pattern OF_CUSTOMERS =
      Pattern.compile("customer|client|visitor|requester|end.?user|inbound|incoming");

  private static final Set<String> TRUE = Set.of("true", "t", "yes", "y", "1");
  private static final Set<String> FALSE = Set.of("false", "f", "no", "n", "0");

  /** Before a value of {@link #skips}: the rows of all others are not read. */
  private static final String NOT = "not ";

  /** Longer values are shortened in messages. */
  private static final int LONGEST_SHOWN = 40;

  /** A column that is read. */
  public enum Column {
    ID("conversation_id"),
    /** The id of the message that this one answers; {@link #ID} is each message's own then. */
    REPLY_TO("reply_to"),
    /** In files of comments, the id of the ticket that is commented; {@link #ID} is a ticket's. */
    TICKET("ticket_id"),
    /** A ticket's, the first line of its message. */
    TITLE("title"),
    TIME("timestamp"),
    ROLE("role"),
    TEXT("text"),
    AGENT("agent_id"),
    DOMAIN("domain"),
    CUSTOMER_NAME("customer_name"),
    AGENT_NAME("agent_name");

    static final List<Column> NEEDED = List.of(ID, TIME, ROLE, TEXT);

    /** They say something about the conversation, not about the message. */
    static final List<Column> OF_CONVERSATION = List.of(AGENT, DOMAIN, CUSTOMER_NAME, AGENT_NAME);

    private final String standard;

    Column(String standard) {
      this.standard = standard;
    }

    /** Its name in a header, unless another is given. */
    public String standard() {
      return standard;
    }

    /** Whether it says something about who wrote the message. */
    boolean isOf(Speaker speaker) {
      return switch (this) {
        case AGENT, AGENT_NAME -> speaker == Speaker.AGENT;
        case CUSTOMER_NAME -> speaker == Speaker.CUSTOMER;
        default -> true;
      };
    }
  }

  /** Who wrote a message, as a value of the role column says. */
  public enum Speaker {
    CUSTOMER,
    AGENT,
    /** A machine that wrote as the agent: nothing is learned from its message. */
    BOT,
    /** Nobody whose message is read, such as a system's note. */
    SKIP,
    /** Somebody whom {@link ConversationCollector#assign} finds to be one of these. */
    AUTHOR;

    Message message(String text) {
      return switch (this) {
        case CUSTOMER, AUTHOR -> Message.customer(text);
        case AGENT -> Message.agent(text);
        case BOT -> new Message(Role.AGENT, text, true);
        case SKIP -> throw new IllegalStateException("is not read");
      };
    }
  }

  /**
   * A way to write a time.
   *
   * @param pattern of {@link DateTimeFormatter}
   */
  public record TimeFormat(String pattern, DateTimeFormatter formatter) {

    /** The time of day, outside of quoted text. */
    private static final Pattern TIME_OF_DAY = Pattern.compile("[HhKkmsSa]");

    private static final Pattern QUOTED = Pattern.compile("'[^']*'");

    /** Its parts all differ. */
    private static final ZonedDateTime SAMPLE =
        ZonedDateTime.of(2031, 10, 29, 17, 43, 56, 0, ZoneOffset.UTC);

    /**
     * A pattern such as {@code dd.MM.yyyy HH:mm}.
     *
     * @throws UserException (wrong usage) when it is no pattern, or one that loses the day or the
     *     time of day
     */
    public static TimeFormat of(String pattern) {
      String wrong =
          "--time-format '%s' %s; write day, month and year as dd, MM and yyyy, the time of day as"
              + " HH:mm or hh:mm a, for example 'dd.MM.yyyy HH:mm'";
      try {
        TimeFormat format =
            new TimeFormat(
                pattern,
                new DateTimeFormatterBuilder()
                    .parseCaseInsensitive()
                    .appendPattern(pattern)
                    .toFormatter(Locale.US)
                    .withChronology(IsoChronology.INSTANCE));
        String letters = QUOTED.matcher(pattern).replaceAll("");
        // D and Y are the day of the year and the year of a week: most often taken for d and y.
        boolean known = letters.indexOf('D') < 0 && letters.indexOf('Y') < 0;
        if (!known || !format.keeps(SAMPLE, TIME_OF_DAY.matcher(letters).find())) {
          throw UserException.usage(wrong.formatted(pattern, "does not give a date and a time"));
        }
        return format;
      } catch (IllegalArgumentException | DateTimeException e) {
        throw UserException.usage(wrong.formatted(pattern, "is not understood"));
      }
    }

    private boolean keeps(ZonedDateTime sample, boolean timeOfDay) {
      Instant read = Timestamps.instant(formatter, formatter.format(sample), ZoneOffset.UTC);
      return timeOfDay
          ? Stream.of(ChronoUnit.SECONDS, ChronoUnit.MINUTES, ChronoUnit.HOURS)
              .anyMatch(unit -> sample.truncatedTo(unit).toInstant().equals(read))
          : sample.truncatedTo(ChronoUnit.DAYS).toInstant().equals(read);
    }
  }

  public CsvLayout {
    columns = Map.copyOf(columns);
    Map<String, Speaker> known = new LinkedHashMap<>(roles);
    known.putIfAbsent(Role.CUSTOMER.id(), Speaker.CUSTOMER);
    known.putIfAbsent(Role.AGENT.id(), Speaker.AGENT);
    roles = Collections.unmodifiableMap(known);
    times = List.copyOf(times);
    skips = Collections.unmodifiableMap(new LinkedHashMap<>(skips));
  }

  /** The same layout with these formats of the time column. */
  public CsvLayout withTimes(List<TimeFormat> formats) {
    return new CsvLayout(columns, roles, formats, zone, skips);
  }

  /**
   * Whether a column may mark messages that no customer saw: such a file is refused unless {@link
   * #skips} has the column.
   */
  boolean mayBePrivate(String column) {
    List<String> words =
        List.of(
            column
                .toLowerCase(Locale.ROOT)
                .replace("part_type", "parttype")
                .split("[^\\p{L}]+", -1));
    return words.stream().anyMatch(PRIVATE::contains)
        && words.stream().noneMatch(OTHERWISE::contains)
        && columns.values().stream().noneMatch(name -> alternatives(name).contains(column));
  }

  /** The name of a column in the header. */
  public String name(Column column) {
    return columns.getOrDefault(column, column.standard());
  }

  /** Whether files hold tickets, or comments that name their ticket. */
  public boolean isJoined() {
    return columns.containsKey(Column.TICKET);
  }

  /** Whether the role column names authors. */
  public boolean isByAuthor() {
    return others().equals(Optional.of(Speaker.AUTHOR));
  }

  /** The names that a column may have, the best first: tables differ. */
  static List<String> alternatives(String name) {
    return List.of(name.split("\\|", -1));
  }

  /** Whether a file of comments, or another one, is refused without this column. */
  boolean isNeeded(Column column, boolean ofComments) {
    boolean given = Column.NEEDED.contains(column) || columns.containsKey(column);
    return switch (column) {
      case ID, TITLE, DOMAIN, CUSTOMER_NAME -> given && !ofComments;
      case ROLE, AGENT, AGENT_NAME -> given && (ofComments || !isJoined() || isByAuthor());
      case TICKET -> false;
      default -> given;
    };
  }

  /** Whether a value of a column of {@link #skips} is one whose rows are not read. */
  boolean isSkipped(String column, String value) {
    Set<String> listed = skips.get(column);
    return listed.stream().anyMatch(value::equalsIgnoreCase)
        || (listed.stream().anyMatch(one -> one.startsWith(NOT))
            && listed.stream().noneMatch((NOT + value)::equalsIgnoreCase));
  }

  /**
   * Whether a column is read for the customer and for the agent: it holds each message's author.
   */
  boolean isOfAuthors(Column column) {
    boolean customers = column == Column.CUSTOMER_NAME;
    return PERSONS.contains(column)
        && PERSONS.stream()
            .filter(other -> other == Column.CUSTOMER_NAME != customers)
            .anyMatch(other -> name(other).equals(name(column)));
  }

  /** Who the values are that are not named; empty where that is not said. */
  public Optional<Speaker> others() {
    return Optional.ofNullable(roles.get("*"));
  }

  /** Who {@code value} of the role column is; empty for one that is not known. */
  public Optional<Speaker> named(String value) {
    return roles.entrySet().stream()
        .filter(role -> role.getKey().strip().equalsIgnoreCase(value.strip()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * Who {@code value} of the role column is.
   *
   * @throws IllegalArgumentException naming the known values
   */
  Speaker speaker(String value) {
    return named(value)
        .or(this::others)
        .filter(one -> one != Speaker.AUTHOR || !value.isBlank())
        .orElseThrow(() -> unknownRole(value));
  }

  private IllegalArgumentException unknownRole(String value) {
    if (value.isBlank()) {
      return new IllegalArgumentException(
          name(Column.ROLE)
              + " is blank; add --roles =ROLE to 'conversations import', with customer, agent, bot"
              + " or skip for ROLE");
    }
    Optional<String> likely = likely(value.strip().toLowerCase(Locale.ROOT));
    return new IllegalArgumentException(
        "%s must be one of '%s' but is '%s'; add --roles '%s=%s' to 'conversations import'%s"
            .formatted(
                name(Column.ROLE),
                String.join("', '", roles.keySet()),
                shown(value),
                shown(value),
                likely.orElse("ROLE"),
                likely.isPresent()
                    ? " if that is who wrote it (or =customer, =agent, =bot, =skip)"
                    : ", with customer, agent, bot or skip for ROLE"));
  }

  /** Who a value names, or the column's name where the value is yes or no. */
  private Optional<String> likely(String value) {
    boolean isFalse = FALSE.contains(value);
    String words =
        isFalse || TRUE.contains(value) ? name(Column.ROLE).toLowerCase(Locale.ROOT) : value;
    boolean agents = OF_AGENTS.matcher(words).find();
    if (agents == OF_CUSTOMERS.matcher(words).find()) {
      return Optional.empty();
    }
    return Optional.of((agents != isFalse ? Role.AGENT : Role.CUSTOMER).id());
  }

  /**
   * The time of {@code value}.
   *
   * @throws IllegalArgumentException naming the formats
   */
  Instant time(String value) {
    if (times.isEmpty()) {
      try {
        return Timestamps.instant(name(Column.TIME), shown(value), zone);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            e.getMessage() + "; 'conversations import --time-format' names others", e);
      }
    }
    String stripped = value.strip();
    for (TimeFormat format : times) {
      try {
        return Timestamps.instant(format.formatter(), stripped, zone);
      } catch (DateTimeException e) {
        // the next one may fit
      }
    }
    throw new IllegalArgumentException(
        "%s must be written as %s but is '%s'; --time-format may name several formats"
            .formatted(
                name(Column.TIME),
                String.join(" or ", times.stream().map(TimeFormat::pattern).toList()),
                shown(value)));
  }

  private static String shown(String value) {
    return value.length() <= LONGEST_SHOWN
        ? value
        : TextNorm.beginning(value, LONGEST_SHOWN) + "...";
  }

  /** The columns that may be read, in order. */
  Map<Column, String> names() {
    Map<Column, String> names = new EnumMap<>(Column.class);
    Stream.of(Column.values())
        .filter(column -> column != Column.TICKET || isJoined())
        .forEach(column -> names.put(column, name(column)));
    return names;
  }
}
