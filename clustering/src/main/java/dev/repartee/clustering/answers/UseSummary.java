package dev.repartee.clustering.answers;

import dev.repartee.clustering.count.Context;
import dev.repartee.clustering.count.CountedText;
import dev.repartee.clustering.count.Languages;
import dev.repartee.clustering.count.Positions;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerUse;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Adds up who used the texts of a cluster, and where. */
final class UseSummary {

  private static final int MOST_CONTEXTS = 3;

  /** A shorter one, such as "yes", says nothing about what the answer is for. */
  private static final int FEWEST_WORDS = 3;

  private final int minConversations;

  /**
   * @param minConversations different conversations that a customer's message must be from, word
   *     for word, before it is shown as an example
   */
  UseSummary(int minConversations) {
    this.minConversations = minConversations;
  }

  /** Different agents of {@code texts}, and conversations whose agent is unknown. */
  static int speakers(List<CountedText> texts) {
    Set<String> agents = new HashSet<>();
    // Which conversations they are is not kept, so one with two phrasings counts twice.
    long unknown = 0;
    for (CountedText text : texts) {
      agents.addAll(text.byAgent().keySet());
      unknown += text.speakers() - text.byAgent().size();
    }
    return Math.toIntExact(agents.size() + unknown);
  }

  /** What is known of {@code texts} together. */
  AnswerUse of(List<CountedText> texts) {
    Map<String, Long> agents = new HashMap<>();
    Map<String, Long> domains = new HashMap<>();
    Map<String, Long> positions = new HashMap<>();
    SortedMap<String, Long> languages = new TreeMap<>();
    long sentences = 0;
    for (CountedText text : texts) {
      text.byAgent().forEach((agent, uses) -> agents.merge(agent, uses, Long::sum));
      text.byDomain().forEach((domain, uses) -> domains.merge(domain, uses, Long::sum));
      text.languages().forEach((language, uses) -> languages.merge(language, uses, Long::sum));
      add(positions, text.positions());
      sentences += text.sentences();
    }
    positions.values().removeIf(uses -> uses == 0);
    return new AnswerUse(
        sentences, agents, domains, positions, contexts(texts), Languages.most(languages));
  }

  private static void add(Map<String, Long> sums, Positions positions) {
    sums.merge("opening", positions.opening(), Long::sum);
    sums.merge("middle", positions.middle(), Long::sum);
    sums.merge("closing", positions.closing(), Long::sum);
  }

  private List<String> contexts(List<CountedText> texts) {
    Map<String, Set<Long>> conversations = new HashMap<>();
    Map<String, String> spelling = new HashMap<>();
    for (CountedText text : texts) {
      for (Context context : text.samples()) {
        String key = TextNorm.mask(context.before());
        if (key.chars().filter(c -> c == ' ').count() + 1 >= FEWEST_WORDS) {
          conversations.computeIfAbsent(key, unseen -> new HashSet<>()).add(context.conversation());
          spelling.merge(key, context.before(), (a, b) -> a.compareTo(b) <= 0 ? a : b);
        }
      }
    }
    return conversations.entrySet().stream()
        .filter(entry -> entry.getValue().size() >= Math.max(2, minConversations))
        .sorted(
            Comparator.comparingInt((Map.Entry<String, Set<Long>> entry) -> entry.getValue().size())
                .reversed()
                .thenComparing(Map.Entry::getKey, TextNorm.BY_CODE_POINT))
        .limit(MOST_CONTEXTS)
        .map(entry -> Spellings.withoutNumbers(Tidy.oneLine(spelling.get(entry.getKey()))))
        .toList();
  }
}
