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
import java.util.SortedMap;

/**
 * Everything counted of some conversations: their totals, and a tally for each different text that
 * their agents wrote. Merges as {@link TextTally} does: the same conversations give equal tallies,
 * in whatever order and on whatever machines they were counted. For one thread at a time.
 */
public final class CorpusTally implements Serializable {

  private static final long serialVersionUID = 1;

  private final PublicFacts facts;
  final Counter agents = new Counter();
  final Counter redactions = new Counter();
  private final Counter open = new Counter(); // by kind, colon and spelling
  long conversations;
  long agentMessages;
  long blankMessages;
  long characters;
  long unknownSpeakers;
  private final HashMap<String, TextTally> texts = new HashMap<>();

  /** Counts of conversations in which nothing is public. */
  public CorpusTally() {
    this(PublicFacts.NONE);
  }

  /**
   * @param facts the public values, which stayed readable
   */
  public CorpusTally(PublicFacts facts) {
    this.facts = facts;
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
    characters += other.characters;
    unknownSpeakers += other.unknownSpeakers;
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

  /** The length of all agent messages, in UTF-16 units. */
  public long characters() {
    return characters;
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

  /** The tallies of messages and their sentences, in no order. */
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
        List.of(agents, redactions, open),
        List.of(conversations, agentMessages, blankMessages, characters, unknownSpeakers));
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
