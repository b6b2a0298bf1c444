package dev.repartee.finetune.feedback;

import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import dev.repartee.registry.feedback.ReplyEvents.What;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStores;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What is counted of feedback. Everything is a whole number that is added up, or a set of smallest
 * ones, so what several threads count gives the same in whatever order it is merged. Not for
 * several threads.
 */
final class Tallies implements FeedbackReader.Counter {

  /**
   * Conversations are parted into so many groups by a hash. Intervals come from leaving out one
   * group after the other, so messages of one conversation need not be independent.
   */
  static final int GROUPS = 20;

  /** Of the t distribution with {@code GROUPS - 1} degrees of freedom. */
  static final double T95 = 2.093;

  /** How many different conversations and agents of a text are counted at most. */
  static final int MOST_COUNTED = 10;

  /** Shorter replies are quicker typed than found, longer ones are one person's. */
  private static final int SHORTEST_TEXT = 10;

  private static final int LONGEST_TEXT = 1000;

  /** What replies are counted by; a name that is not known is empty. */
  record Cell(String week, String queue, String version, String arm, String agent) {

    boolean isOfKnownAgent() {
      return !agent.isEmpty();
    }
  }

  /**
   * What became of an answer.
   *
   * @param text of its suggestions, the first in the order of texts, cut
   */
  record AnswerUse(String text, long displayed, long used) {

    static final AnswerUse NONE = new AnswerUse("", 0, 0);

    private static final int MOST_TEXT = 200;

    AnswerUse plus(AnswerUse other) {
      boolean mine = other.text.isEmpty() || (!text.isEmpty() && text.compareTo(other.text) <= 0);
      return new AnswerUse(
          mine ? text : other.text, displayed + other.displayed, used + other.used);
    }
  }

  /**
   * A text that agents typed.
   *
   * @param text as one of them wrote it, the first in the order of texts
   * @param conversations hashes, the smallest {@link #MOST_COUNTED} of them
   * @param agents the same, of agents that are known
   * @param unknown of conversations whose agents are not known
   */
  record TypedText(
      String text,
      long replies,
      long characters,
      List<Long> conversations,
      List<Long> agents,
      List<Long> unknown) {

    TypedText plus(TypedText other) {
      return new TypedText(
          text.compareTo(other.text) <= 0 ? text : other.text,
          replies + other.replies,
          characters + other.characters,
          smallest(conversations, other.conversations),
          smallest(agents, other.agents),
          smallest(unknown, other.unknown));
    }

    private static List<Long> smallest(List<Long> some, List<Long> others) {
      return others.isEmpty() || some.equals(others)
          ? some
          : Stream.concat(some.stream(), others.stream())
              .sorted()
              .distinct()
              .limit(MOST_COUNTED)
              .toList();
    }
  }

  private final Map<Cell, ReplySums> cells = new HashMap<>();
  private final List<ReplySums> groups = Stream.generate(ReplySums::new).limit(GROUPS).toList();
  private final Map<String, AnswerUse> answers = new HashMap<>();
  private final Map<Long, TypedText> typed = new HashMap<>();
  private final TreeSet<LocalDate> days = new TreeSet<>();
  private long repeats;
  private long unreadable;

  /**
   * Counts all feedback of a store.
   *
   * @throws UserException when there is no feedback in the store, or it cannot be read
   */
  static Tallies read(String uri) {
    Tallies sum = new Tallies();
    try (ObjectStore store = ObjectStores.open(uri)) {
      new FeedbackReader(store, Runtime.getRuntime().availableProcessors())
          .read(LocalDate.MIN, LocalDate.MAX, Tallies::new, sum::merge);
    }
    return sum;
  }

  Map<Cell, ReplySums> cells() {
    return cells;
  }

  /** Of the {@link #GROUPS} of conversations. */
  List<ReplySums> groups() {
    return groups;
  }

  Map<String, AnswerUse> answers() {
    return answers;
  }

  Collection<TypedText> typed() {
    return typed.values();
  }

  /** The days that were counted. */
  NavigableSet<LocalDate> days() {
    return days;
  }

  long repeats() {
    return repeats;
  }

  long unreadable() {
    return unreadable;
  }

  /** Counts a reply that is stored twice, which must not be counted otherwise. */
  @Override
  public void addRepeat() {
    repeats++;
  }

  /** Counts a line that is no feedback. */
  @Override
  public void addUnreadable() {
    unreadable++;
  }

  /**
   * Counts a reply.
   *
   * @param day when it arrived, in UTC
   */
  @Override
  public void add(FeedbackRecord reply, LocalDate day) {
    days.add(day);
    Cell cell =
        new Cell(
            day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toString(),
            reply.events().flatMap(ReplyEvents::queue).orElse(""),
            reply.model().name() + "@" + reply.model().version(), // a folder's, too
            reply
                .events()
                .flatMap(ReplyEvents::experiment)
                .map(one -> one.id() + " " + one.arm())
                .orElse(""),
            reply.agent().orElse(""));
    long conversation = conversation(reply);
    ReplySums sums = ReplySums.of(reply);
    merge(cells, cell, sums);
    groups.get(Math.floorMod(conversation, GROUPS)).add(sums);
    addAnswers(reply);
    addTyped(reply, conversation);
  }

  /** A hash of a reply's conversation. */
  static long conversation(FeedbackRecord reply) {
    return hash(reply.caller().orElse("") + "\n" + reply.conversationId());
  }

  private void addAnswers(FeedbackRecord reply) {
    boolean detailed =
        reply.events().isPresent()
            && reply.events().get().actions().stream().anyMatch(one -> one.id().isPresent());
    if (detailed) {
      reply.events().get().actions().stream()
          .filter(one -> one.action() == What.DISPLAYED)
          .flatMap(one -> one.id().stream())
          .distinct()
          .forEach(id -> answers.merge(id, new AnswerUse("", 1, 0), AnswerUse::plus));
    }
    for (FeedbackRecord.Shown shown : reply.shown()) {
      if (shown.id().isPresent()) {
        String cut = TextNorm.beginning(shown.text(), AnswerUse.MOST_TEXT);
        answers.merge(shown.id().get(), new AnswerUse(cut, detailed ? 0 : 1, 0), AnswerUse::plus);
      }
    }
    reply
        .used()
        .flatMap(FeedbackRecord.Shown::id)
        .ifPresent(id -> answers.merge(id, new AnswerUse("", 0, 1), AnswerUse::plus));
  }

  private void addTyped(FeedbackRecord reply, long conversation) {
    String text = reply.finalText();
    if (text.length() < SHORTEST_TEXT || text.length() > LONGEST_TEXT || !reply.byHand()) {
      return;
    }
    List<Long> conversations = List.of(conversation);
    List<Long> agents = reply.agent().map(agent -> List.of(hash(agent))).orElse(List.of());
    typed.merge(
        hash(TextNorm.wording(text)),
        new TypedText(
            text,
            1,
            reply.finalCharacters(),
            conversations,
            agents,
            agents.isEmpty() ? conversations : List.of()),
        TypedText::plus);
  }

  private static long hash(String text) {
    return ByteBuffer.wrap(Sha256.newDigest().digest(text.getBytes(StandardCharsets.UTF_8)))
        .getLong();
  }

  /** Adds sums to those of a key. */
  static <K> void merge(Map<K, ReplySums> into, K key, ReplySums sums) {
    into.computeIfAbsent(key, _ -> new ReplySums()).add(sums);
  }

  /** Takes what another one counted. */
  void merge(Tallies other) {
    days.addAll(other.days);
    repeats += other.repeats;
    unreadable += other.unreadable;
    other.cells.forEach((cell, sums) -> merge(cells, cell, sums));
    for (int i = 0; i < GROUPS; i++) {
      groups.get(i).add(other.groups.get(i));
    }
    other.answers.forEach((id, use) -> answers.merge(id, use, AnswerUse::plus));
    other.typed.forEach((key, text) -> typed.merge(key, text, TypedText::plus));
  }
}
