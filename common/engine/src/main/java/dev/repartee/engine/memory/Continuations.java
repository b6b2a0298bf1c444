package dev.repartee.engine.memory;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.text.Fnv;
import dev.repartee.text.WordRule;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.Links;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.PriorityQueue;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Which words followed which in the replies of a {@link Memory}: what comes after up to {@value
 * #LONGEST} words, longer matches before shorter ones, and of a word that is begun how often it is
 * used (Witten and Bell 1991). What stands between blanks is one word here, or a part of it where a
 * script writes no blanks ({@link WordRule#split}). It is kept as a hash and never proposed while
 * too few conversations hold it, whatever its case and the signs around it, unless it is {@link
 * CommonWords#isSafe safe} by itself. Never changes.
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

  /**
   * How much of a probability the replies of the conversation's queue give, where there are any.
   */
  private static final double QUEUE_SHARE = 0.5;

  /** What a link begins with, as long as nothing of it is typed. */
  private static final String LINK = "http";

  private static final int START = 0;
  private static final int END = 1;

  /**
   * A word as it is written, between blanks.
   *
   * @param text empty while few conversations hold it
   * @param hash of the text
   * @param lower a hash of the text in lower case, by which it is found as a word before another
   * @param bare a hash of the text in lower case without the signs around it, by which it is
   *     counted; empty until it is
   * @param queue the only one that uses it, of a link or a sign, and in which alone it is shown
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  record Word(
      Optional<String> text,
      String hash,
      long lower,
      Optional<Long> bare,
      Optional<Integer> queue) {
    Word {
      requireNonNull(hash, "hash is null");
    }

    Word(Optional<String> text, String hash, long lower, Optional<Long> bare) {
      this(text, hash, lower, bare, Optional.empty());
    }
  }

  /** The words that followed, from one position to another of the counts. */
  private record Followers(FollowerCounts of, int start, int end) {
    static final Followers NONE = new Followers(FollowerCounts.NONE, 0, 0);
  }

  private static final Pattern SIGNS_AROUND =
      Pattern.compile("^[^\\p{L}\\p{M}\\p{N}]+|[^\\p{L}\\p{M}\\p{N}]+$");

  /** Tells the keys of agents, and of queues, from those of words. */
  private static final long AGENT = 0x5851f42d4c957f2dL;

  private static final long QUEUE = 0x14057b7ef767814fL;

  private final String salt;
  private final List<Word> words;
  private final String[] lower; // null where the text is not shown
  private final boolean[] link;
  private final FollowerCounts counts;
  private final int[] sorted; // the words that may be shown, by their lower case

  /**
   * @param salt of the hashes of words
   * @param words in the order of their numbers; those that must not be shown without their texts
   */
  Continuations(String salt, List<Word> words, FollowerCounts counts) {
    this.salt = salt;
    this.words = List.copyOf(words);
    this.counts = counts;
    lower = new String[words.size()];
    link = new boolean[words.size()];
    for (int word = 0; word < lower.length; word++) {
      lower[word] = words.get(word).text().map(Words::lower).orElse(null);
      link[word] = isShown(word) && Links.isLink(lower[word]);
    }
    sorted =
        IntStream.range(0, lower.length)
            .filter(this::isShown)
            .boxed()
            .sorted(Comparator.comparing(word -> lower[word]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  FollowerCounts counts() {
    return counts;
  }

  private boolean isShown(int word) {
    return lower[word] != null;
  }

  /** The words, the first two of which mark a reply's ends. */
  List<Word> words() {
    return words;
  }

  private Followers followers(long key) {
    int at = counts.find(key);
    return at < 0 ? Followers.NONE : new Followers(counts, counts.start(at), counts.start(at + 1));
  }

  private static long lowerHash(String salt, String text) {
    return Fnv.hash(salt + Words.lower(text));
  }

  private static long key(long before, long word) {
    long mixed = (before ^ (word + 0x9E3779B97F4A7C15L)) * 0xff51afd7ed558ccdL;
    return mixed ^ (mixed >>> 33);
  }

  /** The key of the same words by one agent, whose number is no word's hash. */
  private static long ofAgent(long words, int agent) {
    return key(words ^ AGENT, agent);
  }

  /** The key of the same words in one queue. */
  private static long ofQueue(long words, int queue) {
    return key(words ^ QUEUE, queue);
  }

  /** What tells the different words of a text apart, whatever their case and the signs at them. */
  long[] termsOf(String text) {
    return WordRule.split(text).stream()
        .filter(word -> !word.isBlank())
        .mapToLong(this::term)
        .distinct()
        .toArray();
  }

  /** The terms of a reply's words; one that is kept as a hash has its signs. */
  long[] termsOf(int[] ids) {
    return Arrays.stream(ids)
        .filter(id -> lower[id] == null || !lower[id].isBlank())
        .mapToLong(id -> isShown(id) ? term(lower[id]) : words.get(id).lower())
        .distinct()
        .toArray();
  }

  private long term(String word) {
    String bare = WordRule.withoutSignsBehind(word);
    return lowerHash(salt, bare.isEmpty() ? word : bare);
  }

  /** The words that may be shown and begin with {@code prefix}, and how often each is used. */
  private Followers beginningWith(String prefix) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (lower[sorted[middle]].compareTo(prefix) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    int end = low;
    while (end < sorted.length && lower[sorted[end]].startsWith(prefix)) {
      end++;
    }
    int[] begun = Arrays.copyOfRange(sorted, low, end);
    int[] used = Arrays.stream(begun).map(counts::uses).toArray();
    return new Followers(FollowerCounts.of(begun, used), 0, begun.length);
  }

  /**
   * The words after {@code before} that begin with {@code prefix}. What their probabilities lack to
   * 1 is unknown, or of words that are too rare to look at. Half of it is what the replies of the
   * queue say, where they say anything.
   *
   * @param before hashes of the words, last first
   */
  private Map<Integer, Double> next(List<Long> before, String prefix, Writer writer) {
    Map<Integer, Double> all = next(before, prefix, writer.agent(), Writer.UNKNOWN);
    Map<Integer, Double> own =
        writer.queue() == Writer.UNKNOWN
            ? Map.of()
            : next(before, prefix, writer.agent(), writer.queue());
    if (!own.isEmpty()) {
      all.replaceAll((_, probability) -> (1 - QUEUE_SHARE) * probability);
      own.forEach((word, share) -> all.merge(word, QUEUE_SHARE * share, Double::sum));
    }
    return all;
  }

  /**
   * What follows by the replies of one queue or of all.
   *
   * @param agent whose replies count {@value #OWN_WEIGHT} times more, or -1
   */
  private Map<Integer, Double> next(List<Long> before, String prefix, int agent, int queue) {
    boolean isAll = queue == Writer.UNKNOWN;
    List<Followers> all = new ArrayList<>(); // after more and more words
    List<Followers> own = new ArrayList<>();
    if (!prefix.isEmpty()) {
      all.add(isAll ? beginningWith(prefix) : followers(ofQueue(0, queue)));
      own.add(Followers.NONE);
    }
    long key = 0;
    for (int known = 0; known < Math.min(LONGEST, before.size()); known++) {
      key = key(key, before.get(known));
      Followers seen = followers(isAll ? key : ofQueue(key, queue));
      if (seen.start() == seen.end()) {
        break;
      }
      all.add(seen);
      own.add(agent < 0 ? Followers.NONE : followers(ofAgent(key, agent)));
    }
    Map<Integer, Double> probabilities = new LinkedHashMap<>();
    double rest = 1;
    for (int known = all.size() - 1; known >= 0 && rest >= LEAST_SHARE; known--) {
      int kinds = 0;
      double total = OWN_WEIGHT * total(own.get(known), prefix);
      Followers seen = all.get(known);
      for (int i = seen.start(); i < seen.end(); i++) {
        if (fits(seen.of().word(i), prefix)) {
          kinds++;
          total += seen.of().count(i);
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
    for (int i = seen.start(); i < seen.end(); i++) {
      total += fits(seen.of().word(i), prefix) ? seen.of().count(i) : 0;
    }
    return total;
  }

  /** After a frequent word come a thousand others, most of them once. */
  private void add(Followers seen, String prefix, double each, Map<Integer, Double> probabilities) {
    for (int i = seen.start(); i < seen.end(); i++) {
      int word = seen.of().word(i);
      if (seen.of().count(i) * each >= LEAST_SHARE && fits(word, prefix)) {
        probabilities.merge(word, seen.of().count(i) * each, Double::sum);
      }
    }
  }

  private boolean fits(int word, String prefix) {
    return prefix.isEmpty() || (isShown(word) && lower[word].startsWith(prefix));
  }

  private record Path(String text, double probability, List<Long> before) {

    private static final Comparator<Path> PROBABLE_FIRST =
        Comparator.comparingDouble((Path path) -> -path.probability()).thenComparing(Path::text);
  }

  /**
   * The links that may stand where {@code draft} ends, which may hold the beginning of one: how
   * probable each is if one stands there. The most probable comes first.
   */
  Map<String, Double> links(String draft, Writer writer) {
    List<String> typed = WordRule.split(draft);
    String begun = Words.lower(typed.getLast());
    Map<String, Double> links = new HashMap<>();
    next(before(typed), begun.isEmpty() ? LINK : begun, writer)
        .forEach(
            (word, probability) -> {
              if (link[word] && isShown(word, writer)) {
                String text = words.get(word).text().orElseThrow();
                links.merge(WordRule.withoutSignsBehind(text), probability, Double::sum);
              }
            });
    double all = links.values().stream().mapToDouble(Double::doubleValue).sum();
    Map<String, Double> sorted = new LinkedHashMap<>();
    links.entrySet().stream()
        .sorted(
            Map.Entry.<String, Double>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .forEach(one -> sorted.put(one.getKey(), one.getValue() / all));
    return sorted;
  }

  private boolean isShown(int word, Writer writer) {
    return isShown(word)
        && words.get(word).queue().filter(owner -> owner != writer.queue()).isEmpty();
  }

  /**
   * Continuations of a draft that end with a word, and the probability that the reply goes on so
   * and that its last word ends there.
   */
  Map<String, Double> after(String draft, Writer writer) {
    Map<String, Double> found = new LinkedHashMap<>();
    for (List<String> typed : WordRule.readings(draft)) {
      after(typed, writer)
          .forEach((text, probability) -> found.merge(text, probability, Math::max));
    }
    found.values().removeIf(probability -> probability < LEAST);
    found.replaceAll((_, probability) -> Math.min(1, probability));
    return found;
  }

  /** What may follow the pieces of a draft, the last of which may go on. */
  private Map<String, Double> after(List<String> typed, Writer writer) {
    String prefix = Words.lower(typed.getLast());
    List<Long> before = before(typed);
    Search search =
        new Search(writer, new LinkedHashMap<>(), new PriorityQueue<>(Path.PROBABLE_FIRST));
    Path draft = new Path("", 1, before);
    follow(draft, next(before, prefix, writer), OptionalInt.of(prefix.length()), search);
    for (int step = 0; step < STEPS && !search.open().isEmpty(); step++) {
      Path path = search.open().remove();
      follow(path, next(path.before(), "", writer), OptionalInt.empty(), search);
    }
    return search.found();
  }

  /** The hashes of the words before the last one, last first. */
  private List<Long> before(List<String> typed) {
    List<Long> before = new ArrayList<>();
    for (int i = typed.size() - 2; i >= 0 && before.size() < LONGEST; i--) {
      before.add(lowerHash(salt, typed.get(i)));
    }
    if (before.size() < LONGEST) {
      before.add(words.get(START).lower());
    }
    return before;
  }

  /** What was found so far, and what is followed further. */
  private record Search(Writer writer, Map<String, Double> found, PriorityQueue<Path> open) {}

  /**
   * Adds what goes on from a path.
   *
   * @param typed how much of the word the draft holds; empty for a word after one that was found
   */
  private void follow(Path path, Map<Integer, Double> next, OptionalInt typed, Search search) {
    Map<String, Double> found = search.found();
    next.forEach(
        (word, share) -> {
          double probability = path.probability() * share;
          if (probability < LEAST / 4 || !isShown(word, search.writer())) {
            return;
          }
          String text = words.get(word).text().orElseThrow();
          if (typed.equals(OptionalInt.of(0)) && WordRule.isJoined(text)) {
            return; // the draft ends with a blank
          }
          String longer =
              typed.isPresent()
                  ? text.substring(typed.getAsInt())
                  : WordRule.append(path.text(), text);
          if (probability >= LEAST && longer.length() < LONG) {
            List<Long> before = new ArrayList<>();
            before.add(words.get(word).lower());
            before.addAll(path.before().subList(0, Math.min(LONGEST - 1, path.before().size())));
            search.open().add(new Path(longer, probability, before));
          }
          if (longer.isEmpty() || Character.isWhitespace(longer.charAt(longer.length() - 1))) {
            return;
          }
          // A sign behind the word need not come: "order" and "order." are both right.
          found.merge(longer, probability, Double::sum);
          String bare = WordRule.withoutSignsBehind(longer);
          if (bare.length() < longer.length()) {
            found.merge(bare, probability, Double::sum);
          }
        });
    found.remove("");
  }

  /** Counts the words of replies. Not for several threads. */
  static final class Builder {
    private final String salt;
    private final int least;
    private final Predicate<String> safe;
    private final List<Word> known = new ArrayList<>();
    private final List<Integer> bareOf = new ArrayList<>(); // each word's
    private final Map<String, Integer> byHash = new HashMap<>();
    private final Map<Long, Integer> bare = new HashMap<>(); // by hash
    private int[] uses = new int[64]; // of each word
    private int[] conversations = new int[64]; // that hold each bare word
    private long[] lastConversation = new long[64];
    private int[] onlyQueue = new int[64]; // in which each bare word stands
    private final FollowerCounts.Pairs followers = new FollowerCounts.Pairs();

    /**
     * @param salt of the hashes of words
     * @param least conversations that hold a word before it is shown
     * @param safe whether a word, as it is written, is shown however few do
     */
    Builder(String salt, int least, Predicate<String> safe) {
      this.salt = salt;
      this.least = least;
      this.safe = safe;
      intern(new Word(Optional.empty(), "", 1, Optional.empty()));
      intern(new Word(Optional.empty(), "end", 2, Optional.empty()));
    }

    /** The number of a word, whose text is known from now on if {@code word} has it. */
    int intern(Word word) {
      Integer number = byHash.get(word.hash());
      if (number == null) {
        long counted = word.bare().or(() -> word.text().map(this::bare)).orElse(word.lower());
        number = known.size();
        byHash.put(word.hash(), number);
        known.add(new Word(word.text(), word.hash(), word.lower(), Optional.of(counted)));
        bareOf.add(number(counted));
        if (known.size() > uses.length) {
          uses = Arrays.copyOf(uses, 2 * known.size());
        }
      } else if (word.text().isPresent() && known.get(number).text().isEmpty()) {
        Word before = known.get(number);
        known.set(number, new Word(word.text(), before.hash(), before.lower(), before.bare()));
      }
      return number;
    }

    private int number(long hash) {
      return bare.computeIfAbsent(
          hash,
          unknown -> {
            int size = bare.size();
            if (size == conversations.length) {
              conversations = Arrays.copyOf(conversations, 2 * size);
              lastConversation = Arrays.copyOf(lastConversation, 2 * size);
              onlyQueue = Arrays.copyOf(onlyQueue, 2 * size);
            }
            return size;
          });
    }

    private long bare(String text) {
      String without = SIGNS_AROUND.matcher(text).replaceAll("");
      return Fnv.hash(salt + "bare" + Words.lower(without.isEmpty() ? text : without));
    }

    /** The words of a reply. */
    int[] words(String reply) {
      return WordRule.split(reply).stream()
          .mapToInt(
              text ->
                  intern(
                      new Word(
                          Optional.of(text),
                          Sha256.brief(salt + "word" + text),
                          lowerHash(salt, text),
                          Optional.empty())))
          .toArray();
    }

    Word word(int number) {
      return known.get(number);
    }

    /**
     * Counts the words of a reply.
     *
     * @param writer who wrote it
     */
    void count(int[] ids, long conversation, Writer writer) {
      int[] whole = new int[ids.length + 2];
      System.arraycopy(ids, 0, whole, 1, ids.length);
      whole[0] = START;
      whole[ids.length + 1] = END;
      for (int i = 1; i < whole.length; i++) {
        uses[whole[i]]++;
        int counted = bareOf.get(whole[i]);
        if (conversations[counted] == 0 || lastConversation[counted] != conversation) {
          boolean first = conversations[counted] == 0;
          boolean same = first || onlyQueue[counted] == writer.queue();
          onlyQueue[counted] = same ? writer.queue() : Writer.UNKNOWN;
          lastConversation[counted] = conversation;
          conversations[counted]++;
        }
        if (writer.queue() != Writer.UNKNOWN) {
          followers.count(ofQueue(0, writer.queue()), whole[i]);
        }
        long key = 0;
        for (int before = 1; before <= Math.min(i, LONGEST); before++) {
          key = key(key, known.get(whole[i - before]).lower());
          followers.count(key, whole[i]);
          if (writer.agent() != Writer.UNKNOWN) {
            followers.count(ofAgent(key, writer.agent()), whole[i]);
          }
          if (writer.queue() != Writer.UNKNOWN) {
            followers.count(ofQueue(key, writer.queue()), whole[i]);
          }
        }
      }
    }

    /** Without the texts of words that too few conversations hold. */
    private List<Word> words(Queues queues) {
      List<Word> all = new ArrayList<>(known.size());
      for (int word = 0; word < known.size(); word++) {
        Word one = known.get(word);
        int counted = bareOf.get(word);
        boolean hidden = conversations[counted] < least && one.text().filter(safe).isEmpty();
        boolean owned = !hidden && one.text().filter(Builder::mayBeOwned).isPresent();
        all.add(
            new Word(
                hidden ? Optional.empty() : one.text(),
                one.hash(),
                one.lower(),
                one.bare(),
                owned
                    ? queues.owner(onlyQueue[counted], conversations[counted])
                    : Optional.empty()));
      }
      return all;
    }

    /** A link or a sign: other words of one queue may come up in any. */
    private static boolean mayBeOwned(String text) {
      return Links.isLink(text) || (!text.isEmpty() && !Character.isLetterOrDigit(text.charAt(0)));
    }

    Continuations build(Queues queues) {
      return new Continuations(
          salt, words(queues), FollowerCounts.of(Arrays.copyOf(uses, known.size()), followers));
    }
  }
}
