package dev.repartee.clustering.count;

import dev.repartee.text.TextNorm;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import java.io.Serializable;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Everything counted of some conversations: their totals, and a tally for each different text that
 * their agents wrote. Merges as {@link TextTally} does: the same conversations give equal tallies,
 * in whatever order and on whatever machines they were counted. For one thread at a time.
 */
public final class CorpusTally implements Serializable {

  private static final long serialVersionUID = 1;

  private final PublicFacts facts;
  private final Repeats repeats;
  final Counter agents = new Counter();
  final Counter redactions = new Counter();
  private final Counter open = new Counter(); // by kind, colon and spelling
  long conversations;
  long agentMessages;
  long blankMessages;
  long unknownSpeakers;
  final Counter coveredMessages = new Counter(); // by the key of what they are
  final Counter coveredCharacters = new Counter();
  long characters; // of agents' messages
  private final HashMap<String, TextTally> texts = new HashMap<>();

  /** Counts of conversations in which nothing is public, or counts of some that are merged. */
  public CorpusTally() {
    this(PublicFacts.NONE, Repeats.NONE);
  }

  /**
   * @param facts the public values, which stayed readable
   * @param repeats the passages that may be shown
   */
  public CorpusTally(PublicFacts facts, Repeats repeats) {
    this.facts = facts;
    this.repeats = repeats;
  }

  /** Adds the counts of {@code other}, which must not be used afterwards. */
  public void merge(CorpusTally other) {
    addTotals(other);
    other.texts.values().forEach(this::merge);
  }

  /** Adds {@code tally}, which must not be used afterwards. */
  public void merge(TextTally tally) {
    TextTally known = texts.putIfAbsent(tally.key(), tally);
    if (known != null) {
      known.merge(tally);
    }
  }

  /** The totals of these counts, without the texts. */
  public CorpusTally totals() {
    CorpusTally totals = new CorpusTally();
    totals.addTotals(this);
    return totals;
  }

  private void addTotals(CorpusTally other) {
    agents.addAll(other.agents);
    redactions.addAll(other.redactions);
    open.addAll(other.open);
    conversations += other.conversations;
    agentMessages += other.agentMessages;
    blankMessages += other.blankMessages;
    unknownSpeakers += other.unknownSpeakers;
    coveredMessages.addAll(other.coveredMessages);
    coveredCharacters.addAll(other.coveredCharacters);
    characters += other.characters;
  }

  /** The number of conversations. */
  public long conversations() {
    return conversations;
  }

  /** The number of messages that agents wrote, blank ones included. */
  public long agentMessages() {
    return agentMessages;
  }

  /** The number of agent messages that are blank. */
  public long blankMessages() {
    return blankMessages;
  }

  /** Different known agents who wrote something. */
  public long knownAgents() {
    return agents.size();
  }

  /** Conversations in which an unknown agent wrote something. */
  public long agentUnknown() {
    return unknownSpeakers;
  }

  /** The passages that may be shown. */
  public Repeats repeats() {
    return repeats;
  }

  /** Shares, 0 to 1, of agents' messages and of their characters. */
  public record Coverage(double messages, double characters) {}

  /**
   * What part of the agents' messages passages with these keys are, of those that enough other
   * conversations have: each conversation is measured by all others (leave-one-out).
   */
  public Coverage coverage(Set<String> keys) {
    return new Coverage(
        share(coveredMessages, keys, agentMessages - blankMessages),
        share(coveredCharacters, keys, characters));
  }

  private static double share(Counter covered, Set<String> keys, long all) {
    Map<String, Long> counts = covered.toMap();
    return keys.stream().mapToLong(key -> counts.getOrDefault(key, 0L)).sum()
        / (double) Math.max(1, all);
  }

  /** Replaced pieces of personal data, by placeholder. */
  public SortedMap<String, Long> redactions() {
    return redactions.toMap();
  }

  /** Counts a value that stayed since it is public. */
  void addOpen(PersonalData kind, String spelling) {
    open.add(kind.id() + ':' + spelling, 1);
  }

  /** The public values that stayed, as agents spell them. */
  public PublicFacts facts() {
    Map<PublicFacts.Spelling, Long> uses = new HashMap<>();
    open.toMap()
        .forEach(
            (name, count) -> {
              int colon = name.indexOf(':');
              PersonalData kind = PersonalData.ofId(name.substring(0, colon)).orElseThrow();
              uses.put(new PublicFacts.Spelling(kind, name.substring(colon + 1)), count);
            });
    return facts.named(uses);
  }

  /** The tallies of messages and passages, in no order. */
  public Collection<TextTally> texts() {
    return Collections.unmodifiableCollection(texts.values());
  }

  /** {@link #texts} by key, in the order of code points. */
  public List<TextTally> sortedTexts() {
    return texts.values().stream()
        .sorted(Comparator.comparing(TextTally::key, TextNorm.BY_CODE_POINT))
        .toList();
  }

  /** Equal if everything counted is equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof CorpusTally tally
        && counts().equals(tally.counts())
        && texts.equals(tally.texts);
  }

  private List<Object> counts() {
    return List.of(
        List.of(agents, redactions, open, coveredMessages, coveredCharacters),
        List.of(conversations, agentMessages, blankMessages, unknownSpeakers, characters));
  }

  @Override
  public int hashCode() {
    return texts.hashCode();
  }

  @Override
  public String toString() {
    return "%d conversations, %d agent messages, %s".formatted(conversations, agentMessages, texts);
  }
}
