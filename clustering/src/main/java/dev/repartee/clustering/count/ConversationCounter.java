package dev.repartee.clustering.count;

import com.ibm.icu.text.BreakIterator;
import com.ibm.icu.util.ULocale;
import dev.repartee.text.Fnv;
import dev.repartee.text.StopWords;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.RedactedConversation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Counts the agent messages of one conversation at a time. Placeholders replace personal data
 * before anything is counted. Since a conversation is counted as a whole, counts per conversation
 * need no memory of earlier conversations. Each thread needs a counter of its own; counters may
 * share a {@link Shared}.
 */
public final class ConversationCounter {

  /** What is expensive to create and safe to use from several threads, for one reading or more. */
  public static final class Shared {

    /** About 100 MB, in 20,000 conversations that all differ. */
    private static final int MOST_REMEMBERED = 300_000;

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
  private final Sentences sentences = new Sentences();
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
    String unknown = Long.toHexString(conversationHash); // an agent
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
      corpus.characters += message.length();
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
      for (String text : messageAndSentences(message)) {
        String key = TextNorm.mask(text);
        if (keysOfMessage.add(key)) {
          TextTally tally = counted.computeIfAbsent(key, TextTally::new);
          // Repeating a number to one customer does not make it common.
          if (spelled.add(text) || !TextNorm.NUMBER.matcher(text).find()) {
            tally.spellings.add(text, 1);
          }
          tally.addSpeaker(text, agent.orElse(unknown));
          agent.ifPresentOrElse(name -> tally.agents.add(name, 1), () -> tally.unknownSpeakers = 1);
          domain.ifPresent(name -> tally.domains.add(name, 1));
          tally.addContext(context);
          if (keysOfMessage.size() == 1) { // the message itself
            tally.messages++;
            tally.characters += message.length();
          } else {
            tally.sentences++;
          }
        }
      }
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
      language.ifPresent(code -> tally.languages.add(code, 1));
      corpus.merge(tally);
    }
  }

  /** The message, then its sentences if it has at least two. */
  private List<String> messageAndSentences(String message) {
    List<String> parts = sentences.of(message);
    if (parts.size() < 2) {
      return List.of(message);
    }
    List<String> all = new ArrayList<>(parts.size() + 1);
    all.add(message);
    all.addAll(parts);
    return all;
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

  /**
   * Splits a message into sentences. {@link BreakIterator} knows the end marks of all scripts and
   * does not break before a lower-case letter. It does break after a full stop if a digit follows
   * ("no. 5"), and after an abbreviation or a list number if a capital does; those breaks are
   * undone here. A line break always ends a sentence. Not safe for use by several threads.
   */
  static final class Sentences {

    /** Abbreviations that never end a sentence, in lower case without their last full stop. */
    private static final Set<String> NEVER_END =
        Set.of(
            "mr", "mrs", "ms", "dr", "prof", "st", "vs", "e.g", "i.e", "approx", "ca", "z.b", "sr",
            "sra");

    /** Abbreviations that end a sentence if a word with one capital follows. */
    private static final Set<String> MAY_END = Set.of("etc", "inc", "ltd", "co");

    /** Abbreviations such as a.m., p.m. and U.S., which may end a sentence too. */
    private static final Pattern LETTERS = Pattern.compile("\\p{L}(?:\\.\\p{L})+");

    private static final Pattern LIST_NUMBER = Pattern.compile("[(\\[]?\\p{Nd}{1,3}\\.");

    private static final int LONGEST_WORD = 12;

    private final BreakIterator breaks = BreakIterator.getSentenceInstance(ULocale.ROOT);

    /** The sentences of {@code text} in order, stripped and without blank ones. */
    List<String> of(String text) {
      List<String> sentences = new ArrayList<>();
      text.lines().forEach(line -> addSentences(line, sentences));
      return sentences;
    }

    private void addSentences(String line, List<String> sentences) {
      breaks.setText(line);
      int start = 0;
      for (int end = breaks.next(); end != BreakIterator.DONE; end = breaks.next()) {
        if (end == line.length() || !isFalseBreak(line, start, end)) {
          String sentence = TextNorm.strip(line.substring(start, end));
          if (!sentence.isEmpty()) {
            sentences.add(sentence);
          }
          start = end;
        }
      }
    }

    private static boolean isInLink(String line, int at) {
      int link = line.lastIndexOf("://", at);
      return link >= 0 && line.substring(link, at).chars().noneMatch(Character::isWhitespace);
    }

    private static boolean isFalseBreak(String line, int start, int next) {
      int end = next;
      while (end > start && Character.isWhitespace(line.charAt(end - 1))) {
        end--;
      }
      if (end == next && isInLink(line, next)) {
        return true;
      }
      int wordStart = end;
      while (wordStart > start
          && end - wordStart <= LONGEST_WORD
          && !Character.isWhitespace(line.charAt(wordStart - 1))) {
        wordStart--;
      }
      String word = line.substring(wordStart, end);
      if (!word.endsWith(".")) {
        return false;
      }
      if (Character.isDigit(line.charAt(next))) {
        return true;
      }
      if (LIST_NUMBER.matcher(word).matches()) {
        return line.substring(start, wordStart).isBlank();
      }
      return isAbbreviation(bare(word), line, next);
    }

    /** {@code word} without brackets and quotes in front and without its full stop. */
    private static String bare(String word) {
      int from = 0;
      while (from < word.length() - 1 && !Character.isLetter(word.charAt(from))) {
        from++;
      }
      return word.substring(from, word.length() - 1);
    }

    private static boolean isAbbreviation(String word, String line, int next) {
      String small = word.toLowerCase(Locale.ROOT);
      if (NEVER_END.contains(small)) {
        return true;
      }
      if (MAY_END.contains(small) || LETTERS.matcher(small).matches()) {
        return !beginsSentence(line, next);
      }
      // One letter is an initial, except the pronoun.
      return word.length() == 1 && Character.isLetter(word.charAt(0)) && !word.equals("I");
    }

    /** Whether a word with exactly one capital in front starts at {@code next}. */
    private static boolean beginsSentence(String line, int next) {
      return Character.isUpperCase(line.charAt(next))
          && (next + 1 == line.length() || !Character.isUpperCase(line.charAt(next + 1)));
    }
  }
}
