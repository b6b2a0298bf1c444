package dev.repartee.clustering.review;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.answers.CandidateBuilder;
import dev.repartee.clustering.review.ReviewMemory.PastAnswer;
import dev.repartee.clustering.review.ReviewResult.Fate;
import dev.repartee.clustering.review.ReviewResult.ReviewChanges;
import dev.repartee.clustering.review.ReviewResult.Row;
import dev.repartee.clustering.review.ReviewResult.Status;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Decision.Kind;
import dev.repartee.text.answers.Phrasing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * Applies people's decisions to the clusters of an extraction. The steps: recognise clusters of
 * earlier extractions, follow merges, choose the answers, compare with the last extraction.
 *
 * <p>An answer that a person approved or edited stays even if it is used less than the bounds
 * require, or is no longer in the data at all. So does an answer into which one in the data was
 * merged. No decision is lost.
 */
public final class Review {

  private final List<AnswerCandidate> candidates;
  private final ReviewInput input;
  private final int maxAnswers;
  private final IdAssigner assigner;

  /** The ids of candidates, then those that are only remembered. */
  private final Set<String> ids;

  private final Set<String> rejectedTexts = new HashSet<>(); // hashes

  /** For each id that is merged into no other, the ids merged into it. */
  private final Map<String, List<String>> mergedInto = new LinkedHashMap<>();

  /** For each id the answer at the end of its merges, or the id itself. */
  private final Map<String, String> rootOf = new LinkedHashMap<>();

  private final Map<String, Answer> answers = new LinkedHashMap<>(); // most used first

  private Review(List<AnswerCandidate> candidates, ReviewInput input, int maxAnswers) {
    this.candidates = List.copyOf(candidates);
    this.input = input;
    this.maxAnswers = maxAnswers;
    assigner = new IdAssigner(candidates, input.memory());
    ids = new LinkedHashSet<>(assigner.ids());
    ids.addAll(input.memory().ids());
    for (PastAnswer past : input.memory().all()) {
      if (decision(past.id()).kind() == Kind.REJECT) {
        rejectedTexts.add(Phrasing.hash(past.text()));
      }
    }
    followMerges();
    choose();
  }

  /**
   * The answers, and what people review next.
   *
   * @param candidates every cluster, including those used too little
   * @param input decisions, and what the last extraction listed
   * @param maxAnswers the largest number of answers, unless people decided for more
   */
  public static ReviewResult apply(
      List<AnswerCandidate> candidates, ReviewInput input, int maxAnswers) {
    Review review = new Review(candidates, input, maxAnswers);
    List<Row> rows = review.rows();
    return new ReviewResult(
        List.copyOf(review.answers.values()),
        rows,
        review.fates(),
        review.changes(),
        review.memory(rows));
  }

  // What is known of an id.

  private Decision decision(String id) {
    return input.decisions().getOrDefault(id, carriedOver(id));
  }

  /** The decision that people made when a new answer's text was a wording of another one. */
  private Decision carriedOver(String id) {
    if (past(id).isPresent() || !isEligible(id)) {
      return Decision.NONE;
    }
    String text = candidate(id).orElseThrow().answer().text();
    String from = input.seen().getOrDefault(Phrasing.hash(text), id);
    Decision decision = input.decisions().getOrDefault(from, Decision.NONE);
    return decision.kind() == Kind.EDIT
        ? new Decision(Kind.MERGE, "", from, "")
        : new Decision(decision.kind(), "", decision.mergeInto(), "");
  }

  private Optional<AnswerCandidate> candidate(String id) {
    return assigner.clusterOf(id).map(candidates::get);
  }

  private Optional<PastAnswer> past(String id) {
    return input.memory().find(id);
  }

  private boolean isPresent(String id) {
    return assigner.clusterOf(id).isPresent();
  }

  private boolean isEligible(String id) {
    return candidate(id).map(AnswerCandidate::isEligible).orElse(false);
  }

  /** By hash: the phrasings in the data, or the remembered ones if the data has no such cluster. */
  private Map<String, Long> phrasings(String id) {
    return assigner
        .clusterOf(id)
        .map(assigner::phrasingsOf)
        .or(() -> past(id).map(PastAnswer::phrasings))
        .orElse(Map.of());
  }

  /**
   * The answer without decisions. It has the text of the data, except in three cases where it keeps
   * the remembered text: a person approved or rejected that text; too few agents used the cluster
   * to show its present text; or its present text is that of a rejected cluster, which this one now
   * includes.
   */
  private Answer found(String id) {
    Optional<String> before = past(id).map(PastAnswer::text);
    if (!isPresent(id)) {
      return new Answer(
          id,
          before.orElseThrow(),
          0,
          0,
          List.of(),
          AnswerUse.UNKNOWN,
          List.copyOf(phrasings(id).keySet()));
    }
    Answer answer = candidate(id).orElseThrow().answer();
    Kind kind = decision(id).kind();
    boolean keepsText =
        kind == Kind.APPROVE
            || kind == Kind.REJECT
            || !isEligible(id)
            || hasRejectedText(candidate(id).orElseThrow());
    return renamed(answer, id, keepsText ? before.orElse(answer.text()) : answer.text());
  }

  /** Also if the text had been rejected before its values became public. */
  private boolean hasRejectedText(AnswerCandidate candidate) {
    return isRejectedText(candidate.answer().text()) || isRejectedText(candidate.closedText());
  }

  private boolean isRejectedText(String text) {
    return rejectedTexts.contains(Phrasing.hash(text));
  }

  private static Answer renamed(Answer answer, String id, String text) {
    return new Answer(
        id,
        text,
        answer.count(),
        answer.agents(),
        answer.phrasings(),
        answer.use(),
        answer.hiddenPhrasings());
  }

  // Merges.

  private void followMerges() {
    for (String id : ids) {
      String root = root(id).orElse(id);
      rootOf.put(id, root);
      mergedInto.computeIfAbsent(root, unseen -> new ArrayList<>());
      if (!root.equals(id)) {
        mergedInto.get(root).add(id);
      }
    }
  }

  /** The answer at the end of the chain, or nothing if no such answer stays. */
  private Optional<String> root(String id) {
    Set<String> visited = new HashSet<>();
    String at = id;
    while (decision(at).kind() == Kind.MERGE) {
      if (!visited.add(at)) {
        return Optional.empty();
      }
      at = decision(at).mergeInto();
    }
    boolean stays = ids.contains(at) && decision(at).kind() != Kind.REJECT;
    return stays || at.equals(id) ? Optional.of(at) : Optional.empty();
  }

  /** Whether {@code id} was merged into something that does not stay. */
  private boolean isBrokenMerge(String id) {
    return decision(id).kind() == Kind.MERGE && rootOf.get(id).equals(id);
  }

  // The choice of answers.

  private void choose() {
    List<Answer> decided = new ArrayList<>();
    List<Answer> used = new ArrayList<>();
    mergedInto.forEach(
        (root, members) -> {
          if (decision(root).keeps() || members.stream().anyMatch(this::isPresent)) {
            decided.add(answer(root, members));
          } else if (isEligible(root) && !isRejected(root)) {
            used.add(answer(root, members));
          }
        });
    Comparator<Answer> mostUsedFirst = mostUsedFirst(this::weightWithMerged);
    used.sort(mostUsedFirst);
    int room = Math.max(0, maxAnswers - decided.size());
    List<Answer> chosen = new ArrayList<>(decided);
    chosen.addAll(used.subList(0, Math.min(room, used.size())));
    chosen.sort(mostUsedFirst);
    chosen.forEach(answer -> answers.put(answer.id(), answer));
  }

  private static Comparator<Answer> mostUsedFirst(ToLongFunction<String> weight) {
    return Comparator.comparingLong((Answer answer) -> weight.applyAsLong(answer.id()))
        .reversed()
        .thenComparing(Answer.MOST_USED_FIRST);
  }

  /** 0 of what is no longer in the data. */
  private long weight(String id) {
    return candidate(id).map(AnswerCandidate::weight).orElse(0L);
  }

  private long weightWithMerged(String root) {
    return weight(root) + mergedInto.get(root).stream().mapToLong(this::weight).sum();
  }

  /** By a decision, or since it is a part of a rejected cluster and has that cluster's text. */
  private boolean isRejected(String id) {
    return decision(id).kind() == Kind.REJECT
        || isRejectedText(found(id).text())
        || (past(id).isEmpty() && candidate(id).filter(this::hasRejectedText).isPresent());
  }

  /** One answer of {@code root} and those merged into it, with the edited text if there is one. */
  private Answer answer(String root, List<String> members) {
    List<Answer> parts = new ArrayList<>();
    Answer found = found(root);
    Decision decision = decision(root);
    parts.add(decision.kind() == Kind.EDIT ? renamed(found, root, decision.newText()) : found);
    members.stream().filter(this::isPresent).map(this::found).forEach(parts::add);
    return parts.size() == 1 ? parts.getFirst() : joined(parts);
  }

  /** All {@code parts} under the id and text of the first. */
  private static Answer joined(List<Answer> parts) {
    AnswerUse use =
        new AnswerUse(
            parts.stream().mapToLong(part -> part.use().sentences()).sum(),
            sums(parts, part -> part.use().byAgent()),
            sums(parts, part -> part.use().byDomain()),
            parts.stream().flatMap(part -> part.use().language().stream()).findFirst());
    // Unknown agents of two parts may be the same, so the sum would be too high.
    int most = parts.stream().mapToInt(Answer::agents).max().orElse(0);
    Map<String, Long> phrasings = new HashMap<>();
    for (Answer part : parts) {
      for (Phrasing phrasing : part.phrasings()) {
        phrasings.merge(phrasing.text(), phrasing.count(), Long::sum);
      }
    }
    return new Answer(
        parts.getFirst().id(),
        parts.getFirst().text(),
        parts.stream().mapToLong(Answer::count).sum(),
        Math.max(most, use.byAgent().size()),
        CandidateBuilder.mostUsedFirst(phrasings),
        use,
        parts.stream().flatMap(part -> part.hiddenPhrasings().stream()).toList());
  }

  private static Map<String, Long> sums(
      List<Answer> parts, Function<Answer, Map<String, Long>> counts) {
    Map<String, Long> sums = new HashMap<>();
    for (Answer part : parts) {
      counts.apply(part).forEach((name, count) -> sums.merge(name, count, Long::sum));
    }
    return sums;
  }

  // The result.

  private List<Row> rows() {
    return ids.stream()
        .filter(id -> answers.containsKey(id) || !decision(id).equals(Decision.NONE))
        .map(id -> new Row(decision(id), found(id), status(id)))
        .sorted(Comparator.comparing(Row::answer, mostUsedFirst(this::weight)))
        .toList();
  }

  private Status status(String id) {
    Optional<PastAnswer> before = past(id).filter(PastAnswer::listed);
    if (!isPresent(id)) {
      return Status.GONE;
    }
    if (before.isEmpty()) {
      return Status.NEW;
    }
    boolean same =
        !isEligible(id) || candidate(id).orElseThrow().answer().text().equals(before.get().text());
    return same ? Status.KEPT : Status.CHANGED;
  }

  private List<Fate> fates() {
    List<Fate> fates = new ArrayList<>();
    for (String id : assigner.ids()) {
      String root = rootOf.get(id);
      fates.add(
          answers.containsKey(root)
              ? new Fate(id, Optional.of(root), "")
              : new Fate(id, Optional.empty(), whyNot(id)));
    }
    return fates;
  }

  private String whyNot(String id) {
    return isRejected(id)
        ? "rejected in review"
        : candidate(id).orElseThrow().whyNot().orElse("beyond the " + maxAnswers + " most used");
  }

  private ReviewMemory memory(List<Row> rows) {
    Map<String, PastAnswer> all = new LinkedHashMap<>();
    for (Row row : rows) {
      String id = row.answer().id();
      all.put(id, remembered(id, row.answer().text(), row.decision(), true));
    }
    for (PastAnswer past : input.memory().all()) {
      all.putIfAbsent(past.id(), remembered(past.id(), past.text(), Decision.NONE, false));
    }
    return new ReviewMemory(List.copyOf(all.values()));
  }

  /**
   * With each phrasing's highest count so far, so that fewer conversations erase none; without
   * those that another answer has now.
   */
  private PastAnswer remembered(String id, String text, Decision decision, boolean listed) {
    Map<String, Long> phrasings = new HashMap<>();
    Map<String, Long> closed = new HashMap<>();
    past(id)
        .ifPresent(
            past -> {
              keepHighest(phrasings, past.phrasings());
              keepHighest(closed, past.closed());
              phrasings.keySet().removeIf(hash -> assigner.isOfAnother(hash, id));
              closed.keySet().removeIf(hash -> assigner.isOfAnother(hash, id));
            });
    assigner
        .clusterOf(id)
        .ifPresent(
            cluster -> {
              keepHighest(phrasings, assigner.phrasingsOf(cluster));
              keepHighest(closed, assigner.closedOf(cluster));
            });
    return new PastAnswer(id, text, decision, listed, phrasings, closed);
  }

  private static void keepHighest(Map<String, Long> highest, Map<String, Long> counts) {
    counts.forEach((hash, count) -> highest.merge(hash, count, Math::max));
  }

  // The comparison with the last extraction.

  private ReviewChanges changes() {
    int added = 0;
    int kept = 0;
    int changed = 0;
    for (String id : answers.keySet()) {
      Optional<PastAnswer> before = past(id).filter(PastAnswer::listed);
      if (before.isEmpty()) {
        added++;
      } else if (before.get().text().equals(found(id).text())) {
        kept++;
      } else {
        changed++;
      }
    }
    int gone = 0;
    for (PastAnswer past : input.memory().all()) {
      boolean isGone = !answers.containsKey(past.id()) && !decision(past.id()).isMade();
      gone += past.listed() && isGone ? 1 : 0;
    }
    Map<Kind, Integer> decisions = new EnumMap<>(Kind.class);
    int waiting = 0;
    for (Map.Entry<String, Decision> decided : input.decisions().entrySet()) {
      if (decided.getValue().isMade()) {
        decisions.merge(decided.getValue().kind(), 1, Integer::sum);
        waiting += isBrokenMerge(decided.getKey()) || !isPresent(decided.getKey()) ? 1 : 0;
      }
    }
    Set<String> shown =
        answers.values().stream()
            .flatMap(answer -> answer.phrasings().stream())
            .map(phrasing -> Phrasing.hash(phrasing.text()))
            .collect(Collectors.toSet());
    Map<String, Long> dropped =
        input.seen().entrySet().stream()
            .filter(wording -> !shown.contains(wording.getKey()))
            .map(Map.Entry::getValue)
            .filter(id -> decision(id).kind() != Kind.REJECT)
            .collect(Collectors.groupingBy(id -> id, Collectors.counting()));
    return new ReviewChanges(
        input.memory().isEmpty(), added, kept, changed, gone, decisions, waiting, dropped);
  }
}
