package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.memory.Words;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.Candidate;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.InlineOffers;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Neighbours.Ranked;
import dev.repartee.text.TextNorm;
import dev.repartee.text.WordBreaks;
import dev.repartee.text.WordRule;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The baseline {@code words+knn}: {@link WordCounts} and the replies to similar contexts, under the
 * engine's own rule, which is calibrated as for a model. It shows what the model adds to counts.
 * Where conversations have queues, half of each count comes from the queue's own. It may say what a
 * single conversation holds, unless it keeps the engine's rule of three.
 */
final class CountedPredictor implements ReplyPredictor {

  /** Neighbours' replies of which the words are proposed, most probable first. */
  private static final int PROPOSING = 8;

  /** Whole replies that might be shown. */
  private static final int WHOLE = 50;

  /** How much of a probability the replies of the conversation's queue give. */
  private static final double QUEUE_SHARE = 0.5;

  /** Less probable texts are left out. */
  private static final double LEAST = 0.05;

  private final WordCounts words = new WordCounts();
  private final Map<String, WordCounts> byQueue = new HashMap<>();
  private final Neighbours neighbours;
  private final Optional<Shared> shared;
  private final Calibration calibration;

  /** What the engine may show to others: words and whole replies of three conversations. */
  private record Shared(CommonWords words, Set<String> replies) {

    static Shared of(List<Conversation> learned) {
      CommonWords.Counter words = new CommonWords.Counter();
      learned.forEach(words::add);
      Map<String, Long> replies =
          learned.stream()
              .flatMap(one -> one.agentTexts().map(TextNorm::norm).distinct())
              .collect(Collectors.groupingBy(norm -> norm, Collectors.counting()));
      replies.values().removeIf(count -> count < CommonWords.LEAST_CONVERSATIONS);
      return new Shared(words.common(), replies.keySet());
    }
  }

  /**
   * @param ofThree whether it keeps the engine's rule
   */
  CountedPredictor(List<Conversation> learned, boolean ofThree, Calibration calibration) {
    try (ProgressLine progress = new ProgressLine("count words", "conversations")) {
      for (int i = 0; i < learned.size(); i++) {
        Conversation one = learned.get(i);
        words.count(one);
        one.domain()
            .ifPresent(queue -> byQueue.computeIfAbsent(queue, _ -> new WordCounts()).count(one));
        progress.stepTo(i + 1, learned.size());
      }
      this.neighbours = Neighbours.of(learned);
    }
    this.shared = ofThree ? Optional.of(Shared.of(learned)) : Optional.empty();
    this.calibration = calibration;
  }

  /** In the end it learns the validation conversations, too, as {@code recipe} does. */
  static CountedPredictor train(
      List<Conversation> conversations, List<Conversation> validation, boolean ofThree) {
    Calibration calibrated;
    try (CountedPredictor learner =
        new CountedPredictor(conversations, ofThree, Calibration.NONE)) {
      calibrated =
          Calibrator.calibrate(
              (context, desk, text) -> {
                Session session = learner.session(context, desk);
                return new Calibrator.ValidationReply(text, session.whole, session::candidates);
              },
              validation);
    }
    return new CountedPredictor(
        Stream.concat(conversations.stream(), validation.stream()).toList(), ofThree, calibrated);
  }

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    return session(context, desk);
  }

  private Session session(List<Message> context, Desk desk) {
    return new Session(
        neighbours.replies(context, desk).stream().filter(this::isShown).toList(),
        desk.queue().flatMap(queue -> Optional.ofNullable(byQueue.get(queue))),
        context);
  }

  private boolean isShown(Ranked reply) {
    return shared.isEmpty() || shared.get().replies().contains(TextNorm.norm(reply.text()));
  }

  @Override
  public void sideBySide(List<Consumer<ReplyPredictor>> tasks) {
    tasks.parallelStream().forEach(task -> task.accept(this));
  }

  @Override
  public void close() {
    neighbours.close();
  }

  private final class Session implements ReplySession {

    private final List<Ranked> near;
    private final List<WholeReply> whole = new ArrayList<>();
    private final InlineOffers offers = new InlineOffers();

    private final Optional<WordCounts> ofQueue;
    private final Set<String> said = new HashSet<>();

    private Session(List<Ranked> near, Optional<WordCounts> ofQueue, List<Message> context) {
      this.near = near;
      this.ofQueue = ofQueue;
      context.forEach(message -> said.addAll(WordRule.words(message.text())));
      near.stream().limit(WHOLE).forEach(reply -> whole.add(wholeReply(reply)));
    }

    private WholeReply wholeReply(Ranked reply) {
      String norm = TextNorm.norm(reply.text());
      double use = neighbours.spellings().share(norm);
      return new WholeReply(
          reply.text(),
          reply.text(),
          norm,
          Optional.empty(),
          new WholeReply.Evidence(0, 0, reply.share(), use, use));
    }

    private Map<String, Double> byWords(String draft) {
      Map<String, Double> all = words.after(draft);
      if (ofQueue.isEmpty()) {
        return all;
      }
      Map<String, Double> mixed = new HashMap<>();
      all.forEach((text, share) -> mixed.put(text, (1 - QUEUE_SHARE) * share));
      ofQueue
          .get()
          .after(draft)
          .forEach((text, share) -> mixed.merge(text, QUEUE_SHARE * share, Double::sum));
      mixed.values().removeIf(share -> share < LEAST);
      return mixed;
    }

    private List<Candidate> candidates(String draft) {
      String lower = draft.toLowerCase(Locale.ROOT);
      Map<String, Double> byWords = byWords(draft);
      List<Ranked> agreeing =
          near.stream()
              .filter(reply -> reply.lower().length() > lower.length())
              .filter(reply -> reply.lower().startsWith(lower))
              .toList();
      double all = agreeing.stream().mapToDouble(Ranked::share).sum();
      Set<String> texts = new TreeSet<>(byWords.keySet());
      agreeing.stream()
          .limit(PROPOSING)
          .forEach(reply -> beginnings(reply.lower(), lower.length(), texts));
      if (shared.isPresent()) {
        Set<String> known = new HashSet<>(said);
        known.addAll(WordRule.words(draft));
        CommonWords common = shared.get().words();
        texts.removeIf(text -> !common.cover(draft + text, draft.length(), known));
      }
      List<Candidate> candidates = new ArrayList<>();
      for (String text : texts) {
        OptionalDouble byReplies =
            agreeing.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(share(lower + text, agreeing) / all);
        double share = byWords.getOrDefault(text, 0.0);
        candidates.add(
            new Candidate(
                FilledText.of(text),
                0,
                share > 0 ? OptionalDouble.of(share) : OptionalDouble.empty(),
                byReplies,
                all,
                Words.lettersOfLastWord(draft)));
      }
      return candidates;
    }

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return calibration.ranking().rank(whole, draft, limit);
    }

    @Override
    public List<Suggestion> suggest(String draft, int limit) {
      if (!draft.isEmpty()) {
        return ReplySession.super.suggest(draft, limit);
      }
      offers.restart();
      return calibration
          .ranking()
          .worthShowing(whole, limit, calibration.policy(OperatingPoint.CALM));
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return offers.offer(
          draft,
          offers.stands(draft) ? List.of() : candidates(draft),
          calibration.policy(OperatingPoint.CALM));
    }
  }

  /** Adds what of a reply follows the draft, up to the end of each word. */
  private static void beginnings(String reply, int typed, Set<String> texts) {
    for (int end = typed + Candidate.SHORTEST; end <= reply.length(); end++) {
      if (WordBreaks.isBoundary(reply, end) && !Character.isWhitespace(reply.charAt(end - 1))) {
        texts.add(reply.substring(typed, end));
      }
    }
  }

  /** The share of replies that begin with {@code text} and end a word there. */
  private static double share(String text, List<Ranked> replies) {
    return replies.stream()
        .filter(
            reply ->
                reply.lower().startsWith(text)
                    && WordBreaks.isBoundary(reply.lower(), text.length()))
        .mapToDouble(Ranked::share)
        .sum();
  }

  /**
   * Which words followed which, with probabilities: counts of what came after up to {@value
   * #BEFORE} words, longer matches before shorter ones (Witten and Bell 1991). It knows lower case
   * only, and words are what stands between blanks. The engine's Continuations count words of their
   * own: they know agents and keep rare words secret, and what this costs shows only beside counts
   * that do neither. For several threads once it has learned.
   */
  static final class WordCounts {

    /** Words before the predicted one. */
    private static final int BEFORE = 4;

    /** Continuations that are less probable, given the draft, are left out. */
    private static final double LEAST = 0.05;

    /** The same of what follows a whole word, given this word. */
    private static final double LEAST_AFTER = 0.06;

    /** How often the most probable continuation is followed by one more word. */
    private static final int STEPS = 6;

    /** Characters after which none is followed further. */
    private static final int LONG = 40;

    private static final String START = "<s>";
    private static final String END = "</s>";

    private static final NavigableMap<String, Integer> NONE = Collections.emptyNavigableMap();

    private final Map<String, NavigableMap<String, Integer>> followers = new HashMap<>();
    private final TreeMap<String, Integer> words = new TreeMap<>();
    private final Map<String, Map<String, Double>> continuations = new ConcurrentHashMap<>();

    /** Learns from the agent's replies. */
    void count(Conversation conversation) {
      conversation.agentTexts().forEach(this::count);
    }

    private void count(String reply) {
      List<String> all = new ArrayList<>(List.of(START));
      all.addAll(WordRule.split(reply.toLowerCase(Locale.ROOT)));
      all.add(END);
      for (int i = 1; i < all.size(); i++) {
        String word = all.get(i);
        if (!word.equals(END)) {
          words.merge(word, 1, Integer::sum);
        }
        for (int known = 1; known <= Math.min(i, BEFORE); known++) {
          followers
              .computeIfAbsent(
                  String.join(" ", all.subList(i - known, i)), unseen -> new TreeMap<>())
              .merge(word, 1, Integer::sum);
        }
      }
    }

    /** What may follow {@code draft}, in lower case, and how probable it is that it does. */
    Map<String, Double> after(String draft) {
      Map<String, Double> found = new TreeMap<>();
      for (List<String> typed : WordRule.readings(draft.toLowerCase(Locale.ROOT))) {
        after(typed).forEach((text, probability) -> found.merge(text, probability, Math::max));
      }
      return found;
    }

    private Map<String, Double> after(List<String> typed) {
      String begun = typed.getLast();
      List<String> before = new ArrayList<>(List.of(START));
      before.addAll(typed.subList(0, typed.size() - 1));
      List<String> known = lastOf(before);
      Map<String, Double> found = new TreeMap<>();
      next(known, begun)
          .forEach(
              (word, probability) -> {
                boolean needsNoBlank = begun.isEmpty() && WordRule.isJoined(word);
                if (word.equals(END) || probability < LEAST || needsNoBlank) {
                  return;
                }
                String rest = word.substring(begun.length());
                add(rest, probability, found);
                following(longer(known, word))
                    .forEach(
                        (text, share) -> {
                          if (probability * share >= LEAST) {
                            found.merge(rest + text, probability * share, Double::sum);
                          }
                        });
              });
      found.remove("");
      found.replaceAll((text, probability) -> Math.min(1, probability));
      return found;
    }

    /** A sign behind the last word need not come: "order" and "order." are both right. */
    private static void add(String text, double probability, Map<String, Double> found) {
      found.merge(text, probability, Double::sum);
      String bare = WordRule.withoutSignsBehind(text);
      if (bare.length() < text.length()) {
        found.merge(bare, probability, Double::sum);
      }
    }

    private record Path(String text, double probability, List<String> before) {

      private static final Comparator<Path> PROBABLE_FIRST =
          Comparator.comparingDouble((Path path) -> -path.probability()).thenComparing(Path::text);
    }

    /** What follows whole words, a blank first. */
    private Map<String, Double> following(List<String> before) {
      return continuations.computeIfAbsent(String.join(" ", before), unseen -> search(before));
    }

    private Map<String, Double> search(List<String> before) {
      Map<String, Double> found = new TreeMap<>();
      PriorityQueue<Path> open = new PriorityQueue<>(Path.PROBABLE_FIRST);
      open.add(new Path("", 1, before));
      for (int step = 0; step < STEPS && !open.isEmpty(); step++) {
        Path path = open.remove();
        next(path.before(), "")
            .forEach(
                (word, share) -> {
                  double probability = path.probability() * share;
                  if (!word.equals(END) && probability >= LEAST_AFTER) {
                    String text = WordRule.append(path.text(), word);
                    add(text, probability, found);
                    if (text.length() < LONG) {
                      open.add(new Path(text, probability, longer(path.before(), word)));
                    }
                  }
                });
      }
      return found;
    }

    private static List<String> longer(List<String> before, String word) {
      List<String> longer = new ArrayList<>(before);
      longer.add(word);
      return lastOf(longer);
    }

    private static List<String> lastOf(List<String> before) {
      return List.copyOf(before.subList(Math.max(0, before.size() - BEFORE), before.size()));
    }

    /**
     * The words after {@code before} that begin with {@code begun}; those less probable than {@link
     * #LEAST} may be missing.
     */
    private Map<String, Double> next(List<String> before, String begun) {
      List<Followers> shortestFirst = new ArrayList<>();
      if (!begun.isEmpty()) {
        shortestFirst.add(Followers.of(words, begun));
      }
      for (int known = 1; known <= before.size(); known++) {
        Followers seen =
            Followers.of(
                followers.getOrDefault(
                    String.join(" ", before.subList(before.size() - known, before.size())), NONE),
                begun);
        if (seen.counts().isEmpty()) {
          break;
        }
        shortestFirst.add(seen);
      }
      Map<String, Double> probabilities = new LinkedHashMap<>();
      shortestFirst.forEach(seen -> seen.addFrequent(probabilities));
      for (Followers seen : shortestFirst) {
        probabilities.replaceAll(
            (word, shorter) ->
                shorter * seen.kinds() / seen.all()
                    + seen.counts().getOrDefault(word, 0) / seen.all());
      }
      return probabilities;
    }

    /**
     * The words that follow some others and begin alike.
     *
     * @param all their counts and, for what was never seen there, one more for each of them
     */
    private record Followers(NavigableMap<String, Integer> counts, int kinds, double all) {

      static Followers of(NavigableMap<String, Integer> counts, String begun) {
        NavigableMap<String, Integer> fitting =
            counts.subMap(begun, true, begun + Character.MAX_VALUE, false);
        int kinds = 0;
        double sum = 0;
        for (int count : fitting.values()) {
          kinds++;
          sum += count;
        }
        return new Followers(fitting, kinds, kinds + sum);
      }

      /**
       * Adds the words whose share here is so large that all of {@value #BEFORE} + 1 matches of
       * such shares may add up to {@link #LEAST}: of tens of thousands of words, some hundreds.
       */
      void addFrequent(Map<String, Double> words) {
        double least = LEAST * all / (BEFORE + 2);
        counts.forEach(
            (word, count) -> {
              if (count >= least) {
                words.put(word, 0.0);
              }
            });
      }
    }
  }
}
