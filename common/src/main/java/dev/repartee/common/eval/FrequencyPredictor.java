package dev.repartee.common.eval;

import dev.repartee.common.data.Conversation;
import dev.repartee.common.data.Message;
import dev.repartee.common.data.TextNorm;
import dev.repartee.common.suggest.ReplyPredictor;
import dev.repartee.common.suggest.ReplySession;
import dev.repartee.common.suggest.Suggestion;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The baseline {@code freq}: the most frequent replies whatever the context, filtered by the draft.
 * A model must beat it to be worth running, and its published figures prove the metric. Has no
 * state after construction.
 */
public final class FrequencyPredictor implements ReplyPredictor {

  private static final int LEAST_USES = 2;
  private static final int MOST_ANSWERS = 2000;

  private record Frequent(String id, String text, String lower, double share) {

    Suggestion whole() {
      return Suggestion.answer(id, text, share);
    }
  }

  private final List<Frequent> answers;

  private FrequencyPredictor(List<Frequent> answers) {
    this.answers = List.copyOf(answers);
  }

  /**
   * Learns from the agents' messages: replies that are equal under {@link TextNorm#norm} count as
   * one, which is shown in its most frequent spelling; those used once are left out.
   */
  public static FrequencyPredictor train(List<Conversation> conversations) {
    Map<String, Map<String, Integer>> spellings = new HashMap<>();
    conversations.stream()
        .flatMap(Conversation::agentTexts)
        .forEach(
            text ->
                spellings
                    .computeIfAbsent(TextNorm.norm(text), unseen -> new HashMap<>())
                    .merge(text, 1, Integer::sum));
    Map<String, Integer> uses = new HashMap<>();
    spellings.forEach((norm, counts) -> uses.put(norm, sum(counts)));
    double messages = sum(uses);
    List<String> ranked =
        uses.entrySet().stream()
            .filter(entry -> entry.getValue() >= LEAST_USES)
            .sorted(mostFrequentFirst())
            .limit(MOST_ANSWERS)
            .map(Map.Entry::getKey)
            .toList();
    return new FrequencyPredictor(
        IntStream.range(0, ranked.size())
            .mapToObj(
                i -> {
                  String norm = ranked.get(i);
                  String text = mostFrequent(spellings.get(norm));
                  String lower = text.toLowerCase(Locale.ROOT);
                  return new Frequent("freq-" + (i + 1), text, lower, uses.get(norm) / messages);
                })
            .toList());
  }

  private static int sum(Map<String, Integer> counts) {
    return counts.values().stream().mapToInt(Integer::intValue).sum();
  }

  private static String mostFrequent(Map<String, Integer> counts) {
    return counts.entrySet().stream().min(mostFrequentFirst()).orElseThrow().getKey();
  }

  /** Ties in code point order, as the reference implementation breaks them. */
  private static Comparator<Map.Entry<String, Integer>> mostFrequentFirst() {
    return Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
        .thenComparing(Map.Entry.comparingByKey(TextNorm.BY_CODE_POINT));
  }

  @Override
  public ReplySession open(List<Message> context) {
    return new Session();
  }

  @Override
  public void close() {
    // Holds memory only.
  }

  private final class Session implements ReplySession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      String lower = draft.toLowerCase(Locale.ROOT);
      return answers.stream()
          .filter(answer -> answer.lower().startsWith(lower))
          .limit(limit)
          .map(Frequent::whole)
          .toList();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      String lower = draft.toLowerCase(Locale.ROOT);
      return answers.stream()
          .filter(
              answer ->
                  answer.lower().startsWith(lower) && answer.lower().length() > lower.length())
          .findFirst()
          .map(answer -> rest(answer, draft));
    }

    private Suggestion rest(Frequent answer, String draft) {
      // By code points: where lower-casing changes lengths, the units of both need not match.
      int[] text = answer.text().codePoints().toArray();
      int typed = Math.min(draft.codePointCount(0, draft.length()), text.length);
      String rest = new String(text, typed, text.length - typed);
      return new Suggestion(
          Suggestion.Kind.COMPLETION, Optional.of(answer.id()), rest, answer.share());
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }
}
