package dev.repartee.finetune.metric;

import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Conversation;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The agents' replies: those that are equal under {@link TextNorm#norm} count as one, which is
 * shown in its most frequent spelling.
 */
final class ReplySpellings {

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
    shown.put(norm, spellings.entrySet().stream().min(mostFrequentFirst()).orElseThrow().getKey());
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

  /** The most frequent replies of at least {@code leastUses}, as {@code norm} has them. */
  List<String> mostFrequent(int leastUses, int most) {
    return uses.entrySet().stream()
        .filter(entry -> entry.getValue() >= leastUses)
        .sorted(mostFrequentFirst())
        .limit(most)
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Ties in code point order, as the reference implementation breaks them. */
  private static Comparator<Map.Entry<String, Integer>> mostFrequentFirst() {
    return Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
        .thenComparing(Map.Entry.comparingByKey(TextNorm.BY_CODE_POINT));
  }
}
