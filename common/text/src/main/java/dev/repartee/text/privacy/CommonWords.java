package dev.repartee.text.privacy;

import dev.repartee.text.StopWords;
import dev.repartee.text.UserException;
import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The words that a model may suggest by itself: those of at least {@value #LEAST_CONVERSATIONS}
 * conversations, and everyday ones of English and of the languages that these are held in. A rarer
 * word may be a name or a password that no rule found. A model can learn it by heart and must not
 * repeat it to others.
 */
public final class CommonWords {

  /** The file's name in a model folder. */
  public static final String FILE = "words.txt";

  /** The number of different conversations that must hold a word. */
  public static final int LEAST_CONVERSATIONS = 3;

  /** The share of the conversations that a language must be spoken in to count. */
  private static final double LEAST_SHARE_OF_LANGUAGE = 0.02;

  /** Begins the file's first line, which names the languages. */
  private static final String HEADER = "#unicode";

  /** Letters with the signs of a sentence around them: no number, link, handle or signature. */
  private static final Pattern WORD =
      Pattern.compile(
          "[\u2060(\\[\\p{Pi}\"']*(\\p{L}[\\p{L}\\p{M}'\u2019-]*)[)\\]\\p{Pf}\\p{Po}&&[^/@#]]*");

  private final Set<String> languages;
  private final Set<String> words;

  private CommonWords(Set<String> languages, Set<String> words) {
    this.languages = Set.copyOf(languages);
    this.words = Set.copyOf(words);
  }

  /** Whether {@code word}, in lower case, is an everyday English word in any regular form. */
  public static boolean isEnglish(String word) {
    Lexicon lexicon = Lexicon.shared();
    // The second look-up finds words with two endings, such as "bookings".
    return lexicon.isCommon(word)
        || (word.endsWith("s") && lexicon.isCommon(word.substring(0, word.length() - 1)));
  }

  /** Counts the conversations that hold each word, and those in each language. */
  public static final class Counter {
    private final Map<String, Integer> conversations = new HashMap<>();
    private final Map<String, Integer> inLanguage = new HashMap<>();
    private int counted;

    /** Counts the words of a conversation, each once. */
    public void add(Conversation conversation) {
      Set<String> seen = new HashSet<>();
      StringBuilder texts = new StringBuilder();
      for (Message message : conversation.messages()) {
        seen.addAll(WordRule.words(message.text()));
        texts.append(message.text()).append('\n');
      }
      seen.forEach(word -> conversations.merge(word, 1, Integer::sum));
      StopWords.language(texts.toString())
          .ifPresent(language -> inLanguage.merge(language, 1, Integer::sum));
      counted++;
    }

    /** The words of enough conversations. */
    public CommonWords common() {
      return new CommonWords(
          held(inLanguage, Math.max(LEAST_CONVERSATIONS, LEAST_SHARE_OF_LANGUAGE * counted)),
          held(conversations, LEAST_CONVERSATIONS));
    }

    private static Set<String> held(Map<String, Integer> counts, double least) {
      return counts.entrySet().stream()
          .filter(one -> one.getValue() >= least)
          .map(Map.Entry::getKey)
          .collect(Collectors.toSet());
    }
  }

  /** The words and languages of both. */
  public CommonWords with(CommonWords other) {
    Set<String> all = new HashSet<>(words);
    all.addAll(other.words);
    Set<String> spoken = new HashSet<>(languages);
    spoken.addAll(other.languages);
    return new CommonWords(spoken, all);
  }

  /** Whether every word of {@code text} is common or among {@code alsoKnown}. */
  public boolean cover(String text, Collection<String> alsoKnown) {
    return cover(text, 0, alsoKnown);
  }

  /** Whether the words of a text are known that do not end before {@code from}. */
  public boolean cover(String text, int from, Collection<String> alsoKnown) {
    return WordRule.words(text, from).stream()
        .allMatch(word -> isCommon(word) || alsoKnown.contains(word));
  }

  /**
   * Whether a word, as it is written between blanks, may be said however few conversations hold it:
   * it is {@link #cover common}, is no number or link, and no name by its capital.
   */
  public boolean isSafe(String written) {
    Matcher matcher = WORD.matcher(written);
    if (!matcher.matches()) {
      return false;
    }
    String word = matcher.group(1);
    String lower = word.toLowerCase(Locale.ROOT);
    return cover(lower, Set.of()) && (word.equals(lower) || !Lexicon.shared().mayBeName(lower));
  }

  private boolean isCommon(String word) {
    return words.contains(word)
        || isEnglish(word)
        || languages.stream().anyMatch(language -> Lexicon.everyday(language).contains(word));
  }

  /** Writes the words into a folder, one a line. */
  public void write(Path folder) throws IOException {
    List<String> lines = new ArrayList<>(new TreeSet<>(words));
    List<String> header = new ArrayList<>(new TreeSet<>(languages));
    header.addFirst(HEADER);
    lines.addFirst(String.join(" ", header));
    AtomicFile.writeString(folder.resolve(FILE), String.join("\n", lines) + "\n");
  }

  /** Reads the words of a folder, if it has the file. */
  public static Optional<CommonWords> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      List<String> lines = Files.readAllLines(file);
      List<String> header =
          lines.isEmpty() ? List.of("") : List.of(lines.getFirst().split(" ", -1));
      if (!header.getFirst().equals(HEADER)) {
        throw new UserException(
            "%s, line 1: must begin with '%s' but is '%s'; fetch the model again, or use a newer Repartee"
                .formatted(file, HEADER, header.getFirst()));
      }
      return Optional.of(
          new CommonWords(
              new HashSet<>(header.subList(1, header.size())),
              new HashSet<>(lines.subList(1, lines.size()))));
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e, e);
    }
  }
}
