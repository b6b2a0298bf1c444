package dev.repartee.clustering.answers;

import dev.repartee.clustering.cluster.Clusterer.TextClusters;
import dev.repartee.clustering.cluster.Vectors;
import dev.repartee.clustering.count.CorpusTally;
import dev.repartee.clustering.count.Repeats;
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
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * Makes an answer of each cluster. Its text is the phrasing that is most similar, on average, to
 * all uses of the cluster (the weighted medoid), with a bonus for frequent use.
 *
 * <p>A phrasing is shown if it {@linkplain Repeats repeats}: what several people wrote in the same
 * words in several conversations is nobody's personal data. Other phrasings count too, but are kept
 * as hashes.
 */
public final class CandidateBuilder {

  /** The bonus for each factor of e in uses: it decides between phrasings that are about equal. */
  private static final double USE_BONUS = 0.05;

  /** Of 10,000 answers, two share these 40 bits with a chance of 1 in 20,000. */
  private static final int ID_DIGITS = 10;

  private final List<TextTally> texts;
  private final TextClusters clusters;
  private final AnswerBounds bounds;
  private final Spellings spellings;

  /**
   * @param texts the clustered texts, in the order in which they were clustered
   * @param corpus what was counted
   */
  public CandidateBuilder(
      List<TextTally> texts, TextClusters clusters, AnswerBounds bounds, CorpusTally corpus) {
    this.texts = texts;
    this.clusters = clusters;
    this.bounds = bounds;
    this.spellings = new Spellings(corpus.facts(), corpus.repeats()::holdsNumbers);
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
      String spelling = member.bestSpelling();
      keys.merge(TextNorm.mask(spelling), member.uses(), Long::sum);
      closedKeys.merge(TextNorm.mask(spellings.closed(spelling)), member.uses(), Long::sum);
    }
    Answer answer =
        new Answer(
            id(TextNorm.mask(medoid.bestSpelling())),
            spellings.shown(medoid),
            members.stream().mapToLong(TextTally::messages).sum(),
            speakers(members),
            phrasings(members),
            use(members),
            hidden(members));
    return new AnswerCandidate(
        answer,
        members.stream().mapToLong(text -> 2 * text.messages() + text.sentences()).sum(),
        members.stream().filter(this::isShown).map(TextTally::key).toList(),
        keys,
        closedKeys,
        spellings.closed(answer.text()),
        bounds.whyNot(medoid.repeats(), isShown(medoid)));
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
    return members.stream()
        .max(
            Comparator.comparing((Integer member) -> isShown(texts.get(member)))
                .thenComparing(member -> texts.get(member).repeats())
                .thenComparingDouble(member -> typicality(member, centre))
                .thenComparingLong(member -> texts.get(member).uses())
                .thenComparing(Comparator.reverseOrder()))
        .orElseThrow();
  }

  private double typicality(int member, float[] centre) {
    return Vectors.dot(clusters.vector(member), centre)
        + USE_BONUS * Math.log((double) Math.max(1, texts.get(member).uses()));
  }

  private boolean isShown(TextTally text) {
    return text.repeats() && saysSomething(text, spellings.shown(text));
  }

  private static boolean saysSomething(TextTally text, String spelling) {
    return AnswerBounds.saysSomething(spelling, text.messages() >= Sharing.CONVERSATIONS);
  }

  private List<Phrasing> phrasings(List<TextTally> members) {
    Map<String, Long> uses = new HashMap<>();
    for (TextTally member : members.stream().filter(this::isShown).toList()) {
      spellings
          .all(member)
          .forEach(
              (spelling, count) -> {
                if (saysSomething(member, spelling)) {
                  uses.merge(spelling, count, Long::sum);
                }
              });
    }
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
        .filter(
            member ->
                !isShown(member)
                    || !TextNorm.maskedWording(spellings.shown(member)).equals(member.key()))
        .map(member -> Phrasing.hash(member.bestSpelling()))
        .toList();
  }

  /** At least as many: unknown speakers of several texts may be the same. */
  private static int speakers(List<TextTally> members) {
    long unknown = members.stream().mapToLong(TextTally::unknownSpeakers).max().orElse(0);
    long known = members.stream().flatMap(m -> m.byAgent().keySet().stream()).distinct().count();
    return Math.toIntExact(known + unknown);
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

  /**
   * The spellings in which a text is shown, with {@code {number}} for numbers with which it does
   * not repeat. "Your room is 418" is about one customer, whoever typed it; "we are open 24 hours"
   * is not. Public values that differ are spellings of their own, "we close at 8 pm" and "we close
   * at 9 pm"; the text for all of them has the placeholder of their kind.
   */
  static final class Spellings {

    private static final String PLACEHOLDER = "{number}";

    /** A spelling with its own numbers needs so many uses. */
    private static final long FEWEST = 3;

    private final PublicFacts facts;
    private final Predicate<String> repeats;
    private final Redactor redactor = new Redactor();

    /** Texts are asked for several times: for keys, to be shown, to be hidden. */
    private final Map<String, List<Detection>> detections = new ConcurrentHashMap<>();

    /**
     * @param repeats whether a text repeats with its numbers
     */
    Spellings(PublicFacts facts, Predicate<String> repeats) {
      this.facts = facts;
      this.repeats = repeats;
    }

    /** The spelling in which {@code text} is shown most often. */
    String shown(TextTally text) {
      return mostUsedFirst(all(text)).getFirst().text();
    }

    /** The spellings in which {@code text} is shown, and how often it is used in each. */
    Map<String, Long> all(TextTally text) {
      String best = text.bestSpelling();
      if (!hasNumber(best)) {
        return Map.of(best, Math.max(1, text.uses()));
      }
      Map<String, Map<String, Long>> groups = new TreeMap<>();
      for (Map.Entry<String, Long> spelling : text.spellings().entrySet()) {
        String typed = spelling.getKey();
        String open = repeats.test(typed) ? typed : withOnlyPublicNumbers(typed);
        groups
            .computeIfAbsent(TextNorm.norm(open), unseen -> new TreeMap<>())
            .merge(open, spelling.getValue(), Long::sum);
      }
      Map<String, Long> all = new HashMap<>();
      long left = Math.max(1, text.uses());
      for (Map<String, Long> group : groups.values()) {
        long uses = group.values().stream().mapToLong(Long::longValue).sum();
        String most =
            group.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
        if (uses >= FEWEST && hasNumber(most)) {
          all.put(most, uses);
          left -= uses;
        }
      }
      if (left > 0) {
        all.put(withoutNumbers(closed(best, Spellings::hasNumber)), left);
      }
      return all;
    }

    private static boolean hasNumber(String text) {
      return TextNorm.NUMBER.matcher(text).find();
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
  }
}
