package dev.repartee.clustering.review;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.review.ReviewMemory.PastAnswer;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Decision;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decisions on random clusters, through the files and over extractions of changing data. */
class ReviewSurvivalTest {

  private static final int CLUSTERS = 60;
  private static final int ROUNDS = 6;

  @TempDir private Path folder;

  /** Texts that say the same, by the number of what they say. */
  private final Map<Integer, Map<String, Long>> data = new LinkedHashMap<>();

  private int unique;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyDecisionIsKept(long seed) {
    Random random = new Random(seed);
    for (int topic = 0; topic < CLUSTERS; topic++) {
      data.put(topic, newTexts(topic, random));
    }
    Path csv = folder.resolve(ReviewFile.NAME);
    Path state = folder.resolve(ReviewMemory.NAME);
    Map<Integer, AnswerCandidate> found = cluster(random, 0);
    Map<Integer, String> idOf = new LinkedHashMap<>();
    ReviewResult result = Review.apply(List.copyOf(found.values()), ReviewInput.NONE, 1000);
    int at = 0;
    for (int topic : found.keySet()) {
      idOf.put(topic, result.fates().get(at++).id());
    }
    Map<String, Decision> decisions = decide(idOf, random);
    write(result, decisions, csv, state);
    for (int round = 0; round < ROUNDS; round++) {
      perturb(random);
      found = cluster(random, 8);
      ReviewInput input = ReviewInput.load(csv, state);
      assertThat(input.decisions()).isEqualTo(decisions);
      result = Review.apply(List.copyOf(found.values()), input, 20);
      check(result, found, idOf, decisions);
      write(result, decisions, csv, state);
    }
  }

  /** Clusters also fall in two and grow together, so that not every one can be told. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void everyDecisionIsKeptThoughClustersSplitAndJoin(long seed) {
    Random random = new Random(seed);
    for (int topic = 0; topic < CLUSTERS; topic++) {
      data.put(topic, newTexts(topic, random));
    }
    Path csv = folder.resolve(ReviewFile.NAME);
    Path state = folder.resolve(ReviewMemory.NAME);
    List<AnswerCandidate> found = List.copyOf(cluster(random, 0).values());
    ReviewResult result = Review.apply(found, ReviewInput.NONE, 1000);
    Map<Integer, String> idOf = new LinkedHashMap<>();
    result.fates().forEach(fate -> idOf.put(idOf.size(), fate.id()));
    Map<String, Decision> decisions = decide(idOf, random);
    write(result, decisions, csv, state);
    for (int round = 0; round < ROUNDS; round++) {
      perturb(random);
      ReviewInput input = ReviewInput.load(csv, state);
      assertThat(input.decisions()).isEqualTo(decisions);
      result = Review.apply(splitAndJoined(random), input, 1000);
      checkDecisions(result, decisions);
      Set<String> texts = result.answers().stream().map(Answer::text).collect(Collectors.toSet());
      for (PastAnswer before : input.memory().all()) {
        Decision decision = decisions.getOrDefault(before.id(), Decision.NONE);
        if (decision.kind() == Decision.Kind.REJECT) {
          assertThat(texts).doesNotContain(before.text());
        }
      }
      write(result, decisions, csv, state);
    }
  }

  private List<AnswerCandidate> splitAndJoined(Random random) {
    List<AnswerCandidate> found = new ArrayList<>();
    Map<String, Long> left = new LinkedHashMap<>();
    for (Map<String, Long> texts : data.values()) {
      boolean splits = random.nextInt(5) == 0;
      boolean joins = random.nextInt(5) == 0;
      Map<String, Long> part = new LinkedHashMap<>();
      texts.forEach(
          (text, count) -> (splits && random.nextBoolean() ? left : part).put(text, count));
      if (joins) {
        left.putAll(part);
        continue;
      }
      for (Map<String, Long> one : List.of(part, Map.copyOf(left))) {
        if (!one.isEmpty()) {
          List<String> typical = one.keySet().stream().sorted().toList();
          found.add(Candidates.of(one, typical.get(random.nextInt(typical.size()))));
        }
      }
      left.clear();
    }
    return found;
  }

  private Map<String, Long> newTexts(int topic, Random random) {
    Map<String, Long> texts = new LinkedHashMap<>();
    int size = 3 + random.nextInt(6);
    for (int i = 0; i < size; i++) {
      texts.put(newText(topic), 1 + (long) random.nextInt(40));
    }
    return texts;
  }

  private String newText(int topic) {
    // Letters, since numbers are masked.
    return "Topic " + letters(topic) + " said in way " + letters(unique++);
  }

  private static String letters(int number) {
    return Integer.toString(number + 26, 26)
        .replaceAll("[0-9]", "$0")
        .chars()
        .mapToObj(c -> String.valueOf((char) ('a' + Character.digit(c, 26))))
        .collect(Collectors.joining());
  }

  /**
   * Each has any of its texts for typical; so many are missing, and as many are used too little.
   */
  private Map<Integer, AnswerCandidate> cluster(Random random, int weak) {
    List<Integer> topics = new ArrayList<>(data.keySet());
    Collections.shuffle(topics, random);
    Map<Integer, AnswerCandidate> found = new LinkedHashMap<>();
    for (int topic : topics.subList(0, topics.size() - weak)) {
      List<String> texts = List.copyOf(data.get(topic).keySet());
      AnswerCandidate candidate =
          Candidates.of(data.get(topic), texts.get(random.nextInt(texts.size())));
      found.put(topic, found.size() < weak ? Candidates.rare(candidate) : candidate);
    }
    return found;
  }

  /** One of ten goes, texts come in, and counts go up and down. */
  private void perturb(Random random) {
    for (Map.Entry<Integer, Map<String, Long>> topic : data.entrySet()) {
      Map<String, Long> next = new LinkedHashMap<>();
      topic
          .getValue()
          .forEach(
              (text, count) -> {
                if (next.isEmpty() || random.nextInt(10) > 0) {
                  next.put(text, Math.max(1, count / 2 + random.nextInt(20)));
                }
              });
      next.put(newText(topic.getKey()), 1 + (long) random.nextInt(5));
      topic.setValue(next);
    }
  }

  private static Map<String, Decision> decide(Map<Integer, String> idOf, Random random) {
    Map<String, Decision> decisions = new LinkedHashMap<>();
    String earlier = idOf.get(0);
    decisions.put(earlier, Candidates.approve());
    for (int topic = 1; topic < CLUSTERS; topic++) {
      String id = idOf.get(topic);
      switch (random.nextInt(5)) {
        case 0 -> decisions.put(id, Candidates.approve());
        case 1 -> decisions.put(id, Candidates.reject());
        case 2 -> decisions.put(id, Candidates.edit("=Edited, \"" + topic + "\"; \u00fc"));
        case 3 -> decisions.put(id, Candidates.merge(earlier));
        default -> {}
      }
      if (decisions.getOrDefault(id, Decision.NONE).kind() != Decision.Kind.REJECT) {
        earlier = id; // so that there are chains
      }
    }
    return decisions;
  }

  private static void write(
      ReviewResult result, Map<String, Decision> decisions, Path csv, Path state) {
    List<ReviewResult.Row> rows =
        result.rows().stream()
            .map(
                row ->
                    new ReviewResult.Row(
                        decisions.getOrDefault(row.answer().id(), Decision.NONE),
                        row.answer(),
                        row.status()))
            .toList();
    ReviewFile.write(csv, rows, Map.of(), 1000);
    result.memory().write(state);
  }

  private static void check(
      ReviewResult result,
      Map<Integer, AnswerCandidate> found,
      Map<Integer, String> idOf,
      Map<String, Decision> decisions) {
    int at = 0;
    for (int topic : found.keySet()) {
      String id = result.fates().get(at).id();
      if (decisions.containsKey(idOf.get(topic))) {
        assertThat(id).isEqualTo(idOf.get(topic));
      }
      at++;
    }
    checkDecisions(result, decisions);
  }

  private static void checkDecisions(ReviewResult result, Map<String, Decision> decisions) {
    Map<String, ReviewResult.Row> rows =
        result.rows().stream()
            .collect(Collectors.toMap(row -> row.answer().id(), Function.identity()));
    Map<String, Answer> answers =
        result.answers().stream().collect(Collectors.toMap(Answer::id, Function.identity()));
    decisions.forEach(
        (id, decision) -> {
          assertThat(rows.get(id).decision()).isEqualTo(decision);
          switch (decision.kind()) {
            case APPROVE -> assertThat(answers).containsKey(id);
            case EDIT -> assertThat(answers.get(id).text()).isEqualTo(decision.newText());
            default -> assertThat(answers).doesNotContainKey(id);
          }
        });
    long gone = decisions.keySet().stream().filter(id -> isGone(rows.get(id))).count();
    assertThat(result.changes().waiting()).isEqualTo((int) gone);
    assertThat(result.changes().decisions().values().stream().mapToInt(i -> i).sum())
        .isEqualTo(decisions.size());
  }

  private static boolean isGone(ReviewResult.Row row) {
    return row.status() == ReviewResult.Status.GONE;
  }
}
