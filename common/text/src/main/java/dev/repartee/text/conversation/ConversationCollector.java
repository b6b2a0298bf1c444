package dev.repartee.text.conversation;

import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Makes conversations of messages, which may come apart, out of order and from several files: they
 * are sorted by time, messages with equal times in the order in which they came. Conversations are
 * in the order of their first messages. All messages stay in memory.
 *
 * <p>Of a conversation's agent, domain and names the first in time counts that comes with a message
 * of the person in question; where none does, that of any message. Replies of other agents name
 * them.
 */
public final class ConversationCollector {

  private record Id(String source, String id) {}

  /**
   * A message that was read.
   *
   * @param time when it was sent; empty if only the order is known
   * @param author the agent who wrote it, where that is known
   */
  public record Row(Optional<Instant> time, Message message, Optional<String> author) {

    /** This message with another text. */
    public Row withText(String text) {
      return text.equals(message.text()) ? this : new Row(time, message.withText(text), author);
    }

    /** Names the author of a reply in a conversation of another agent. */
    private Message messageIn(Optional<String> agent) {
      boolean others = message.isLearned() && author.isPresent() && !author.equals(agent);
      return others ? new Message(message.role(), message.text(), false, author) : message;
    }

    Row edited(BiFunction<Optional<String>, String, String> edit) {
      if (!message.isLearned()) {
        return this;
      }
      return withText(edit.apply(author, message.text()));
    }
  }

  /**
   * A value that counts for the whole conversation.
   *
   * @param own whether it comes with a message of the person whom it names
   */
  private record Value(String text, Instant time, boolean own) {

    boolean isBetterThan(Value other) {
      return own == other.own ? time.isBefore(other.time) : own;
    }
  }

  /** What was read of a conversation. */
  private static final class Draft {
    private final List<Row> rows = new ArrayList<>();
    private boolean hasTicket; // which is the first row
    private final Map<Column, Value> values = new EnumMap<>(Column.class);
    private Set<Row> earlier = Set.of(); // of the files before
    private long file; // of the message that came last
    private int before; // messages of the files before that
    private boolean overlaps; // files share a message

    /** Whether a file before this one has the message: exports overlap. */
    boolean isRepeated(Row row, long current) {
      if (current != file) {
        file = current;
        if (!rows.isEmpty()) {
          earlier = earlier.isEmpty() ? new HashSet<>() : earlier;
          earlier.addAll(rows.subList(before, rows.size()));
        }
        before = rows.size();
      }
      boolean repeated = earlier.contains(row);
      overlaps |= repeated;
      return repeated;
    }

    Draft and(Draft other) {
      rows.addAll(other.rows);
      other.values.forEach(
          (column, value) ->
              values.merge(column, value, (one, two) -> two.isBetterThan(one) ? two : one));
      overlaps |= other.overlaps;
      return this;
    }

    /** By time, where all have one; a ticket before its comments, whatever the clocks say. */
    List<Row> ordered() {
      List<Row> ordered = new ArrayList<>(rows);
      if (ordered.stream().allMatch(row -> row.time().isPresent())) {
        ordered
            .subList(hasTicket ? 1 : 0, ordered.size())
            .sort(Comparator.comparing(row -> row.time().orElseThrow()));
      }
      return ordered;
    }
  }

  private final Map<Id, Draft> drafts = new LinkedHashMap<>();
  private final Map<Id, Long> fileOf = new HashMap<>(); // of tickets and comments
  private final Map<String, Optional<String>> authors = new HashMap<>();
  private final SortedMap<String, Long> skipped = new TreeMap<>();
  private final SortedMap<String, Long> machines = new TreeMap<>();
  private long files;
  private long rows;
  private long repeated;

  /** Messages from here on are of another file. */
  public void nextFile() {
    files++;
  }

  /** Adds a message, but none of {@link Speaker#SKIP}. */
  public void add(ExportedMessage one, String role) {
    Message message = one.speaker().message(one.text());
    rows++;
    if (message.contextOnly()) {
      machines.merge(role, 1L, Long::sum);
    }
    Draft draft =
        drafts.computeIfAbsent(new Id(one.source(), one.conversation()), unseen -> new Draft());
    Row row = new Row(one.time(), message, author(one));
    boolean isTicket = one.values().containsKey(Column.TICKET);
    boolean isKnown = isKnown(one, isTicket ? Column.TICKET : Column.ID);
    if (draft.isRepeated(row, files) || isKnown) {
      repeated++;
      return;
    }
    draft.hasTicket |= isTicket;
    draft.rows.add(isTicket ? 0 : draft.rows.size(), row);
    one.values().forEach((column, text) -> add(draft, column, text, one.time(), one.speaker()));
  }

  /** Whether a file before has a ticket or comment of the same id, which may have been edited. */
  private boolean isKnown(ExportedMessage one, Column column) {
    String id = one.values().get(column);
    Long before = id == null ? null : fileOf.putIfAbsent(new Id(column.standard(), id), files);
    if (before != null && before == files) {
      throw new IllegalArgumentException(
          "the id of a ticket or comment must be its own but is '%s' again".formatted(id));
    }
    return before != null;
  }

  /** A few names for very many messages. */
  private Optional<String> author(ExportedMessage one) {
    return Optional.ofNullable(one.values().get(Column.AGENT))
        .flatMap(name -> authors.computeIfAbsent(name, Optional::of));
  }

  /**
   * Counts a message that is not read.
   *
   * @param why its role, or another reason
   */
  public void skip(String why) {
    rows++;
    skipped.merge(why, 1L, Long::sum);
  }

  private static void add(
      Draft draft, Column column, String text, Optional<Instant> time, Speaker speaker) {
    boolean own = column.isOf(speaker);
    Value value = new Value(text, time.orElse(Instant.EPOCH), own);
    Value known = draft.values.get(column);
    if (known == null || value.isBetterThan(known)) {
      draft.values.put(column, value);
    }
  }

  /**
   * Changes the texts that may be learned.
   *
   * @param edit makes the new text of an author, who may be unknown, and a text
   */
  public void editReplies(BiFunction<Optional<String>, String, String> edit) {
    for (Draft draft : drafts.values()) {
      draft.rows.replaceAll(row -> row.edited(edit));
    }
  }

  /**
   * Changes, joins or leaves out the messages of each conversation, in their order.
   *
   * @param edit makes the new messages of a domain, which may be unknown, and messages
   */
  public void rewrite(BiFunction<Optional<String>, List<Row>, List<Row>> edit) {
    for (Draft draft : drafts.values()) {
      List<Row> rows = edit.apply(value(draft, Column.DOMAIN), draft.ordered());
      draft.rows.clear();
      draft.rows.addAll(rows);
    }
  }

  /**
   * Makes conversations of messages that answer one another, each of which has come as one: those
   * that lead back to the same first message of a customer. Where a customer began nothing, those
   * that lead back to the same message.
   */
  public void thread() {
    Map<Id, First> firsts = new HashMap<>();
    Map<Id, Draft> threads = new LinkedHashMap<>();
    drafts.forEach((id, draft) -> threads.merge(first(id, firsts).id(), draft, Draft::and));
    drafts.clear();
    drafts.putAll(threads);
  }

  /** The message that a conversation is named after, and whether it is a customer's. */
  private record First(Id id, boolean isCustomers) {}

  /**
   * That of a message.
   *
   * @param firsts of messages that were looked up before, so that long threads take no longer
   */
  private First first(Id id, Map<Id, First> firsts) {
    List<Id> path = new ArrayList<>();
    Set<Id> passed = new HashSet<>(); // an export may name a message as its own answer
    Id next = id;
    while (next != null && !firsts.containsKey(next) && passed.add(next)) {
      path.add(next);
      Draft draft = drafts.get(next); // none of what was not exported
      Value parent = draft == null ? null : draft.values.get(Column.REPLY_TO);
      next = parent == null ? null : new Id(next.source(), parent.text());
    }
    First first = next == null ? null : firsts.get(next);
    for (Id one : path.reversed()) {
      Draft draft = drafts.get(one);
      boolean customers =
          draft != null && draft.rows.stream().anyMatch(row -> !row.message().isAgent());
      if (first == null || (customers && !first.isCustomers())) {
        first = new First(one, customers);
      }
      firsts.put(one, first);
    }
    return first;
  }

  /** Leaves out comments whose ticket was not read. */
  public void joinTickets() {
    leaveOut(draft -> !draft.hasTicket, "comments of tickets that were not read");
  }

  private void leaveOut(Predicate<Draft> left, String why) {
    drafts.values().stream()
        .filter(left)
        .forEach(draft -> skipped.merge(why, (long) draft.rows.size(), Long::sum));
    drafts.values().removeIf(left);
  }

  /**
   * Says who wrote what where each message has an author: whoever began a conversation is its
   * customer. Conversations that no agent answered are left out.
   *
   * @param named who an author is in conversations of others; a customer is a third person there
   * @param least whoever else wrote in so many conversations of others is an agent
   * @param ends whether a message of a third person ends a conversation, or is left out
   * @return the number of conversations of others in which each author wrote
   */
  public SortedMap<String, Long> assign(
      Function<String, Optional<Speaker>> named, long least, boolean ends) {
    SortedMap<String, Long> answered = new TreeMap<>();
    for (Draft draft : drafts.values()) {
      draft.values.remove(Column.AGENT); // the first author's
      String first = draft.ordered().getFirst().author().orElseThrow();
      draft.rows.stream()
          .map(row -> row.author().orElseThrow())
          .distinct()
          .filter(author -> !author.equals(first))
          .forEach(author -> answered.merge(author, 1L, Long::sum));
    }
    Function<String, Speaker> others =
        author ->
            named
                .apply(author)
                .orElse(answered.get(author) < least ? Speaker.CUSTOMER : Speaker.AGENT);
    rewrite((_, rows) -> assigned(rows, others, ends));
    leaveOut(
        draft -> draft.rows.stream().noneMatch(row -> row.message().isAgent()),
        "no agent answered");
    return answered;
  }

  private List<Row> assigned(List<Row> rows, Function<String, Speaker> others, boolean ends) {
    Optional<String> first = rows.getFirst().author();
    List<Row> assigned = new ArrayList<>();
    for (Row row : rows) {
      boolean own = row.author().equals(first);
      Speaker speaker = own ? Speaker.CUSTOMER : others.apply(row.author().orElseThrow());
      if (own || speaker != Speaker.CUSTOMER) {
        Message message = speaker.message(row.message().text());
        assigned.add(new Row(row.time(), message, own ? Optional.empty() : row.author()));
      } else if (ends) {
        break;
      }
    }
    skipped.merge("because of third persons", (long) rows.size() - assigned.size(), Long::sum);
    return assigned;
  }

  /** Whether two sources have conversations with the same id. */
  public boolean sharesIds() {
    Map<String, String> sources = new HashMap<>();
    return drafts.keySet().stream()
        .anyMatch(
            id -> !id.source().equals(sources.computeIfAbsent(id.id(), unseen -> id.source())));
  }

  /**
   * The conversations that were collected.
   *
   * @param prefixed whether ids begin with their source
   */
  public Stream<Conversation> conversations(boolean prefixed) {
    return drafts.entrySet().stream()
        .map(
            entry -> {
              Id id = entry.getKey();
              return conversation(
                  prefixed ? id.source() + ":" + id.id() : id.id(), entry.getValue());
            });
  }

  private static Conversation conversation(String id, Draft draft) {
    List<Row> ordered = draft.ordered();
    Optional<String> agent =
        value(draft, Column.AGENT)
            .or(() -> ordered.stream().flatMap(row -> row.author().stream()).findFirst());
    return new Conversation(
        id,
        agent,
        value(draft, Column.DOMAIN),
        value(draft, Column.CUSTOMER_NAME),
        value(draft, Column.AGENT_NAME),
        ordered.stream().flatMap(row -> row.time().stream()).findFirst(),
        ordered.stream().map(row -> row.messageIn(agent)).toList());
  }

  private static Optional<String> value(Draft draft, Column column) {
    return Optional.ofNullable(draft.values.get(column)).map(Value::text);
  }

  /** Messages, those that were skipped included. */
  public long rows() {
    return rows;
  }

  /** Messages that a file before theirs had already, which count once. */
  public long repeated() {
    return repeated;
  }

  /** Conversations whose messages are in several files, which share none of them. */
  public long joined() {
    return drafts.values().stream().filter(draft -> draft.before > 0 && !draft.overlaps).count();
  }

  /** The number of skipped messages by the value of their role column, or another reason. */
  public SortedMap<String, Long> skipped() {
    return Collections.unmodifiableSortedMap(skipped);
  }

  /** The number of messages that machines wrote, which are context only, by their role. */
  public SortedMap<String, Long> machines() {
    return Collections.unmodifiableSortedMap(machines);
  }

  /**
   * A message as an export has it, with what it says about its conversation.
   *
   * @param source what the id belongs to: the same id of two sources names two conversations
   * @param conversation the id
   * @param time when it was sent; empty if only the order is known
   * @param values of the columns that say something about the conversation
   */
  public record ExportedMessage(
      String source,
      String conversation,
      Speaker speaker,
      Optional<Instant> time,
      String text,
      Map<Column, String> values) {

    public ExportedMessage {
      values = Map.copyOf(values);
    }
  }
}
