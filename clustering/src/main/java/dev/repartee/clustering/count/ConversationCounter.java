package dev.repartee.clustering.count;

import dev.repartee.text.Fnv;
import dev.repartee.text.Passages;
import dev.repartee.text.Passages.Passage;
import dev.repartee.text.StopWords;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.RedactedConversation;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Counts the agent messages of one conversation at a time. Placeholders replace personal data
 * before anything is counted. Since a conversation is counted as a whole, counts per conversation
 * need no memory of earlier conversations. Each thread needs a counter of its own; counters may
 * share a {@link Shared}.
 */
public final class ConversationCounter {

  /** What conversations fill in: word for word others did not write a passage that has it. */
  private static final Pattern FILLED = Pattern.compile("\\{(?!url|number)[a-z_]+\\}");

  /** What is expensive to create and safe to use from several threads, for one reading or more. */
  public static final class Shared {

    /** Characters of some 30,000 conversations. */
    private static final int MOST_REMEMBERED = 150_000_000;

    private final ConversationRedactor.Memo redacted =
        ConversationRedactor.Memo.ofFirst(MOST_REMEMBERED);
    private final Map<String, String> pseudonyms = new ConcurrentHashMap<>();

    /**
     * {@code agent-} and the first 8 hexadecimal digits of the SHA-256 of the agent's id. A
     * pseudonym hides who wrote what from a reader, but not from someone who has the list of ids.
     */
    private String pseudonym(String agentId) {
      return pseudonyms.computeIfAbsent(agentId, id -> "agent-" + Sha256.of(id).substring(0, 8));
    }
  }

  private final ConversationRedactor redactor;
  private final Shared shared;

  /**
   * @param facts what stays readable
   */
  public ConversationCounter(Shared shared, PublicFacts facts) {
    this.shared = shared;
    this.redactor = new ConversationRedactor(facts, shared.redacted);
  }

  /**
   * Adds the values of {@code conversation} to {@code values}; needs a counter without facts but
   * terms.
   */
  public void countValues(Conversation conversation, PublicFacts.Counter values) {
    Conversation visible = visible(conversation);
    values.add(visible, redactor.redact(visible));
  }

  /** Adds the passages of {@code conversation} to {@code repeats}. */
  public void countRepeats(Conversation conversation, Repeats repeats) {
    List<String> texts = texts(redactor.redact(visible(conversation)));
    long conversationHash = hash(conversation.id());
    Set<Long> counted = new HashSet<>();
    for (int i = 0; i < texts.size(); i++) {
      Message message = conversation.messages().get(i);
      if (isCounted(message)) {
        long speaker =
            conversation.agentOf(message).map(ConversationCounter::hash).orElse(conversationHash);
        new Passages(TextNorm.strip(texts.get(i)))
            .all()
            .forEach(passage -> repeats.add(passage, speaker, counted));
      }
    }
  }

  /** Adds {@code conversation} to {@code corpus}. */
  public void count(Conversation conversation, CorpusTally corpus) {
    RedactedConversation redacted = redactor.redact(visible(conversation));
    redacted.open().forEach(found -> corpus.addOpen(found.kind(), found.text()));
    redacted
        .detections()
        .forEach(
            found -> found.forEach(find -> corpus.redactions.add(find.kind().placeholder(), 1)));
    List<String> texts = texts(redacted);
    Optional<String> domain = redacted.conversation().domain();
    long conversationHash = hash(conversation.id());
    Map<String, TextTally> counted = new HashMap<>();
    Set<String> spelled = new HashSet<>();
    Set<Optional<String>> agents = new HashSet<>();
    StopWords.Tally stopWords = StopWords.count("");
    int messages = 0; // not blank
    for (int i = 0; i < texts.size(); i++) {
      if (!isCounted(conversation.messages().get(i))) {
        continue;
      }
      corpus.agentMessages++;
      String message = TextNorm.strip(texts.get(i));
      if (message.isEmpty()) {
        corpus.blankMessages++;
        continue;
      }
      stopWords = stopWords.plus(StopWords.count(message));
      TextTally.Context context =
          new TextTally.Context(
              hash(conversationHash, i),
              conversationHash,
              customerText(conversation, texts, i - 1),
              customerText(conversation, texts, i + 1));
      Optional<String> agent =
          conversation.agentOf(conversation.messages().get(i)).map(shared::pseudonym);
      agents.add(agent);
      Set<String> keysOfMessage = new HashSet<>();
      Passages all = new Passages(message);
      Set<Passage> used = used(all, corpus.repeats());
      for (Passage passage : withParts(used, all, corpus.repeats())) {
        if (keysOfMessage.add(passage.key())) {
          TextTally tally = counted.computeIfAbsent(passage.key(), TextTally::new);
          tally.repeats = corpus.repeats().holds(passage.key());
          // Repeating a number to one customer does not make it common.
          if (spelled.add(passage.text()) || !TextNorm.NUMBER.matcher(passage.text()).find()) {
            tally.spellings.add(passage.text(), 1);
          }
          agent.ifPresentOrElse(name -> tally.agents.add(name, 1), () -> tally.unknownSpeakers = 1);
          domain.ifPresent(name -> tally.domains.add(name, 1));
          tally.addContext(context);
          if (passage.whole()) {
            tally.messages++;
          } else if (used.contains(passage)) {
            tally.sentences++;
          }
        }
      }
      addCovered(message, all, corpus);
      messages++;
    }
    corpus.conversations++;
    if (messages == 0) {
      return;
    }
    agents.forEach(
        agent ->
            agent.ifPresentOrElse(
                name -> corpus.agents.add(name, 1), () -> corpus.unknownSpeakers++));
    Optional<String> language = stopWords.language();
    for (TextTally tally : counted.values()) {
      StopWords.language(tally.key)
          .or(() -> language)
          .ifPresent(code -> tally.languages.add(code, 1));
      corpus.merge(tally);
    }
  }

  /**
   * The longest passages that repeat; also a short message, since its wording may be rare, but what
   * it says frequent.
   */
  private static Set<Passage> used(Passages all, Repeats repeats) {
    return Stream.concat(
            all.message().filter(one -> TextTally.isCounted(one.key())).stream(),
            all.longest(passage -> repeats.holds(passage.key())).stream())
        .collect(Collectors.toCollection(LinkedHashSet::new));
  }

  /**
   * These, and those of their parts that repeat without what is around them (maximal repeats),
   * which are no use of their own here.
   */
  private static List<Passage> withParts(Set<Passage> used, Passages all, Repeats repeats) {
    List<Passage> with = new ArrayList<>(used);
    all.all().stream()
        .filter(one -> repeats.holds(one.key()))
        .sorted(Comparator.comparingInt((Passage one) -> -one.key().length()))
        .forEach(
            one -> {
              OptionalInt around =
                  with.stream()
                      .filter(other -> (" " + other.key() + " ").contains(" " + one.key() + " "))
                      .mapToInt(other -> repeats.conversations(other.key()))
                      .max();
              if (around.isPresent() && repeats.conversations(one.key()) > around.getAsInt()) {
                with.add(one);
              }
            });
    return with;
  }

  /** Counts what the passages of other conversations cover of this message. */
  private static void addCovered(String message, Passages all, CorpusTally corpus) {
    corpus.characters += message.length();
    List<Passage> covered =
        all.longest(
            one ->
                corpus.repeats().holdsElsewhere(one.key()) && !FILLED.matcher(one.text()).find());
    for (Passage passage : covered) {
      int length = passage.whole() ? message.length() : passage.text().length();
      corpus.coveredCharacters.add(passage.key(), length);
      if (passage.whole()) {
        corpus.coveredMessages.add(passage.key(), 1);
      }
    }
  }

  private static String customerText(Conversation conversation, List<String> texts, int index) {
    boolean exists = index >= 0 && index < texts.size();
    return exists && !conversation.messages().get(index).isAgent() ? texts.get(index) : "";
  }

  /** Blank messages are counted apart, where those who learn leave them out. */
  private static boolean isCounted(Message message) {
    return message.isAgent() && !message.contextOnly();
  }

  private static List<String> texts(RedactedConversation redacted) {
    return redacted.conversation().messages().stream().map(Message::text).toList();
  }

  /** Control characters would hide personal data, and would reach reports. */
  private static Conversation visible(Conversation conversation) {
    return conversation.withMessages(
        conversation.messages().stream()
            .map(message -> message.withText(TextNorm.visible(message.text())))
            .toList());
  }

  /**
   * A hash that is the same on every machine: FNV-1a over UTF-16 units, then MurmurHash3's
   * finalizer, so that the smallest hashes are a fair sample.
   */
  private static long hash(String text) {
    return mix(Fnv.hash(text));
  }

  /** The hash of part {@code index} of what {@code hash} is the hash of. */
  private static long hash(long hash, int index) {
    return mix(hash + (index + 1) * 0x9e3779b97f4a7c15L); // 2^64 over the golden ratio
  }

  private static long mix(long hash) {
    long h = hash;
    h = (h ^ (h >>> 33)) * 0xff51afd7ed558ccdL;
    h = (h ^ (h >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return h ^ (h >>> 33);
  }
}
