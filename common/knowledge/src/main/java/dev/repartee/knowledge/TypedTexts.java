package dev.repartee.knowledge;

import dev.repartee.engine.suggest.Memory;
import dev.repartee.engine.suggest.TypedText;
import dev.repartee.engine.suggest.TypedText.TypedReply;
import dev.repartee.registry.feedback.FeedbackLog;
import dev.repartee.registry.feedback.FeedbackReader;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.Fnv;
import dev.repartee.text.conversation.MessageJson;
import dev.repartee.text.privacy.Forgotten;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The texts that agents typed and that may be shown, of all stored feedback of a model: the first
 * reading counts, the second one takes the replies of what may be shown.
 */
final class TypedTexts {

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
    TypedCounts counts = new TypedCounts();
    read(() -> new CountingPart(), part -> counts.add(part.counts));
    Map<Long, TypedCounts.Readers> shown = counts.shown();
    Map<Long, NavigableSet<TypedReply>> replies = new HashMap<>();
    if (!shown.isEmpty()) {
      read(
          () -> new TakingPart(shown),
          part -> part.replies.forEach((text, some) -> take(replies, text, some)));
    }
    List<TypedText> texts = new ArrayList<>();
    shown.forEach(
        (text, readers) -> {
          NavigableSet<TypedReply> some = replies.getOrDefault(text, new TreeSet<>(ANY));
          if (!some.isEmpty()) { // they may have been deleted between the two readings
            texts.add(
                new TypedText(
                    TypedCounts.shown(some.getFirst().text()),
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

  private static void take(
      Map<Long, NavigableSet<TypedReply>> replies, long text, Iterable<TypedReply> more) {
    NavigableSet<TypedReply> some = replies.computeIfAbsent(text, _ -> new TreeSet<>(ANY));
    for (TypedReply one : more) {
      some.add(one);
      if (some.size() > MOST_OF_ONE_TEXT) {
        some.removeLast();
      }
    }
  }

  /** Hands over what counts of a record. */
  private void use(FeedbackRecord record, BiConsumer<FeedbackRecord, Typed> consumer) {
    Optional<Typed> typed =
        record
            .learn()
            .filter(one -> !one.text().isBlank())
            .filter(_ -> isYoung(record.time()))
            .filter(
                one ->
                    !forgotten.holds(
                        one.agent(), Memory.conversationHash(salt, record.conversationId())));
    typed.ifPresent(one -> consumer.accept(record, one));
  }

  /** False where the record has no time: nobody knows when it would be too old. */
  private boolean isYoung(String time) {
    try {
      return !Instant.parse(time).isBefore(oldest);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private final class CountingPart implements FeedbackReader.Counter {
    private final TypedCounts counts = new TypedCounts();

    @Override
    public void add(FeedbackRecord record, LocalDate day) {
      use(record, counts::add);
    }
  }

  private final class TakingPart implements FeedbackReader.Counter {
    private final Map<Long, TypedCounts.Readers> shown;
    private final Map<Long, NavigableSet<TypedReply>> replies = new HashMap<>();

    TakingPart(Map<Long, TypedCounts.Readers> shown) {
      this.shown = shown;
    }

    @Override
    public void add(FeedbackRecord record, LocalDate day) {
      use(record, this::take);
    }

    private void take(FeedbackRecord record, Typed typed) {
      long text = TypedCounts.hash(typed.text());
      TypedCounts.Readers readers = shown.get(text);
      if (readers != null && readers.isFrom(typed.agent())) {
        TypedTexts.take(
            replies,
            text,
            List.of(
                new TypedReply(
                    record.key(),
                    typed.agent(),
                    Memory.conversationHash(salt, record.conversationId()),
                    typed.context().stream().map(MessageJson::message).toList(),
                    typed.text())));
      }
    }
  }
}
