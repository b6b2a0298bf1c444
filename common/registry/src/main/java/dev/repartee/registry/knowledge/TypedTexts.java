package dev.repartee.registry.knowledge;

import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.TypedText;
import dev.repartee.engine.memory.TypedText.TypedReply;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.Fnv;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message.MessageJson;
import dev.repartee.text.privacy.Forgotten;
import dev.repartee.text.privacy.Sharing;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The texts that agents typed and that may be shown, of all stored feedback of a model: the first
 * reading counts, the second one takes the replies of what may be shown.
 */
final class TypedTexts {

  /** Texts that are shown, those of most conversations. */
  private static final int MOST_TEXTS = 2000;

  /** Replies of one text that a model reads, any: so that few change when another one comes. */
  private static final int MOST_OF_ONE_TEXT = 20;

  /** Of all replies of a text those with the smallest hashes. */
  private static final Comparator<TypedReply> ANY =
      Comparator.comparingLong((TypedReply one) -> Fnv.hash(one.key()))
          .thenComparing(TypedReply::key);

  private final ObjectStore store;
  private final String model;
  private final Instant oldest;
  private final Instant now;
  private final String salt;
  private final Forgotten forgotten;

  /**
   * @param oldest feedback before is not used
   * @param salt of the hashes of conversations that are forgotten
   */
  TypedTexts(
      ObjectStore store,
      String model,
      Instant oldest,
      Instant now,
      String salt,
      Forgotten forgotten) {
    this.store = store;
    this.model = model;
    this.oldest = oldest;
    this.now = now;
    this.salt = salt;
    this.forgotten = forgotten;
  }

  /**
   * Reads them, those of most conversations first.
   *
   * @throws dev.repartee.registry.store.StoreException when the store cannot be read
   */
  List<TypedText> read() {
    Counts counts = new Counts();
    read(Counts::new, counts::add);
    Map<Long, Readers> shown = counts.shown();
    Replies replies = new Replies(shown);
    if (!shown.isEmpty()) {
      read(() -> new Replies(shown), replies::add);
    }
    List<TypedText> texts = new ArrayList<>();
    shown.forEach(
        (text, readers) -> {
          NavigableSet<TypedReply> some = replies.ofTexts.get(text);
          if (some != null) { // they may have been deleted between the two readings
            texts.add(
                new TypedText(
                    shown(some.getFirst().text()),
                    readers.all(),
                    readers.owners(),
                    List.copyOf(some)));
          }
        });
    return texts;
  }

  private <P extends FeedbackReader.Counter> void read(Supplier<P> parts, Consumer<P> read) {
    LocalDate from = FeedbackLog.day(oldest);
    LocalDate to = FeedbackLog.day(now);
    new FeedbackReader(store, Runtime.getRuntime().availableProcessors())
        .read(model, from, to, parts, read);
  }

  /** What an agent typed and the model is to learn; empty where it is too old or forgotten. */
  private Optional<Typed> typed(FeedbackRecord record) {
    return record
        .learn()
        .filter(one -> !one.text().isBlank())
        .filter(_ -> isYoung(record.time()))
        .filter(
            one ->
                !forgotten.holds(
                    one.agent(), Memory.conversationHash(salt, record.conversationId())));
  }

  /** False where the record has no time: nobody knows when it would be too old. */
  private boolean isYoung(String time) {
    try {
      return !Instant.parse(time).isBefore(oldest);
    } catch (DateTimeException e) {
      return false;
    }
  }

  /** The text as it would be shown; others that differ in what cannot be seen are the same. */
  private static String shown(String text) {
    return TextNorm.strip(TextNorm.visible(text));
  }

  private static long hash(String text) {
    return Fnv.hash(shown(text));
  }

  /**
   * Who typed a text, in how many conversations. However often a conversation holds it, it counts
   * once.
   */
  private static final class Count {
    private final Set<Long> conversations = new HashSet<>();
    private final Map<String, Set<Long>> ofAgents = new HashMap<>();
    private final Set<String> callers = new HashSet<>();
    private final Set<Long> ofUnknown = new HashSet<>();

    void add(Count other) {
      conversations.addAll(other.conversations);
      other.ofAgents.forEach(
          (agent, own) -> ofAgents.computeIfAbsent(agent, _ -> new HashSet<>()).addAll(own));
      callers.addAll(other.callers);
      ofUnknown.addAll(other.ofUnknown);
    }

    Optional<Readers> readers() {
      // Whoever sent it without a token may be one of the agents whom tokens name.
      int agents = Math.max(ofAgents.size(), callers.size());
      boolean all = Sharing.isTypedForAll(conversations.size(), agents, ofUnknown.size());
      Set<String> owners =
          ofAgents.entrySet().stream()
              .filter(one -> Sharing.isOwn(one.getValue().size()))
              .map(Map.Entry::getKey)
              .collect(Collectors.toCollection(TreeSet::new));
      return all || !owners.isEmpty()
          ? Optional.of(new Readers(all, owners, conversations.size()))
          : Optional.empty();
    }
  }

  /**
   * Who may see a text.
   *
   * @param all whether everybody may
   * @param owners agents who may where not everybody may, as hashes
   * @param conversations that hold it
   */
  private record Readers(boolean all, Set<String> owners, int conversations) {

    /** Whether a reply is one that makes them readers. */
    boolean isFrom(Optional<String> agent) {
      return all || agent.filter(owners::contains).isPresent();
    }
  }

  /**
   * Who typed which text, over all records. A text is counted as it stands, to the letter and the
   * sign, or one agent could decide how all word it. Texts, agents and conversations are kept as
   * hashes. Counts merge in any order.
   */
  private final class Counts implements FeedbackReader.Counter {

    private final Map<Long, Count> counts = new HashMap<>(); // by the hash of the text

    @Override
    public void add(FeedbackRecord record, LocalDate day) {
      typed(record).ifPresent(typed -> add(record, typed));
    }

    private void add(FeedbackRecord record, Typed typed) {
      Count count = counts.computeIfAbsent(hash(typed.text()), _ -> new Count());
      String caller = record.caller().orElse("");
      long conversation = Fnv.hash(caller + "\n" + record.conversationId());
      count.conversations.add(conversation);
      if (typed.agent().isPresent()) {
        count.ofAgents.computeIfAbsent(typed.agent().get(), _ -> new HashSet<>()).add(conversation);
      } else if (!caller.isEmpty()) {
        count.callers.add(caller);
      } else {
        count.ofUnknown.add(conversation);
      }
    }

    void add(Counts other) {
      other.counts.forEach(
          (text, count) -> counts.computeIfAbsent(text, _ -> new Count()).add(count));
    }

    /** The texts that somebody may see, by their hashes, those of most conversations first. */
    Map<Long, Readers> shown() {
      Map<Long, Readers> shown = new LinkedHashMap<>();
      counts.entrySet().stream()
          .flatMap(
              one ->
                  one
                      .getValue()
                      .readers()
                      .map(readers -> Map.entry(one.getKey(), readers))
                      .stream())
          .sorted(
              Comparator.comparingInt(
                      (Map.Entry<Long, Readers> one) -> -one.getValue().conversations())
                  .thenComparing(Map.Entry::getKey))
          .limit(MOST_TEXTS)
          .forEach(one -> shown.put(one.getKey(), one.getValue()));
      return shown;
    }
  }

  /** Some replies of each text that may be shown. */
  private final class Replies implements FeedbackReader.Counter {

    private final Map<Long, Readers> shown;
    private final Map<Long, NavigableSet<TypedReply>> ofTexts = new HashMap<>();

    Replies(Map<Long, Readers> shown) {
      this.shown = shown;
    }

    @Override
    public void add(FeedbackRecord record, LocalDate day) {
      typed(record).ifPresent(typed -> add(record, typed));
    }

    private void add(FeedbackRecord record, Typed typed) {
      long text = hash(typed.text());
      Readers readers = shown.get(text);
      if (readers != null && readers.isFrom(typed.agent())) {
        add(
            text,
            new TypedReply(
                record.key(),
                typed.agent(),
                Memory.conversationHash(salt, record.conversationId()),
                typed.context().stream().map(MessageJson::message).toList(),
                typed.text()));
      }
    }

    void add(Replies other) {
      other.ofTexts.forEach((text, replies) -> replies.forEach(reply -> add(text, reply)));
    }

    private void add(long text, TypedReply reply) {
      NavigableSet<TypedReply> replies = ofTexts.computeIfAbsent(text, _ -> new TreeSet<>(ANY));
      replies.add(reply);
      if (replies.size() > MOST_OF_ONE_TEXT) {
        replies.removeLast();
      }
    }
  }
}
