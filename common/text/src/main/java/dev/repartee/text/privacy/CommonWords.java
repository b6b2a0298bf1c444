package dev.repartee.text.privacy;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The words that a model may suggest by itself: those of at least {@value #LEAST_CONVERSATIONS}
 * conversations, and everyday English ones. A rarer word may be a name or a password that no rule
 * found. A model can learn it by heart and must not repeat it to others.
 */
public final class CommonWords {

  /** The file's name in a model folder. */
  public static final String FILE = "words.txt";

  /** The number of different conversations that must hold a word. */
  public static final int LEAST_CONVERSATIONS = 3;

  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]+");

  private final Set<String> words;

  private CommonWords(Set<String> words) {
    this.words = Set.copyOf(words);
  }

  /** The words of {@code text} in lower case. */
  public static List<String> wordsOf(String text) {
    return WORD.matcher(text.toLowerCase(Locale.ROOT))
        .results()
        .map(found -> found.group())
        .toList();
  }

  /** Whether {@code word}, in lower case, is an everyday English word in any regular form. */
  public static boolean isEnglish(String word) {
    Lexicon lexicon = Lexicon.shared();
    // The second look-up finds words with two endings, such as "bookings".
    return lexicon.isCommon(word)
        || (word.endsWith("s") && lexicon.isCommon(word.substring(0, word.length() - 1)));
  }

  /** Counts the conversations that hold each word. */
  public static final class Counter {
    private final Map<String, Integer> conversations = new HashMap<>();

    /** Counts the words of a conversation, each once. */
    public void add(Conversation conversation) {
      Set<String> seen = new HashSet<>();
      for (Message message : conversation.messages()) {
        seen.addAll(wordsOf(message.text()));
      }
      seen.forEach(word -> conversations.merge(word, 1, Integer::sum));
    }

    /** The words of enough conversations. */
    public CommonWords common() {
      Set<String> kept = new HashSet<>();
      conversations.forEach(
          (word, count) -> {
            if (count >= LEAST_CONVERSATIONS) {
              kept.add(word);
            }
          });
      return new CommonWords(kept);
    }
  }

  /** The words of both. */
  public CommonWords with(CommonWords other) {
    Set<String> all = new HashSet<>(words);
    all.addAll(other.words);
    return new CommonWords(all);
  }

  /** Whether every word of {@code text} is common or among {@code alsoKnown}. */
  public boolean cover(String text, Collection<String> alsoKnown) {
    requireNonNull(alsoKnown, "alsoKnown is null");
    return wordsOf(text).stream()
        .allMatch(word -> words.contains(word) || alsoKnown.contains(word) || isEnglish(word));
  }

  /** Writes the words into a folder, one a line. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve(FILE), String.join("\n", new TreeSet<>(words)) + "\n");
  }

  /** Reads the words of a folder, if it has the file. */
  public static Optional<CommonWords> read(Path folder) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(new CommonWords(new HashSet<>(Files.readAllLines(file))));
    } catch (IOException e) {
      throw new UserException(file + " cannot be read: " + e, e);
    }
  }
}
