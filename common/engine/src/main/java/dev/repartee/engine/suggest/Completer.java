package dev.repartee.engine.suggest;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.LibraryTexts;
import dev.repartee.engine.memory.ModelView;
import dev.repartee.engine.memory.ReplyLanguage;
import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.memory.Words;
import dev.repartee.engine.suggest.BranchSearch.Branch;
import dev.repartee.engine.suggest.ReplyTree.ModelAccess;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.WordBreaks;
import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.Links;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Finds what may follow a draft, with probabilities. The draft's last word is tokenized anew
 * together with its continuation, since its first letters alone would be other tokens than the
 * whole word.
 */
final class Completer {

  private static final char UNDECODABLE = '\uFFFD';

  /** Tokens at the end of a draft without blanks that may become others as it goes on. */
  private static final int TOKENS_SPELLED = 3;

  /** Next tokens that show whether a word ends before them. */
  private static final int NEXT_TOKENS = 8;

  /**
   * How probable a text that agents typed is before anything is typed. Its share of all replies
   * offered it too early: 17 texts cost one point more of net where none of them was meant (care).
   */
  private static final double LEAST_TYPED = 1e-4;

  /** How probable it is that a reply which agrees with a typed text does so for a word more. */
  private static final double GOES_ON = 0.94;

  /** Letters of a link that make the last word of a draft one. */
  private static final int LEAST_OF_LINK = 3;

  /** Links that are tried in the place of one. */
  private static final int LINKS = 3;

  /** Characters of a draft's end that are looked at, so that each key takes as long as another. */
  private static final int LONGEST_DRAFT = 2000;

  private final Gpt2Tokenizer tokenizer;
  private final TokenIndex index;
  private final BranchSearch.Limits limits;

  Completer(Gpt2Tokenizer tokenizer, TokenIndex index, BranchSearch.Limits limits) {
    this.tokenizer = tokenizer;
    this.index = index;
    this.limits = limits;
  }

  /**
   * What is known of a reply beside its draft.
   *
   * @param recalled whole replies, in no order of worth
   */
  record Situation(
      Knowledge knowledge,
      Desk desk,
      ModelView view,
      ReplyTree tree,
      AllowedWords allowedWords,
      ReplyLanguage language,
      Knowledge.Recalled recalled,
      LikelyReplies likely) {}

  /**
   * The result of a search.
   *
   * @param candidates continuations that end with a word, as they would be sent
   * @param whole whether the model, asked, could add nothing
   * @param forbidden whether there are others that the library forbids
   */
  record Result(List<Candidate> candidates, boolean whole, boolean forbidden) {

    static final Result NOTHING = new Result(List.of(), true, false);

    Result {
      candidates = List.copyOf(candidates);
    }

    /** Those found by whether the library allows them. */
    private Result(Map<Boolean, List<Candidate>> found, boolean whole) {
      this(found.get(true), whole, found.get(false).stream().anyMatch(Candidate::isEligible));
    }
  }

  /**
   * Continuations of a draft. Where the model must not run, as many as the tree holds; empty when
   * not even the words before the draft's last are.
   *
   * @param countsAlone whether what the model says counts nothing, so that it need not be asked
   */
  Optional<Result> candidates(
      String whole, Situation situation, ModelAccess access, boolean countsAlone) {
    String draft = end(whole);
    Found found = new Found(draft, situation);
    found.addLibrary();
    if (situation.knowledge().libraryTexts().only()) {
      return Optional.of(found.result(true));
    }
    String read = situation.view().draft(draft);
    if (countsAlone && typedSince(draft, situation, 1).isEmpty()) {
      found.addCounted(read);
      return Optional.of(found.result(true));
    }
    return searched(read, access, found);
  }

  /** What is looked at of a draft: from a word on, where it has blanks. */
  private static String end(String draft) {
    int from = skipped(draft.length(), LONGEST_DRAFT);
    int blank = from == 0 ? -1 : draft.indexOf(' ', from);
    return draft.substring(blank < 0 ? from : blank + 1);
  }

  /**
   * How much of something long is left out, so that at most {@code most} is left. It changes in
   * steps: the model reads what is left once for many keys.
   */
  private static int skipped(int length, int most) {
    int step = Math.max(1, most / 4);
    return Math.max(0, Math.ceilDiv(length - most, step) * step);
  }

  /** Adds what the model says after {@code read}, a draft as the model reads it, and the counts. */
  private Optional<Result> searched(String read, ModelAccess access, Found found) {
    Situation situation = found.situation;
    int cut = Words.lastWord(read);
    String typed = read.substring(cut);
    int[] before = tokenizer.encode(Links.masked(read.substring(0, cut)));
    int[] spelled = spelled(typed);
    ReplyTree tree = situation.tree();
    // The rest of the tree is for what may follow.
    int skipped = skipped(before.length, tree.capacity() * 3 / 4);
    int[] stable =
        IntStream.concat(IntStream.of(before).skip(skipped), IntStream.of(spelled)).toArray();
    if (stable.length >= tree.capacity()) {
      return Optional.of(Result.NOTHING);
    }
    List<Start> starts = spelled.length == 0 ? starts(typed, read, situation) : List.of();
    // Placeholders have several tokens, so they too are read at once.
    List<int[]> placeholders = new ArrayList<>();
    for (String start : starts.stream().map(Start::placeholder).distinct().toList()) {
      placeholders.add(
          IntStream.concat(IntStream.of(stable), IntStream.of(tokenizer.encode(start))).toArray());
    }
    boolean unread = false;
    if (access == ModelAccess.NEVER) {
      unread = placeholders.stream().anyMatch(tokens -> tree.find(tokens) == null);
    } else {
      // For the rounds that spell the draft and for those after it.
      tree.makeRoom(stable, 2 * limits.rounds() * limits.width(), limits.width());
      read(tree, stable, placeholders);
    }
    ReplyTree.Node start = tree.find(stable);
    if (start == null) {
      return Optional.empty();
    }
    BranchSearch search = new BranchSearch(tree, index, limits, access);
    List<Branch> branches = new ArrayList<>();
    branches.add(Branch.start(start, bytesAfter(spelled, typed)));
    for (Start one : starts) {
      branches.add(
          Branch.start(
              start,
              one.placeholder().getBytes(StandardCharsets.UTF_8),
              one.rest().getBytes(StandardCharsets.UTF_8),
              Math.log(one.share())));
    }
    for (Branch branch : search.run(branches)) {
      String text = branch.string();
      char last = text.charAt(text.length() - 1);
      if (text.indexOf(UNDECODABLE) < 0 && !Character.isWhitespace(last)) {
        found.addModel(
            read, text, search.probability(branch) * endsWord(read + text, branch.node()));
      }
    }
    found.addCounted(read);
    found.addTyped(Math.exp(tree.log(stable)));
    return Optional.of(found.result(search.isWhole() && !unread));
  }

  /** What the model and the memory add to a draft, with their probabilities. */
  private static final class Found {
    private final String draft;
    private final Situation situation;
    private final Map<String, FilledText> withValues = new HashMap<>();
    private final Map<String, Double> byMemory = new LinkedHashMap<>();
    private final Map<String, Double> byModel = new LinkedHashMap<>();

    Found(String draft, Situation situation) {
      this.draft = draft;
      this.situation = situation;
    }

    void addLibrary() {
      situation
          .knowledge()
          .libraryTexts()
          .after(
              draft,
              situation.desk(),
              situation.language().after(draft).wanted(),
              situation.view()::fill)
          .forEach(
              (text, probability) -> {
                byMemory.merge(text.text(), probability, Double::sum);
                note(text);
              });
    }

    /** Adds what the words before the draft's end say. */
    void addCounted(String read) {
      Map<String, Double> byWords = new LinkedHashMap<>();
      situation
          .knowledge()
          .memory()
          .continuations(read, situation.desk())
          .forEach(
              (text, probability) -> {
                FilledText filled = situation.view().fill(text);
                if (filled.isWhole()) {
                  byWords.merge(filled.text(), probability, Double::sum);
                  note(filled);
                }
              });
      byWords.forEach((text, probability) -> byMemory.merge(text, probability, Math::max));
    }

    /** Adds a text of the model, as far as it can be filled in and said. */
    void addModel(String read, String text, double right) {
      withLinks(text, read, situation)
          .forEach(
              (linked, share) -> {
                FilledText filled = situation.view().fill(linked);
                // What cannot be filled in would have to be taken out again.
                if (right * share > 0
                    && filled.isWhole()
                    && situation.allowedWords().test(draft, filled.text())) {
                  byModel.merge(filled.text(), right * share, Double::sum);
                  note(filled);
                }
              });
    }

    /** Adds texts that agents typed since training, beside {@code others} that agree. */
    void addTyped(double others) {
      typedSince(draft, situation, others)
          .forEach(
              (text, probability) -> {
                byModel.merge(text.text(), probability, Math::max);
                byMemory.merge(text.text(), probability, Math::max);
                note(text);
              });
    }

    private void note(FilledText filled) {
      if (!filled.values().isEmpty()) {
        withValues.putIfAbsent(filled.text(), filled);
      }
    }

    /** By whether the library allows what they make of the draft; none in another language. */
    Result result(boolean whole) {
      ReplyLanguage.After language = situation.language().after(draft);
      LikelyReplies.After likely = situation.likely().after(draft);
      return new Result(
          merged(byModel, byMemory, withValues, likely, draft).stream()
              .filter(one -> language.allows(one.filled().template()))
              .collect(
                  Collectors.partitioningBy(
                      one -> situation.knowledge().libraryTexts().allows(draft + one.text()))),
          whole);
    }
  }

  /**
   * What continues a draft to a text that agents typed since training. By Bayes' rule: as probable
   * as any such text, beside the others that agree with the draft and all that the model, which was
   * trained before, expects to begin so.
   *
   * @param others how probable the draft's whole words are by the model
   */
  private static Map<FilledText, Double> typedSince(
      String draft, Situation situation, double others) {
    Set<FilledText> agreeing = new HashSet<>();
    for (String template : situation.knowledge().memory().typedSince(draft, situation.desk())) {
      FilledText filled = situation.view().fill(template);
      if (LibraryTexts.continues(filled, draft)) {
        agreeing.add(filled);
      }
    }
    double share = LEAST_TYPED / (others + LEAST_TYPED * agreeing.size());
    Map<FilledText, Double> after = new LinkedHashMap<>();
    for (FilledText filled : agreeing) {
      for (FilledText part : LibraryTexts.parts(filled, draft)) {
        int words = WordBreaks.words(part.text()).size();
        after.merge(part, share * Math.pow(GOES_ON, words), Double::sum);
      }
    }
    return after;
  }

  /**
   * Joins what the model and what the memory found. Spellings that differ only in case count
   * together, under the most probable one. The order is fixed, so that ties end alike.
   *
   * @param filled of the texts, those that had placeholders
   * @param draft that they follow
   */
  static List<Candidate> merged(
      Map<String, Double> byModel,
      Map<String, Double> byMemory,
      Map<String, FilledText> filled,
      LikelyReplies.After replies,
      String draft) {
    int letters = Words.lettersOfLastWord(draft);
    Map<String, Map.Entry<String, Double>> spellings = new LinkedHashMap<>(); // most probable
    Map<String, Double> model = sums(byModel, spellings);
    Map<String, Double> memory = sums(byMemory, spellings);
    List<Candidate> merged = new ArrayList<>();
    spellings.forEach(
        (lower, spelling) -> {
          String text = spelling.getKey();
          merged.add(
              new Candidate(
                  filled.getOrDefault(text, FilledText.of(text)),
                  Math.min(1, model.getOrDefault(lower, 0.0)),
                  memory.containsKey(lower)
                      ? OptionalDouble.of(Math.min(1, memory.get(lower)))
                      : OptionalDouble.empty(),
                  replies.share(text),
                  replies.all,
                  letters));
        });
    merged.sort(Comparator.comparing(Candidate::text));
    return List.copyOf(merged);
  }

  /** The probability of each text in lower case, by all its spellings. */
  private static Map<String, Double> sums(
      Map<String, Double> from, Map<String, Map.Entry<String, Double>> spellings) {
    Map<String, Double> sums = new HashMap<>();
    from.forEach(
        (text, probability) -> {
          String lower = Words.lower(text);
          sums.merge(lower, probability, Double::sum);
          spellings.merge(
              lower,
              Map.entry(text, probability),
              BinaryOperator.maxBy(
                  Map.Entry.<String, Double>comparingByValue()
                      .thenComparing(Map.Entry.comparingByKey())));
        });
    return sums;
  }

  /** The most probable links that may follow or end a draft, as they would stand there. */
  private static Map<String, Double> links(String draft, Situation situation) {
    Map<String, Double> links = new LinkedHashMap<>();
    situation.knowledge().memory().links(draft, situation.desk()).entrySet().stream()
        .limit(LINKS)
        .forEach(one -> links.put(one.getKey(), one.getValue()));
    return links;
  }

  /** A text with each of the links that may stand where it has the placeholder of one. */
  private static Map<String, Double> withLinks(String text, String draft, Situation situation) {
    int at = text.indexOf(Links.PLACEHOLDER);
    Map<String, Double> links = at < 0 ? Map.of() : links(draft + text.substring(0, at), situation);
    if (links.isEmpty()) {
      return Map.of(text, 1.0);
    }
    Map<String, Double> texts = new LinkedHashMap<>();
    String rest = text.substring(at + Links.PLACEHOLDER.length());
    links.forEach((link, share) -> texts.put(text.substring(0, at) + link + rest, share));
    return texts;
  }

  /**
   * What the last word of a draft, with the blank before it, may also be.
   *
   * @param placeholder of a value that begins with it
   * @param rest of the value
   * @param share how probable this value is among those of the placeholder
   */
  private record Start(String placeholder, String rest, double share) {}

  private static List<Start> starts(String typed, String draft, Situation situation) {
    String word = typed.stripLeading();
    if (word.isEmpty()) {
      return List.of();
    }
    String blank = typed.substring(0, typed.length() - word.length());
    List<Start> starts = new ArrayList<>();
    situation
        .view()
        .values(word)
        .forEach(
            (placeholder, value) ->
                starts.add(new Start(blank + placeholder, value.substring(word.length()), 1)));
    if (word.length() >= LEAST_OF_LINK && Links.mayBegin(word)) {
      links(draft, situation)
          .forEach(
              (link, share) -> {
                if (Words.lower(link).startsWith(Words.lower(word))) {
                  String rest = link.substring(word.length());
                  starts.add(new Start(blank + Links.PLACEHOLDER, rest, share));
                }
              });
    }
    return starts;
  }

  /**
   * The first tokens of a draft's last word where its script writes no blanks and the "word" may be
   * a sentence: they stay as they are, and the last {@value #TOKENS_SPELLED} are found anew.
   */
  private int[] spelled(String typed) {
    if (!WordBreaks.writesNoBlanks(typed)) {
      return new int[0];
    }
    int[] tokens = tokenizer.encode(typed);
    return Arrays.copyOf(tokens, Math.max(0, tokens.length - TOKENS_SPELLED));
  }

  /** What of {@code typed} these first tokens of it leave, which may begin within a character. */
  private byte[] bytesAfter(int[] spelled, String typed) {
    int length = 0;
    for (int token : spelled) {
      length += index.bytes(token).length;
    }
    byte[] bytes = typed.getBytes(StandardCharsets.UTF_8);
    return Arrays.copyOfRange(bytes, length, bytes.length);
  }

  /**
   * The probability that a word of the reply ends where {@code text} does. Where a script writes no
   * blanks, the words that the most probable next tokens make decide.
   */
  private double endsWord(String text, ReplyTree.Node node) {
    int last = text.codePointBefore(text.length());
    if (!WordBreaks.isWordPart(last)) {
      return 1;
    }
    if (!WordBreaks.writesNoBlanks(last)) {
      return node.endsWord(index);
    }
    String end = text.substring(WordBreaks.startOfRun(text));
    double ends = 0;
    double all = 0;
    for (int token : node.best(NEXT_TOKENS)) {
      double probability = Math.exp(node.log(token));
      String next = new String(index.bytes(token), StandardCharsets.UTF_8);
      boolean isPart = next.indexOf(UNDECODABLE) == 0; // of a character, whose word is not known
      all += isPart ? 0 : probability;
      ends += !isPart && WordBreaks.isBoundary(end + next, end.length()) ? probability : 0;
    }
    return all == 0 ? 0 : ends / all;
  }

  private static void read(ReplyTree tree, int[] stable, List<int[]> placeholders) {
    List<ReplyTree.Growth> wanted = new ArrayList<>();
    wanted.add(new ReplyTree.Growth(tree.root(), stable));
    for (int[] tokens : placeholders) {
      wanted.add(new ReplyTree.Growth(tree.root(), tokens));
    }
    tree.grow(wanted);
  }

  /**
   * Keeps suggestions to words that many conversations share or that this one holds, so that
   * nothing that a single conversation taught the model is told to others.
   */
  static final class AllowedWords {

    private final Optional<CommonWords> common;
    private final Set<String> said = new HashSet<>();

    /**
     * What may be said after {@code context}, as people wrote it, at a desk that knows more words;
     * everything without word list.
     */
    AllowedWords(Optional<CommonWords> common, List<Message> context, Desk desk) {
      this.common = common;
      if (common.isPresent()) {
        context.forEach(message -> said.addAll(WordRule.words(message.text())));
        desk.metadata().values().forEach(value -> said.addAll(WordRule.words(value)));
      }
    }

    /** Whether {@code text} may follow {@code draft}, whose last word it may complete. */
    boolean test(String draft, String text) {
      if (common.isEmpty()) {
        return true;
      }
      // Words that end before the draft does are the agent's own; its last one may go on.
      int run = WordBreaks.startOfRun(draft);
      String added = draft.substring(run) + text;
      int from = draft.length() - run;
      if (common.get().cover(added, from, said)) {
        return true;
      }
      Set<String> typed = new HashSet<>(WordRule.words(draft.substring(0, run)));
      typed.addAll(said);
      return common.get().cover(added, from, typed);
    }
  }

  /**
   * What the known replies to similar contexts say about a completion: the share of those which
   * agree with the draft that go on with it. On STAR this saves three percentage points more time
   * than the model and the words before the draft alone do.
   */
  static final class LikelyReplies {

    /** Where what agrees with a draft is less probable in all, it says nothing. */
    private static final double LEAST = 1e-3;

    private final List<String> lower;
    private final double[] probabilities;

    LikelyReplies(List<WholeReply> replies) {
      this.lower = replies.stream().map(reply -> Words.lower(reply.text())).toList();
      // Not the calibrated ranking, so that calibrating twice gives the same result.
      this.probabilities = ReplyRanking.DEFAULT.probabilities(replies);
    }

    /** Those that agree with one draft. */
    final class After {
      private final String draft;
      private final int[] agreeing;
      private final double all;

      private After(String draft) {
        this.draft = Words.lower(draft);
        this.agreeing =
            IntStream.range(0, lower.size())
                .filter(i -> lower.get(i).length() > draft.length())
                .filter(i -> lower.get(i).startsWith(this.draft))
                .toArray();
        this.all = IntStream.of(agreeing).mapToDouble(i -> probabilities[i]).sum();
      }

      /** The share that go on with {@code text} and end a word there; empty where too few agree. */
      OptionalDouble share(String text) {
        if (all < LEAST) {
          return OptionalDouble.empty();
        }
        String wanted = draft + Words.lower(text);
        double right =
            IntStream.of(agreeing)
                .filter(i -> lower.get(i).startsWith(wanted))
                .filter(i -> WordBreaks.isBoundary(lower.get(i), wanted.length()))
                .mapToDouble(i -> probabilities[i])
                .sum();
        return OptionalDouble.of(Math.min(1, right / all));
      }
    }

    After after(String draft) {
      return new After(draft);
    }
  }
}
