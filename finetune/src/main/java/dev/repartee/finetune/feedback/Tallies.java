package dev.repartee.finetune.feedback;

import dev.repartee.finetune.metric.Rule;
import dev.repartee.registry.VersionName;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.LongStream;

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

  /** A reply counts as this long at most: one that was left open says nothing. */
  static final long LONGEST_REPLY_MS = 300_000;

  /** How many different conversations and agents of a text are counted at most. */
  static final int MOST_COUNTED = 10;

  /** Shorter replies are quicker typed than found, longer ones are one person's. */
  private static final int SHORTEST_TEXT = 10;

  private static final int LONGEST_TEXT = 1000;

  /** What is added up of replies. */
  enum Count {
    REPLIES,
    /** With a suggestion on the screen. */
    ASSISTED,
    /** Of which a suggestion was sent, as it stood or edited. */
    USED,
    EDITED,
    CHARACTERS,
    /** Characters sent, less those typed, less one where a suggestion was used. */
    SAVED,
    /** Of replies with events, as are the following. */
    DETAILED_CHARACTERS,
    DETAILED_TYPED,
    DISPLAYS,
    TAKEN,
    /** Of which the time is known. */
    TIMED,
    TIMED_CHARACTERS,
    COMPOSING_MS;

    /** In an array of counts. */
    @SuppressWarnings("EnumOrdinal") // of arrays in memory
    int index() {
      return ordinal();
    }
  }

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
  record AnswerUse(String text, long displayed, long used, long edited) {

    private static final int MOST_TEXT = 200;

    AnswerUse plus(AnswerUse other) {
      boolean mine = other.text.isEmpty() || (!text.isEmpty() && text.compareTo(other.text) <= 0);
      return new AnswerUse(
          mine ? text : other.text,
          displayed + other.displayed,
          used + other.used,
          edited + other.edited);
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

    TypedText {
      conversations = List.copyOf(conversations);
      agents = List.copyOf(agents);
      unknown = List.copyOf(unknown);
    }

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
      if (others.isEmpty() || some.equals(others)) {
        return some;
      }
      return LongStream.concat(
              some.stream().mapToLong(Long::longValue), others.stream().mapToLong(Long::longValue))
          .sorted()
          .distinct()
          .limit(MOST_COUNTED)
          .boxed()
          .toList();
    }
  }

  private final Map<Cell, long[]> cells = new HashMap<>();
  private final long[][] groups = new long[GROUPS][Count.values().length];
  private final Map<String, AnswerUse> answers = new HashMap<>();
  private final Map<Long, TypedText> typed = new HashMap<>();
  private Optional<LocalDate> first = Optional.empty();
  private Optional<LocalDate> last = Optional.empty();
  private long repeats;
  private long unreadable;

  Map<Cell, long[]> cells() {
    return cells;
  }

  long[][] groups() {
    return groups;
  }

  /** With the version of a folder, too: feedback has it. */
  private static String version(VersionName model) {
    return model.name() + "@" + model.version();
  }

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

  Map<String, AnswerUse> answers() {
    return answers;
  }

  Iterable<TypedText> typed() {
    return typed.values();
  }

  /** The first day that was counted. */
  Optional<LocalDate> first() {
    return first;
  }

  Optional<LocalDate> last() {
    return last;
  }

  long repeats() {
    return repeats;
  }

  long unreadable() {
    return unreadable;
  }

  long replies() {
    return Arrays.stream(groups).mapToLong(counts -> counts[Count.REPLIES.index()]).sum();
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
    days(Optional.of(day), Optional.of(day));
    String queue = reply.events().flatMap(events -> events.queue()).orElse("");
    long hash = conversation(reply);
    int group = Math.floorMod(hash, GROUPS);
    long[] counts = counts(reply);
    String week = day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY)).toString();
    String arm =
        reply
            .events()
            .flatMap(events -> events.experiment())
            .map(one -> one.id() + " " + one.arm())
            .orElse("");
    merge(
        cells,
        new Cell(week, queue, version(reply.model()), arm, reply.agent().orElse("")),
        counts);
    add(groups[group], counts);
    addAnswers(reply);
    addTyped(reply, hash);
  }

  /** A hash of a reply's conversation. */
  static long conversation(FeedbackRecord reply) {
    return hash(reply.caller().orElse("") + "\n" + reply.conversationId());
  }

  /** What is added up of a reply. */
  static long[] counts(FeedbackRecord reply) {
    long[] counts = zero();
    counts[Count.REPLIES.index()] = 1;
    counts[Count.ASSISTED.index()] = reply.assisted() ? 1 : 0;
    counts[Count.USED.index()] = reply.used().isPresent() ? 1 : 0;
    counts[Count.EDITED.index()] = reply.edited() ? 1 : 0;
    counts[Count.CHARACTERS.index()] = reply.finalCharacters();
    counts[Count.SAVED.index()] = reply.saved();
    if (reply.events().isPresent()) {
      counts[Count.DETAILED_CHARACTERS.index()] = reply.finalCharacters();
      counts[Count.DETAILED_TYPED.index()] = reply.charactersTyped();
      counts[Count.DISPLAYS.index()] = reply.events().get().displays();
      counts[Count.TAKEN.index()] = reply.taken();
    }
    OptionalLong composing = composing(reply);
    if (composing.isPresent()) {
      counts[Count.TIMED.index()] = 1;
      counts[Count.TIMED_CHARACTERS.index()] = reply.finalCharacters();
      counts[Count.COMPOSING_MS.index()] = composing.getAsLong();
    }
    return counts;
  }

  /** Keystrokes saved of replies with events, those for actions and reading taken off. */
  static double saved(long[] counts) {
    return counts[Count.DETAILED_CHARACTERS.index()]
        - Rule.NET.cost(
            counts[Count.DETAILED_TYPED.index()],
            counts[Count.TAKEN.index()],
            counts[Count.DISPLAYS.index()],
            0);
  }

  /** No reply. */
  static long[] zero() {
    return new long[Count.values().length];
  }

  private static OptionalLong composing(FeedbackRecord reply) {
    OptionalLong ms =
        reply.events().map(events -> events.composingMs()).orElse(OptionalLong.empty());
    return ms.isPresent()
        ? OptionalLong.of(Math.min(ms.getAsLong(), LONGEST_REPLY_MS))
        : OptionalLong.empty();
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
          .forEach(id -> answers.merge(id, new AnswerUse("", 1, 0, 0), AnswerUse::plus));
    }
    for (FeedbackRecord.Shown shown : reply.shown()) {
      if (shown.id().isPresent()) {
        String cut = TextNorm.beginning(shown.text(), AnswerUse.MOST_TEXT);
        answers.merge(
            shown.id().get(), new AnswerUse(cut, detailed ? 0 : 1, 0, 0), AnswerUse::plus);
      }
    }
    reply
        .used()
        .flatMap(FeedbackRecord.Shown::id)
        .ifPresent(
            id ->
                answers.merge(
                    id, new AnswerUse("", 0, 1, reply.edited() ? 1 : 0), AnswerUse::plus));
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

  /** Adds counts to those of a key. */
  static <K> void merge(Map<K, long[]> into, K key, long[] counts) {
    add(into.computeIfAbsent(key, _ -> zero()), counts);
  }

  static void add(long[] sums, long[] counts) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += counts[i];
    }
  }

  private void days(Optional<LocalDate> from, Optional<LocalDate> to) {
    if (from.isPresent() && (first.isEmpty() || from.get().isBefore(first.get()))) {
      first = from;
    }
    if (to.isPresent() && (last.isEmpty() || to.get().isAfter(last.get()))) {
      last = to;
    }
  }

  /** Takes what another one counted. */
  void merge(Tallies other) {
    days(other.first, other.last);
    repeats += other.repeats;
    unreadable += other.unreadable;
    other.cells.forEach((cell, counts) -> merge(cells, cell, counts));
    for (int i = 0; i < GROUPS; i++) {
      add(groups[i], other.groups[i]);
    }
    other.answers.forEach((id, use) -> answers.merge(id, use, AnswerUse::plus));
    other.typed.forEach((key, text) -> typed.merge(key, text, TypedText::plus));
  }
}
