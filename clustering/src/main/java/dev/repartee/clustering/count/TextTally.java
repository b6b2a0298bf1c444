package dev.repartee.clustering.count;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.StopWords;
import dev.repartee.text.TextNorm;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * Everything counted of one text. Texts that differ only in punctuation, letter case and numbers
 * are one text; their common form is the key. A <em>use</em> of a text is an agent message that is
 * this text, or an agent message that holds it as a passage.
 *
 * <p>Tallies of one key merge in any order and any grouping with the same result, so threads and
 * machines can count separately. Each map is built when it is requested, since a corpus may hold
 * millions of tallies.
 */
public final class TextTally implements Serializable {

  private static final long serialVersionUID = 1;

  /** The largest number of contexts kept for a text. */
  public static final int MOST_CONTEXTS = 16;

  /** The most words of a text that says the same as others of other words. */
  private static final int SHORT = 12;

  /** The most words of a message that is counted though its wording is rare. */
  private static final int COUNTED = 40;

  private static final Context[] NO_CONTEXTS = {};

  final String key;
  final Counter agents = new Counter();
  final Counter domains = new Counter();
  final Counter languages = new Counter();
  final Counter spellings = new Counter();
  boolean repeats;
  long messages;
  long sentences;
  long unknownSpeakers;
  private Context[] contexts = NO_CONTEXTS; // ascending

  TextTally(String key) {
    this.key = requireNonNull(key, "key is null");
  }

  /**
   * The customer's messages around one use of a text, redacted and cut to {@value #MOST_CHARACTERS}
   * UTF-16 units.
   *
   * @param order a hash of the conversation's id and the message's index. The contexts with the
   *     smallest unsigned values are the sample of a text.
   * @param conversation a hash of the conversation's id
   * @param before the message right before, empty if there is none or the agent wrote it
   * @param after the message right after, empty if there is none or the agent wrote it
   */
  public record Context(long order, long conversation, String before, String after)
      implements Comparable<Context>, Serializable {

    static final int MOST_CHARACTERS = 200;

    private static final Comparator<Context> ORDER =
        Comparator.<Context, Long>comparing(Context::order, Long::compareUnsigned)
            .thenComparing(Context::conversation, Long::compareUnsigned)
            .thenComparing(Context::before)
            .thenComparing(Context::after);

    public Context {
      before = TextNorm.beginning(before, MOST_CHARACTERS);
      after = TextNorm.beginning(after, MOST_CHARACTERS);
    }

    @Override
    public int compareTo(Context other) {
      return ORDER.compare(this, other);
    }
  }

  /** Keeps {@code context} if it is among the {@value #MOST_CONTEXTS} smallest. */
  void addContext(Context context) {
    int found = Arrays.binarySearch(contexts, context);
    int position = found < 0 ? -found - 1 : found;
    if (position == MOST_CONTEXTS) {
      return;
    }
    Context[] more = new Context[Math.min(contexts.length + 1, MOST_CONTEXTS)];
    System.arraycopy(contexts, 0, more, 0, position);
    more[position] = context;
    System.arraycopy(contexts, position, more, position + 1, more.length - position - 1);
    contexts = more;
  }

  /**
   * Adds the counts of {@code other}, which stays as it is.
   *
   * @throws IllegalArgumentException if the keys differ
   */
  public void merge(TextTally other) {
    if (!key.equals(other.key)) {
      throw new IllegalArgumentException(
          "key must be '" + key + "' but is '" + other.key + "'; merge tallies of one key only");
    }
    agents.addAll(other.agents);
    domains.addAll(other.domains);
    languages.addAll(other.languages);
    spellings.addAll(other.spellings);
    repeats |= other.repeats;
    messages += other.messages;
    sentences += other.sentences;
    unknownSpeakers += other.unknownSpeakers;
    for (Context context : other.contexts) {
      addContext(context);
    }
  }

  /** The form that all spellings share, {@link TextNorm#maskedWording}. */
  public String key() {
    return key;
  }

  /** Whether it is among the {@link Repeats} and so may be shown. */
  public boolean repeats() {
    return repeats;
  }

  /** Whether a text of this key may say what others say, though their words differ. */
  public static boolean isShort(String key) {
    return words(key) <= SHORT;
  }

  /** Whether a message of this key is counted, whoever else has it. */
  static boolean isCounted(String key) {
    return words(key) <= COUNTED;
  }

  private static long words(String key) {
    return 1 + key.chars().filter(c -> c == ' ').count();
  }

  /** The number of agent messages that are this text and nothing else. */
  public long messages() {
    return messages;
  }

  /** The number of agent messages that hold the text as a passage. */
  public long sentences() {
    return sentences;
  }

  /** Messages and sentences together. */
  public long uses() {
    return messages + sentences;
  }

  /** Uses by the agent's pseudonym, where the agent is known. */
  public SortedMap<String, Long> byAgent() {
    return agents.toMap();
  }

  /** Conversations with a use whose agent is unknown. */
  public long unknownSpeakers() {
    return unknownSpeakers;
  }

  /** Different agents, plus {@link #unknownSpeakers}. */
  public long speakers() {
    return agents.size() + unknownSpeakers;
  }

  /** Uses by the domain of the conversation, where it is known. */
  public SortedMap<String, Long> byDomain() {
    return domains.toMap();
  }

  /**
   * Conversations with a use, by the text's language or, where {@link StopWords} finds none, by
   * their own.
   */
  public SortedMap<String, Long> languages() {
    return languages.toMap();
  }

  /** The language with the highest count, the first by code among equal ones. */
  public static Optional<String> mostFrequentLanguage(SortedMap<String, Long> conversations) {
    return conversations.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey);
  }

  /** Uses by spelling. */
  public SortedMap<String, Long> spellings() {
    return spellings.toMap();
  }

  /**
   * The contexts of up to {@value #MOST_CONTEXTS} uses. They are drawn by a hash, so the same
   * conversations give the same sample.
   */
  public List<Context> contexts() {
    return List.of(contexts);
  }

  /** The spelling with most uses, where a capital in front and an end mark add half each. */
  public String bestSpelling() {
    return spellings().entrySet().stream()
        .max(
            Comparator.comparingDouble(
                    (Map.Entry<String, Long> entry) ->
                        entry.getValue() * (1 + tidiness(entry.getKey())))
                .thenComparing(Map.Entry::getKey, TextNorm.BY_CODE_POINT.reversed()))
        .orElseThrow()
        .getKey();
  }

  private static double tidiness(String text) {
    boolean capital = Character.isUpperCase(text.codePointAt(0));
    boolean ended = ".!?\u2026\u3002\uff1f\uff01".indexOf(text.charAt(text.length() - 1)) >= 0;
    return (capital ? 0.5 : 0) + (ended ? 0.5 : 0);
  }

  /** Equal if the key and everything counted are equal. */
  @Override
  public boolean equals(Object other) {
    return other instanceof TextTally tally
        && key.equals(tally.key)
        && counts().equals(tally.counts());
  }

  private List<Object> counts() {
    return List.of(
        List.of(agents, domains, languages, spellings),
        List.of(repeats, messages, sentences, unknownSpeakers),
        contexts());
  }

  @Override
  public int hashCode() {
    return key.hashCode();
  }

  @Override
  public String toString() {
    return "%s (%d messages, %d sentences, %s, %s)"
        .formatted(key, messages, sentences, byAgent(), spellings());
  }
}
