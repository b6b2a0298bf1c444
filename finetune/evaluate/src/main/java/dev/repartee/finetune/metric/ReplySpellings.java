package dev.repartee.finetune.metric;

import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The agents' replies: those that are equal under {@link TextNorm#norm} count as one, which is
 * shown in its most frequent spelling.
 */
final class ReplySpellings {

  private static final int LEAST_USES = 2;
  private static final int MOST_REPLIES = 2000;

  private final Map<String, String> shown = new HashMap<>();
  private final Map<String, Integer> uses = new HashMap<>();
  private int messages;

  static ReplySpellings count(List<Conversation> conversations) {
    Map<String, Map<String, Integer>> spellings = new HashMap<>();
    conversations.stream()
        .flatMap(Conversation::agentTexts)
        .forEach(
            text ->
                spellings
                    .computeIfAbsent(TextNorm.norm(text), unseen -> new HashMap<>())
                    .merge(text, 1, Integer::sum));
    ReplySpellings counted = new ReplySpellings();
    spellings.forEach(counted::add);
    return counted;
  }

  private void add(String norm, Map<String, Integer> spellings) {
    int sum = spellings.values().stream().mapToInt(Integer::intValue).sum();
    shown.put(norm, spellings.entrySet().stream().min(highestFirst()).orElseThrow().getKey());
    uses.put(norm, sum);
    messages += sum;
  }

  /** How the reply {@code norm} is shown. */
  String shown(String norm) {
    return shown.get(norm);
  }

  /** The share of all replies that are {@code norm}. */
  double share(String norm) {
    return (double) uses.get(norm) / messages;
  }

  /** The most frequent replies; those used once are left out. */
  RankedReplies mostFrequent() {
    List<String> ranked =
        uses.entrySet().stream()
            .filter(entry -> entry.getValue() >= LEAST_USES)
            .sorted(highestFirst())
            .limit(MOST_REPLIES)
            .map(Map.Entry::getKey)
            .toList();
    return new RankedReplies(
        IntStream.range(0, ranked.size())
            .mapToObj(
                i ->
                    new RankedReplies.Ranked(
                        "freq-" + (i + 1), shown(ranked.get(i)), share(ranked.get(i))))
            .toList());
  }

  /** Ties in code point order, as the reference implementation breaks them. */
  static <V extends Comparable<V>> Comparator<Map.Entry<String, V>> highestFirst() {
    return Map.Entry.<String, V>comparingByValue(Comparator.reverseOrder())
        .thenComparing(Map.Entry.comparingByKey(TextNorm.BY_CODE_POINT));
  }
}
