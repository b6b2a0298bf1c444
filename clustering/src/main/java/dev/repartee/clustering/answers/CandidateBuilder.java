package dev.repartee.clustering.answers;

import dev.repartee.clustering.cluster.TextClusters;
import dev.repartee.clustering.cluster.Vectors;
import dev.repartee.clustering.count.TextTally;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.answers.PhrasingHash;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.PublicFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Makes an answer of each cluster. Its text is the phrasing that is most similar, on average, to
 * all uses of the cluster (the weighted medoid), with a bonus for frequent use and a penalty for
 * words that may be slips.
 *
 * <p>A phrasing is shown if enough agents used it, or if enough agents use each of its words; in
 * the second case without its numbers. What several people wrote in the same words is nobody's
 * personal data, and a name, street or password that the redactor missed is mostly a rare word.
 * Other phrasings count too, but are kept as hashes.
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
    return text.speakersAsShown() >= bounds.minAgents();
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
        .map(member -> PhrasingHash.ofKey(member.key()))
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
    return text.unknownSpeakers() < text.speakers()
        ? List.of()
        : text.contexts().stream().map(TextTally.Context::conversation).distinct().toList();
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
        for (String word : text.key().split(" ", -1)) {
          add(words.computeIfAbsent(word, unseen -> new Word()), text, speakers);
        }
      }
    }

    private void add(Word word, TextTally text, List<Object> speakers) {
      word.messages += text.uses();
      word.mostSpeakers = Math.max(word.mostSpeakers, text.speakers());
      for (Object speaker : speakers) {
        if (word.speakers.size() == enoughSpeakers) {
          return;
        }
        if (!word.speakers.contains(speaker)) {
          word.speakers.add(speaker);
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

    /** Whether each word of {@code key} has enough speakers, in whatever texts. */
    boolean isCommon(String key) {
      for (String word : key.split(" ", -1)) {
        Word use = words.get(word);
        if (use == null || Math.max(use.mostSpeakers, use.speakers.size()) < enoughSpeakers) {
          return false;
        }
      }
      return true;
    }
  }
}
