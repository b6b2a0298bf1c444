package dev.repartee.engine.suggest;

import dev.repartee.text.Fnv;
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
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which words followed which in the replies of a {@link Memory}: what comes after up to {@value
 * #LONGEST} words, longer matches before shorter ones, and of a word that is begun how often it is
 * used (Witten and Bell 1991). What stands between blanks is one word here; it is kept as a hash
 * and never proposed while too few conversations hold it, whatever its case and the signs around
 * it. Replies can be added at any time. Not for several threads.
 */
final class Continuations {

  /** Words before the predicted one. */
  private static final int LONGEST = 4;

  /** Continuations looked at for one draft, and the characters after which none goes further. */
  private static final int STEPS = 12;

  private static final int LONG = 40;

  /** Less probable continuations are neither followed nor found. */
  private static final double LEAST = 0.05;

  /** What a match of fewer words adds to the probability of a word, below which it is left out. */
  private static final double LEAST_SHARE = LEAST / 50;

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
   * @param bare a hash of the text in lower case without the signs around it, by which it is
   *     counted; empty in earlier files
   */
  record Word(Optional<String> text, String hash, long lower, Optional<Long> bare) {}

  /**
   * A continuation of a draft.
   *
   * @param probability that the reply goes on with it and that its last word ends there
   */
  record Found(String text, double probability) {}

  private static final class Followers {
    private static final Followers NONE = new Followers(new int[0], new int[0]);

    private int[] words;
    private int[] counts;
    private int size;

    Followers() {
      this(new int[1], new int[1]);
      size = 0;
    }

    Followers(int[] words, int[] counts) {
      this.words = words;
      this.counts = counts;
      this.size = words.length;
    }

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

  private static final Pattern SIGNS_AROUND =
      Pattern.compile("^[^\\p{L}\\p{M}\\p{N}]+|[^\\p{L}\\p{M}\\p{N}]+$");

  /** Tells the keys of agents from those of words. */
  private static final long AGENT = 0x5851f42d4c957f2dL;

  private final String salt;
  private final int least;
  private final List<Word> words = new ArrayList<>();
  private final List<String> lower = new ArrayList<>(); // null where the text is not known
  private final List<Integer> bareOf = new ArrayList<>(); // each word's
  private final Map<String, Integer> byHash = new HashMap<>();
  private final Map<Long, Integer> bare = new HashMap<>(); // by hash
  private int[] uses = new int[64]; // of each word
  private int[] conversations = new int[64]; // that hold each bare word
  private int[] lastConversation = new int[64];
  private volatile int[] sorted; // the words that may be shown; null until they are wanted
  private final Map<Long, Followers> followers = new HashMap<>();

  /**
   * @param salt of the hashes of words
   * @param least conversations that hold a word before it is shown
   */
  Continuations(String salt, int least) {
    this.salt = salt;
    this.least = least;
    intern(new Word(Optional.empty(), "", 1, Optional.empty()));
    intern(new Word(Optional.empty(), "end", 2, Optional.empty()));
  }

  private int intern(Word word) {
    return byHash.computeIfAbsent(
        word.hash(),
        unknown -> {
          long counted = word.bare().or(() -> word.text().map(this::bare)).orElse(word.lower());
          words.add(new Word(word.text(), word.hash(), word.lower(), Optional.of(counted)));
          lower.add(word.text().map(Words::lower).orElse(null));
          bareOf.add(number(counted));
          if (words.size() > uses.length) {
            uses = Arrays.copyOf(uses, 2 * words.size());
          }
          return words.size() - 1;
        });
  }

  private int number(long hash) {
    return bare.computeIfAbsent(
        hash,
        unknown -> {
          int size = bare.size();
          if (size == conversations.length) {
            conversations = Arrays.copyOf(conversations, 2 * size);
            lastConversation = Arrays.copyOf(lastConversation, 2 * size);
          }
          lastConversation[size] = -1;
          return size;
        });
  }

  private long bare(String text) {
    String without = SIGNS_AROUND.matcher(text).replaceAll("");
    return Fnv.hash(salt + "bare" + Words.lower(without.isEmpty() ? text : without));
  }

  private boolean isShown(int word) {
    return lower.get(word) != null && conversations[bareOf.get(word)] >= least;
  }

  /** The words known so far, the first two of which mark a reply's ends. */
  List<Word> words() {
    List<Word> all = new ArrayList<>();
    for (int word = 0; word < words.size(); word++) {
      all.add(isShown(word) ? words.get(word) : hidden(words.get(word)));
    }
    return all;
  }

  private static Word hidden(Word word) {
    return new Word(Optional.empty(), word.hash(), word.lower(), word.bare());
  }

  /** Restores the words of {@link #words}. */
  void restore(List<Word> known) {
    known.forEach(this::intern);
  }

  /** Keeps only a hash of words that too few conversations hold now. */
  void hideRare() {
    for (int word = 0; word < words.size(); word++) {
      if (!isShown(word)) {
        words.set(word, hidden(words.get(word)));
        lower.set(word, null);
      }
    }
  }

  /** Words between blanks; between two blanks stands an empty one. */
  private static List<String> split(String text) {
    return Arrays.asList(text.split(" ", -1));
  }

  private long lowerHash(String text) {
    return Fnv.hash(salt + Words.lower(text));
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
      ids[i] = intern(new Word(Optional.of(text), hash, lowerHash(text), Optional.empty()));
      if (lower.get(ids[i]) == null) {
        Word known = words.get(ids[i]);
        words.set(ids[i], new Word(Optional.of(text), hash, known.lower(), known.bare()));
        lower.set(ids[i], Words.lower(text));
      }
    }
    count(ids, conversation, agent);
    return ids;
  }

  /** What tells the different words of a text apart, whatever their case and the signs at them. */
  long[] termsOf(String text) {
    return split(text).stream()
        .filter(word -> !word.isBlank())
        .mapToLong(this::term)
        .distinct()
        .toArray();
  }

  /** The same of a reply's words; one that is kept as a hash has its signs. */
  long[] termsOf(int[] ids) {
    return Arrays.stream(ids)
        .filter(id -> lower.get(id) == null || !lower.get(id).isBlank())
        .mapToLong(id -> isShown(id) ? term(lower.get(id)) : words.get(id).lower())
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
    sorted = null;
    for (int i = 1; i < whole.length; i++) {
      uses[whole[i]]++;
      int counted = bareOf.get(whole[i]);
      if (lastConversation[counted] != conversation) {
        lastConversation[counted] = conversation;
        conversations[counted]++;
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

  /** The words that may be shown and begin with {@code prefix}, and how often each is used. */
  private Followers beginningWith(String prefix) {
    int[] known = sorted;
    if (known == null) {
      known =
          IntStream.range(0, words.size())
              .filter(this::isShown)
              .boxed()
              .sorted(Comparator.<Integer, String>comparing(lower::get))
              .mapToInt(Integer::intValue)
              .toArray();
      sorted = known;
    }
    int low = 0;
    int high = known.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (lower.get(known[middle]).compareTo(prefix) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = low;
    while (end < known.length && lower.get(known[end]).startsWith(prefix)) {
      end++;
    }
    int[] begun = Arrays.copyOfRange(known, low, end);
    return new Followers(begun, Arrays.stream(begun).map(word -> uses[word]).toArray());
  }

  /**
   * The words after {@code before} that begin with {@code prefix}. What their probabilities lack to
   * 1 is unknown, or of words that are too rare to look at.
   *
   * @param before hashes of the words, last first
   * @param agent whose replies count {@value #OWN_WEIGHT} times more, or -1
   */
  private Map<Integer, Double> next(List<Long> before, String prefix, int agent) {
    List<Followers> all = new ArrayList<>(); // after more and more words
    List<Followers> own = new ArrayList<>();
    if (!prefix.isEmpty()) {
      all.add(beginningWith(prefix));
      own.add(Followers.NONE);
    }
    long key = 0;
    for (int known = 0; known < Math.min(LONGEST, before.size()); known++) {
      key = key(key, before.get(known));
      Followers seen = followers.get(key);
      if (seen == null) {
        break;
      }
      all.add(seen);
      own.add(agent < 0 ? Followers.NONE : followers.getOrDefault(of(key, agent), Followers.NONE));
    }
    Map<Integer, Double> probabilities = new LinkedHashMap<>();
    double rest = 1;
    for (int known = all.size() - 1; known >= 0 && rest >= LEAST_SHARE; known--) {
      int kinds = 0;
      double total = OWN_WEIGHT * total(own.get(known), prefix);
      Followers seen = all.get(known);
      for (int i = 0; i < seen.size; i++) {
        if (fits(seen.words[i], prefix)) {
          kinds++;
          total += seen.counts[i];
        }
      }
      if (kinds > 0) {
        double each = rest / (total + kinds);
        add(seen, prefix, each, probabilities);
        add(own.get(known), prefix, OWN_WEIGHT * each, probabilities);
        rest *= kinds / (total + kinds);
      }
    }
    return probabilities;
  }

  private int total(Followers seen, String prefix) {
    int total = 0;
    for (int i = 0; i < seen.size; i++) {
      total += fits(seen.words[i], prefix) ? seen.counts[i] : 0;
    }
    return total;
  }

  /** After a frequent word come a thousand others, most of them once. */
  private void add(Followers seen, String prefix, double each, Map<Integer, Double> probabilities) {
    for (int i = 0; i < seen.size; i++) {
      if (seen.counts[i] * each >= LEAST_SHARE && fits(seen.words[i], prefix)) {
        probabilities.merge(seen.words[i], seen.counts[i] * each, Double::sum);
      }
    }
  }

  private boolean fits(int word, String prefix) {
    return prefix.isEmpty()
        || (lower.get(word) != null && lower.get(word).startsWith(prefix) && isShown(word));
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
    List<String> typed = split(draft);
    String prefix = Words.lower(typed.getLast());
    List<Long> before = new ArrayList<>();
    for (int i = typed.size() - 2; i >= 0 && before.size() < LONGEST; i--) {
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
        .filter(one -> one.getValue() >= LEAST)
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
          if (probability < LEAST / 4 || !isShown(word)) {
            return;
          }
          String text = words.get(word).text().orElseThrow();
          String longer = path.text() + blank + text.substring(typed);
          if (probability >= LEAST && longer.length() < LONG) {
            List<Long> before = new ArrayList<>();
            before.add(words.get(word).lower());
            before.addAll(path.before().subList(0, Math.min(LONGEST - 1, path.before().size())));
            open.add(new Path(longer, probability, before));
          }
          if (longer.isEmpty() || Character.isWhitespace(longer.charAt(longer.length() - 1))) {
            return;
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
