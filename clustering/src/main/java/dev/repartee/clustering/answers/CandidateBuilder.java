package dev.repartee.clustering.answers;

import dev.repartee.clustering.cluster.Clusterer.TextClusters;
import dev.repartee.clustering.cluster.Vectors;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.RedactedText.Detection;
import dev.repartee.text.privacy.Redactor;
import dev.repartee.text.privacy.Sharing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.stream.IntStream;

/**
 * Makes an answer of each cluster. Its text is the phrasing that is most similar, on average, to
 * all uses of the cluster (the weighted medoid), with a bonus for frequent use and a penalty for
 * words that may be slips.
 *
 * <p>A phrasing is shown if enough agents used it in enough conversations, or if enough agents use
 * each of its words; in the second case without its numbers. What several people wrote in the same
 * words is nobody's personal data, and a name, street or password that the redactor missed is
 * mostly a rare word. Other phrasings count too, but are kept as hashes.
 */
public final class CandidateBuilder {

  /** Both of two agents may have a word from one customer. */
  private static final int FEWEST_WORD_SPEAKERS = 3;

  private static final double RARE_WORD_COST = 0.1;

  /** The bonus for each factor of e in uses: it decides between phrasings that are about equal. */
  private static final double USE_BONUS = 0.05;

  /** Of 10,000 answers, two share these 40 bits with a chance of 1 in 20,000. */
  private static final int ID_DIGITS = 10;

  private final List<TextTally> texts;
  private final TextClusters clusters;
  private final AnswerBounds bounds;
  private final WordUse words;
  private final Tidy tidy;
  private final Spellings spellings;

  /**
   * @param texts the clustered texts, in the order in which they were clustered
   * @param facts the public values, which stayed in the texts
   */
  public CandidateBuilder(
      List<TextTally> texts, TextClusters clusters, AnswerBounds bounds, PublicFacts facts) {
    this.texts = texts;
    this.clusters = clusters;
    this.bounds = bounds;
    this.words = new WordUse(texts, Math.max(FEWEST_WORD_SPEAKERS, bounds.minAgents()));
    this.tidy = new Tidy(words::messages);
    this.spellings = new Spellings(facts);
  }

  /** A candidate for each cluster, in the clusters' order. */
  public List<AnswerCandidate> build() {
    return IntStream.range(0, clusters.size()).parallel().mapToObj(this::candidate).toList();
  }

  private AnswerCandidate candidate(int cluster) {
    List<Integer> positions = clusters.members(cluster);
    TextTally medoid = texts.get(medoid(positions));
    List<TextTally> members =
        positions.stream()
            .map(texts::get)
            .sorted(Comparator.comparingLong(TextTally::uses).reversed())
            .toList();
    Map<String, Long> keys = new LinkedHashMap<>();
    Map<String, Long> closedKeys = new LinkedHashMap<>();
    for (TextTally member : members) {
      keys.put(member.key(), member.uses());
      String closedKey = TextNorm.mask(spellings.closed(member.bestSpelling()));
      closedKeys.merge(closedKey, member.uses(), Long::sum);
    }
    AnswerUse use = use(members);
    Answer answer =
        new Answer(
            id(medoid.key()),
            tidy.tidy(shown(medoid), use.language()),
            members.stream().mapToLong(TextTally::messages).sum(),
            speakers(members, use),
            phrasings(members),
            use,
            hidden(members));
    long characters = members.stream().mapToLong(TextTally::characters).sum();
    return new AnswerCandidate(
        answer,
        members.stream().mapToLong(text -> 2 * text.messages() + text.sentences()).sum(),
        characters,
        keys,
        closedKeys,
        spellings.closed(answer.text()),
        bounds.whyNot(answer, mayBeShown(medoid)));
  }

  /** The default id of the answer with this masked text: the same text always has the same id. */
  static String id(String key) {
    return "a-" + Sha256.of(key).substring(0, ID_DIGITS);
  }

  private int medoid(List<Integer> members) {
    float[] sum = new float[clusters.vector(members.getFirst()).length];
    for (int member : members) {
      Vectors.addTo(sum, clusters.vector(member), (float) texts.get(member).uses());
    }
    float[] centre = Vectors.unit(sum);
    return mostShowable(members).stream()
        .max(
            Comparator.comparingDouble((Integer member) -> typicality(member, centre))
                .thenComparingLong(member -> texts.get(member).uses())
                .thenComparing(Comparator.reverseOrder()))
        .orElseThrow();
  }

  private List<Integer> mostShowable(List<Integer> members) {
    for (Predicate<TextTally> rule :
        List.<Predicate<TextTally>>of(this::isWidelyUsed, this::mayBeShown)) {
      List<Integer> some = members.stream().filter(m -> rule.test(texts.get(m))).toList();
      if (!some.isEmpty()) {
        return some;
      }
    }
    return members;
  }

  private double typicality(int member, float[] centre) {
    return Vectors.dot(clusters.vector(member), centre)
        + USE_BONUS * Math.log((double) texts.get(member).uses())
        - RARE_WORD_COST * words.rareWords(texts.get(member).key());
  }

  private boolean isWidelyUsed(TextTally text) {
    return text.speakersAsShown() >= bounds.minAgents()
        && conversations(text).size() >= Sharing.CONVERSATIONS;
  }

  /** Hashes of those of the sampled uses. */
  private static List<Long> conversations(TextTally text) {
    return text.contexts().stream().map(TextTally.Context::conversation).distinct().toList();
  }

  private boolean mayBeShown(TextTally text) {
    return isWidelyUsed(text) || (text.isShownPlain() && words.isCommon(text.key()));
  }

  private String shown(TextTally text) {
    String spelling = spellings.shown(text);
    return isWidelyUsed(text) ? spelling : Spellings.withoutNumbers(spelling);
  }

  private List<Phrasing> phrasings(List<TextTally> members) {
    Map<String, Long> uses = new HashMap<>();
    members.stream()
        .filter(this::mayBeShown)
        .forEach(
            member -> {
              Map<String, Long> some =
                  isWidelyUsed(member)
                      ? spellings.all(member)
                      : Map.of(shown(member), member.uses());
              some.forEach((spelling, count) -> uses.merge(spelling, count, Long::sum));
            });
    return mostUsedFirst(uses);
  }

  /** Phrasings with their counts, most used first, of equal use in the order of code points. */
  public static List<Phrasing> mostUsedFirst(Map<String, Long> counts) {
    return counts.entrySet().stream()
        .map(phrasing -> new Phrasing(phrasing.getKey(), phrasing.getValue()))
        .sorted(
            Comparator.comparingLong(Phrasing::count)
                .reversed()
                .thenComparing(Phrasing::text, TextNorm.BY_CODE_POINT))
        .toList();
  }

  /** The hashes of phrasings that are not shown, or are shown with other numbers than theirs. */
  private List<String> hidden(List<TextTally> members) {
    return members.stream()
        .filter(member -> !mayBeShown(member) || !TextNorm.mask(shown(member)).equals(member.key()))
        .map(member -> Phrasing.hashOfKey(member.key()))
        .toList();
  }

  /** At least as many: of large numbers of conversations of unknown agents, a sample is known. */
  private static int speakers(List<TextTally> members, AnswerUse use) {
    long most = members.stream().mapToLong(TextTally::unknownSpeakers).max().orElse(0);
    long sampled =
        members.stream().flatMap(m -> unknownConversations(m).stream()).distinct().count();
    return Math.toIntExact(use.byAgent().size() + Math.max(most, sampled));
  }

  /** Hashes of conversations; none of a text that known agents use, too. */
  private static List<Long> unknownConversations(TextTally text) {
    return text.unknownSpeakers() < text.speakers() ? List.of() : conversations(text);
  }

  private AnswerUse use(List<TextTally> members) {
    Map<String, Long> agents = new HashMap<>();
    Map<String, Long> domains = new HashMap<>();
    SortedMap<String, Long> languages = new TreeMap<>();
    for (TextTally member : members) {
      addAll(agents, member.byAgent());
      addAll(domains, member.byDomain());
      addAll(languages, member.languages());
    }
    return new AnswerUse(
        members.stream().mapToLong(TextTally::sentences).sum(),
        agents,
        domains,
        TextTally.mostFrequentLanguage(languages));
  }

  private static void addAll(Map<String, Long> sums, Map<String, Long> counts) {
    counts.forEach((name, count) -> sums.merge(name, count, Long::sum));
  }

  /** How widely each word is used. Slips and names are rare words. */
  private static final class WordUse {

    /** A word of fewer messages is rare. */
    private static final long FEWEST_MESSAGES = 3;

    private static final class Word {
      private long messages;
      private long mostSpeakers; // of one text
      // Agents, and conversations of unknown agents: different ones, not all of many.
      private final List<Object> speakers = new ArrayList<>(1);
      // Enough of those of the sampled uses: all agents of one may have a word from its customer.
      private final List<Long> conversations = new ArrayList<>(1);
    }

    private final Map<String, Word> words = new HashMap<>();
    private final int enoughSpeakers;

    /**
     * @param enoughSpeakers the number of agents (conversations, where agents are unknown) who make
     *     a word common
     */
    WordUse(List<TextTally> texts, int enoughSpeakers) {
      this.enoughSpeakers = enoughSpeakers;
      for (TextTally text : texts) {
        List<Object> speakers = new ArrayList<>(text.byAgent().keySet());
        speakers.addAll(unknownConversations(text));
        List<Long> conversations = conversations(text);
        for (String key : text.key().split(" ", -1)) {
          Word word = words.computeIfAbsent(key, unseen -> new Word());
          word.messages += text.uses();
          word.mostSpeakers = Math.max(word.mostSpeakers, text.speakers());
          addNew(speakers, word.speakers, enoughSpeakers);
          addNew(conversations, word.conversations, Sharing.CONVERSATIONS);
        }
      }
    }

    private static <T> void addNew(List<T> some, List<T> known, int enough) {
      for (T one : some) {
        if (known.size() == enough) {
          return;
        }
        if (!known.contains(one)) {
          known.add(one);
        }
      }
    }

    int rareWords(String key) {
      int rare = 0;
      for (String word : key.split(" ", -1)) {
        if (messages(word) < FEWEST_MESSAGES) {
          rare++;
        }
      }
      return rare;
    }

    /** Messages and sentences that hold {@code word}. */
    long messages(String word) {
      Word use = words.get(word);
      return use == null ? 0 : use.messages;
    }

    /** Whether each word of {@code key} has enough speakers and conversations, in any texts. */
    boolean isCommon(String key) {
      for (String word : key.split(" ", -1)) {
        Word use = words.get(word);
        if (use == null
            || Math.max(use.mostSpeakers, use.speakers.size()) < enoughSpeakers
            || use.conversations.size() < Sharing.CONVERSATIONS) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * The spellings in which a text is shown, with {@code {number}} for numbers that differ from use
   * to use. "Your room is 418" is about one customer, whoever typed it; "we are open 24 hours" is
   * not. Public values that differ are spellings of their own, "we close at 8 pm" and "we close at
   * 9 pm"; the text for all of them has the placeholder of their kind.
   */
  static final class Spellings {

    private static final String PLACEHOLDER = "{number}";

    /** Numbers stay if at least this share of the uses has the same numbers. */
    private static final double SAME = 0.8;

    /** A spelling with its own public values needs so many uses. */
    private static final long FEWEST = 3;

    private final PublicFacts facts;
    private final Redactor redactor = new Redactor();

    /** Texts are asked for several times: for keys, to be shown, to be hidden. */
    private final Map<String, List<Detection>> detections = new ConcurrentHashMap<>();

    Spellings(PublicFacts facts) {
      this.facts = facts;
    }

    /** The spelling in which {@code text} is shown. */
    String shown(TextTally text) {
      String best = Tidy.oneLine(text.bestSpelling());
      return hasOneNumber(text, best)
          ? best
          : withoutNumbers(closed(best, found -> TextNorm.NUMBER.matcher(found).find()));
    }

    /** The spellings in which {@code text} is shown, and how often it is used in each. */
    Map<String, Long> all(TextTally text) {
      String shown = shown(text);
      if (facts.isEmpty() || hasOneNumber(text, Tidy.oneLine(text.bestSpelling()))) {
        return Map.of(shown, text.uses());
      }
      Map<String, Map<String, Long>> groups = new TreeMap<>();
      for (Map.Entry<String, Long> spelling : text.shownSpellings().entrySet()) {
        String line = Tidy.oneLine(spelling.getKey());
        String open = withOnlyPublicNumbers(line);
        groups
            .computeIfAbsent(TextNorm.norm(open), unseen -> new TreeMap<>())
            .merge(open, spelling.getValue(), Long::sum);
      }
      Map<String, Long> all = new HashMap<>();
      for (Map<String, Long> group : groups.values()) {
        long uses = group.values().stream().mapToLong(Long::longValue).sum();
        String most =
            group.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
        boolean stays = uses >= FEWEST && TextNorm.NUMBER.matcher(most).find();
        all.merge(stays ? most : shown, uses, Long::sum);
      }
      return all;
    }

    private static boolean hasOneNumber(TextTally text, String best) {
      if (!TextNorm.NUMBER.matcher(best).find()) {
        return true;
      }
      Map<List<String>, Long> uses = new HashMap<>();
      long all = 0;
      for (Map.Entry<String, Long> spelling : text.shownSpellings().entrySet()) {
        uses.merge(numbers(spelling.getKey()), spelling.getValue(), Long::sum);
        all += spelling.getValue();
      }
      return uses.get(numbers(best)) >= SAME * all;
    }

    /** {@code text} with placeholders for all public values, as if none were public. */
    String closed(String text) {
      return closed(text, found -> true);
    }

    /** {@code text} with placeholders for the public values that {@code some} accepts. */
    private String closed(String text, Predicate<String> some) {
      if (facts.isEmpty()) {
        return text;
      }
      StringBuilder closed = new StringBuilder();
      int position = 0;
      for (Detection found : detections(text)) {
        if (some.test(found.text()) && facts.holds(found.kind(), found.text())) {
          closed.append(text, position, found.start()).append(found.kind().placeholder());
          position = found.end();
        }
      }
      return closed.append(text, position, text.length()).toString();
    }

    private List<Detection> detections(String text) {
      return detections.computeIfAbsent(text, one -> redactor.redact(one).detections());
    }

    private String withOnlyPublicNumbers(String text) {
      StringBuilder open = new StringBuilder();
      int position = 0;
      for (Detection found : detections(text)) {
        if (facts.holds(found.kind(), found.text())) {
          open.append(withoutNumbers(text.substring(position, found.start()))).append(found.text());
          position = found.end();
        }
      }
      return open.append(withoutNumbers(text.substring(position))).toString();
    }

    /** {@code text} with {@code {number}} for every number. */
    static String withoutNumbers(String text) {
      return TextNorm.NUMBER.matcher(text).replaceAll(PLACEHOLDER);
    }

    private static List<String> numbers(String spelling) {
      return TextNorm.NUMBER.matcher(spelling).results().map(MatchResult::group).toList();
    }
  }
}
