package dev.repartee.engine.suggest;

import dev.repartee.text.io.Sha256;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Which words followed which in the replies of a {@link Memory}: what comes after up to {@value
 * #LONGEST} words, longer matches before shorter ones (Witten and Bell 1991). A word that too few
 * conversations hold is kept as a hash and never proposed. Replies can be added at any time. Not
 * for several threads.
 */
final class Continuations {

  /** Words before the predicted one. */
  private static final int LONGEST = 4;

  /** Of these, the reply's beginning included, as many must agree, where there are as many. */
  private static final int FEWEST = 2;

  /** Continuations looked at for one draft, and the characters after which none goes further. */
  private static final int STEPS = 12;

  private static final int LONG = 40;

  /** Less probable continuations are not followed. */
  private static final double LEAST = 0.03;

  /** An agent's own replies count so many times more for them. */
  private static final int OWN_WEIGHT = 3;

  private static final int START = 0;
  private static final int END = 1;

  /**
   * A word as it is written, between blanks.
   *
   * @param text empty while few conversations hold it
   * @param hash of the text
   * @param lower a hash of the text in lower case, by which it is found as a word before another
   */
  record Word(Optional<String> text, String hash, long lower) {}

  /**
   * A continuation of a draft.
   *
   * @param probability that the reply goes on with it and that its last word ends there
   */
  record Found(String text, double probability) {}

  private static final class Followers {
    private int[] words = new int[1];
    private int[] counts = new int[1];
    private int size;

    private void count(int word) {
      for (int i = 0; i < size; i++) {
        if (words[i] == word) {
          counts[i]++;
          return;
        }
      }
      if (size == words.length) {
        words = Arrays.copyOf(words, 2 * size);
        counts = Arrays.copyOf(counts, 2 * size);
      }
      words[size] = word;
      counts[size++] = 1;
    }
  }

  /** Tells the keys of agents from those of words. */
  private static final long AGENT = 0x5851f42d4c957f2dL;

  private final String salt;
  private final int least;
  private final List<Word> words = new ArrayList<>();
  private final List<String> lower = new ArrayList<>(); // of the words that may be shown, else null
  private final Map<String, Integer> byHash = new HashMap<>();
  private int[] conversations = new int[64]; // that hold each word
  private int[] lastConversation = new int[64];
  private final Map<Long, Followers> followers = new HashMap<>();

  /**
   * @param salt of the hashes of words
   * @param least conversations that hold a word before it is shown
   */
  Continuations(String salt, int least) {
    this.salt = salt;
    this.least = least;
    intern(new Word(Optional.empty(), "", 1));
    intern(new Word(Optional.empty(), "end", 2));
  }

  private int intern(Word word) {
    return byHash.computeIfAbsent(
        word.hash(),
        unknown -> {
          words.add(word);
          lower.add(word.text().map(Words::lower).orElse(null));
          if (words.size() > conversations.length) {
            conversations = Arrays.copyOf(conversations, 2 * words.size());
            lastConversation = Arrays.copyOf(lastConversation, 2 * words.size());
          }
          lastConversation[words.size() - 1] = -1;
          return words.size() - 1;
        });
  }

  /** The words known so far, the first two of which mark a reply's ends. */
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
        lower.set(word, null);
      }
    }
  }

  private static List<String> split(String text) {
    return Arrays.stream(text.split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  private long lowerHash(String text) {
    return Words.hash(salt + Words.lower(text));
  }

  private static long key(long before, long word) {
    long mixed = (before ^ (word + 0x9E3779B97F4A7C15L)) * 0xff51afd7ed558ccdL;
    return mixed ^ (mixed >>> 33);
  }

  /** The key of the same words by one agent, whose number is no word's hash. */
  private static long of(long words, int agent) {
    return key(words ^ AGENT, agent);
  }

  /**
   * Remembers a reply; returns its words, with which {@link #count} counts it again.
   *
   * @param agent a number of who wrote it, or -1
   */
  int[] add(String reply, int conversation, int agent) {
    List<String> texts = split(reply);
    int[] ids = new int[texts.size()];
    for (int i = 0; i < ids.length; i++) {
      String text = texts.get(i);
      String hash = Sha256.brief(salt + "word" + text);
      ids[i] = intern(new Word(Optional.empty(), hash, lowerHash(text)));
    }
    count(ids, conversation, agent);
    for (int i = 0; i < ids.length; i++) {
      Word word = words.get(ids[i]);
      if (word.text().isEmpty() && conversations[ids[i]] >= least) {
        words.set(ids[i], new Word(Optional.of(texts.get(i)), word.hash(), word.lower()));
        lower.set(ids[i], Words.lower(texts.get(i)));
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
  void count(int[] ids, int conversation, int agent) {
    int[] whole = new int[ids.length + 2];
    System.arraycopy(ids, 0, whole, 1, ids.length);
    whole[0] = START;
    whole[ids.length + 1] = END;
    for (int i = 1; i < whole.length; i++) {
      if (lastConversation[whole[i]] != conversation) {
        lastConversation[whole[i]] = conversation;
        conversations[whole[i]]++;
      }
      long key = 0;
      for (int before = 1; before <= Math.min(i, LONGEST); before++) {
        key = key(key, words.get(whole[i - before]).lower());
        followers.computeIfAbsent(key, unknown -> new Followers()).count(whole[i]);
        if (agent >= 0) {
          followers.computeIfAbsent(of(key, agent), unknown -> new Followers()).count(whole[i]);
        }
      }
    }
  }

  /**
   * The words after {@code before} that begin with {@code prefix}. What their probabilities lack to
   * 1 is unknown. Where only the last word agrees, none: after one word comes anything.
   *
   * @param before hashes of the words, last first
   * @param agent whose replies count {@value #OWN_WEIGHT} times more, or -1
   */
  private Map<Integer, Double> next(List<Long> before, String prefix, int agent) {
    Map<Integer, Double> probabilities = new LinkedHashMap<>();
    long key = 0;
    for (int known = 1; known <= Math.min(LONGEST, before.size()); known++) {
      key = key(key, before.get(known - 1));
      Map<Integer, Integer> counts = new LinkedHashMap<>();
      Followers seen = followers.get(key);
      if (seen != null) {
        count(seen, prefix, 1, counts);
      }
      if (counts.isEmpty()) {
        return known > FEWEST ? probabilities : Map.of();
      }
      int kinds = counts.size();
      Followers own = agent < 0 ? null : followers.get(of(key, agent));
      if (own != null) {
        count(own, prefix, OWN_WEIGHT, counts);
      }
      double all = counts.values().stream().mapToInt(Integer::intValue).sum() + kinds;
      probabilities.replaceAll((word, shorter) -> shorter * kinds / all);
      counts.forEach((word, count) -> probabilities.merge(word, count / all, Double::sum));
    }
    return probabilities;
  }

  private void count(Followers seen, String prefix, int weight, Map<Integer, Integer> counts) {
    for (int i = 0; i < seen.size; i++) {
      if (fits(seen.words[i], prefix)) {
        counts.merge(seen.words[i], weight * seen.counts[i], Integer::sum);
      }
    }
  }

  private boolean fits(int word, String prefix) {
    return prefix.isEmpty() || (lower.get(word) != null && lower.get(word).startsWith(prefix));
  }

  private record Path(String text, double probability, List<Long> before) {

    private static final Comparator<Path> PROBABLE_FIRST =
        Comparator.comparingDouble((Path path) -> -path.probability()).thenComparing(Path::text);
  }

  /**
   * Continuations of a draft that end with a word, each text once.
   *
   * @param agent a number of who writes it, or -1
   */
  List<Found> after(String draft, int agent) {
    int cut = draft.length();
    while (cut > 0 && !Character.isWhitespace(draft.charAt(cut - 1))) {
      cut--;
    }
    String prefix = Words.lower(draft.substring(cut));
    List<Long> before = new ArrayList<>();
    List<String> typed = split(draft.substring(0, cut));
    for (int i = typed.size() - 1; i >= 0 && before.size() < LONGEST; i--) {
      before.add(lowerHash(typed.get(i)));
    }
    if (before.size() < LONGEST) {
      before.add(words.get(START).lower());
    }
    Map<String, Double> found = new LinkedHashMap<>();
    PriorityQueue<Path> open = new PriorityQueue<>(Path.PROBABLE_FIRST);
    follow(new Path("", 1, before), next(before, prefix, agent), prefix.length(), "", found, open);
    for (int step = 0; step < STEPS && !open.isEmpty(); step++) {
      Path path = open.remove();
      follow(path, next(path.before(), "", agent), 0, " ", found, open);
    }
    return found.entrySet().stream()
        .map(one -> new Found(one.getKey(), Math.min(1, one.getValue())))
        .toList();
  }

  private void follow(
      Path path,
      Map<Integer, Double> next,
      int typed,
      String blank,
      Map<String, Double> found,
      PriorityQueue<Path> open) {
    next.forEach(
        (word, share) -> {
          double probability = path.probability() * share;
          Optional<String> text = words.get(word).text();
          if (text.isEmpty() || probability < LEAST / 4) {
            return;
          }
          String longer = path.text() + blank + text.get().substring(typed);
          if (probability >= LEAST && longer.length() < LONG) {
            List<Long> before = new ArrayList<>();
            before.add(words.get(word).lower());
            before.addAll(path.before().subList(0, Math.min(LONGEST - 1, path.before().size())));
            open.add(new Path(longer, probability, before));
          }
          // A sign behind the word need not come: "order" and "order." are both right.
          found.merge(longer, probability, Double::sum);
          String bare = withoutSigns(longer);
          if (bare.length() < longer.length()) {
            found.merge(bare, probability, Double::sum);
          }
        });
    found.remove("");
  }

  private static String withoutSigns(String text) {
    int end = text.length();
    while (end > 0 && ".,!?;:)".indexOf(text.charAt(end - 1)) >= 0) {
      end--;
    }
    return text.substring(0, end);
  }
}
