package dev.repartee.engine.suggest;

import dev.repartee.text.io.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The words of the replies of a {@link Memory}. A word that too few conversations hold is kept as a
 * hash and never proposed. Replies can be added at any time. Not for several threads.
 */
final class KnownWords {

  /**
   * A word as it is written, between blanks.
   *
   * @param text empty while few conversations hold it
   * @param hash of the text
   * @param lower a hash of the text in lower case
   */
  record Word(Optional<String> text, String hash, long lower) {}

  private final String salt;
  private final int least;
  private final List<Word> words = new ArrayList<>();
  private final Map<String, Integer> byHash = new HashMap<>();
  private int[] conversations = new int[64]; // that hold each word
  private int[] lastConversation = new int[64];

  /**
   * @param salt of the hashes of words
   * @param least conversations that hold a word before it is shown
   */
  KnownWords(String salt, int least) {
    this.salt = salt;
    this.least = least;
    // Files number words from 2 on, since two marked a reply's ends.
    intern(new Word(Optional.empty(), "", 1));
    intern(new Word(Optional.empty(), "end", 2));
  }

  private int intern(Word word) {
    return byHash.computeIfAbsent(
        word.hash(),
        unknown -> {
          words.add(word);
          if (words.size() > conversations.length) {
            conversations = Arrays.copyOf(conversations, 2 * words.size());
            lastConversation = Arrays.copyOf(lastConversation, 2 * words.size());
          }
          lastConversation[words.size() - 1] = -1;
          return words.size() - 1;
        });
  }

  /** The words known so far, after two that no reply has. */
  List<Word> words() {
    return words;
  }

  /** Restores the words of {@link #words}. */
  void restore(List<Word> known) {
    known.forEach(this::intern);
  }

  /** Keeps only a hash of words that too few conversations hold now. */
  void hideRare() {
    for (int word = 0; word < words.size(); word++) {
      if (conversations[word] < least) {
        words.set(
            word, new Word(Optional.empty(), words.get(word).hash(), words.get(word).lower()));
      }
    }
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  private long lowerHash(String text) {
    return Words.hash(salt + Words.lower(text));
  }

  /** Remembers a reply; returns its words, with which {@link #count} counts it again. */
  int[] add(String reply, int conversation) {
    List<String> texts = split(reply);
    int[] ids = new int[texts.size()];
    for (int i = 0; i < ids.length; i++) {
      String text = texts.get(i);
      String hash = Sha256.brief(salt + "word" + text);
      ids[i] = intern(new Word(Optional.empty(), hash, lowerHash(text)));
    }
    count(ids, conversation);
    for (int i = 0; i < ids.length; i++) {
      Word word = words.get(ids[i]);
      if (word.text().isEmpty() && conversations[ids[i]] >= least) {
        words.set(ids[i], new Word(Optional.of(texts.get(i)), word.hash(), word.lower()));
      }
    }
    return ids;
  }

  /** What tells the different words of a text apart, whatever their case and the signs at them. */
  long[] termsOf(String text) {
    return split(text).stream().mapToLong(this::term).distinct().toArray();
  }

  /** The same of a reply's words; one that is kept as a hash has its signs. */
  long[] termsOf(int[] ids) {
    return Arrays.stream(ids)
        .mapToObj(words::get)
        .mapToLong(word -> word.text().map(this::term).orElse(word.lower()))
        .distinct()
        .toArray();
  }

  private long term(String word) {
    String bare = withoutSigns(word);
    return lowerHash(bare.isEmpty() ? word : bare);
  }

  /** Counts the words of a reply. */
  void count(int[] ids, int conversation) {
    for (int word : ids) {
      if (lastConversation[word] != conversation) {
        lastConversation[word] = conversation;
        conversations[word]++;
      }
    }
  }

  private static String withoutSigns(String text) {
    int end = text.length();
    while (end > 0 && ".,!?;:)".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }
}
