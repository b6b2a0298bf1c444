package dev.repartee.finetune.metric;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The replies at both ends, no two of them equal under {@link TextNorm#norm}.
 *
 * @param most those that saved the most characters
 * @param least those that saved the fewest, the longest of them first
 */
public record Examples(List<ReplyExample> most, List<ReplyExample> least) {

  private static final int KEPT = 6;

  private static final Comparator<ReplyExample> MOST =
      Comparator.comparingDouble(ReplyExample::saved).reversed();

  private static final Comparator<ReplyExample> LEAST =
      Comparator.comparingDouble(ReplyExample::saved)
          .thenComparing(Comparator.comparingInt(ReplyExample::characters).reversed());

  public Examples {
    most = List.copyOf(most);
    least = List.copyOf(least);
  }

  /** Those of {@code replies}; of equal ones the first. A reply stands at one end only. */
  static Examples of(List<ReplyExample> replies) {
    List<ReplyExample> helped =
        first(replies, MOST).stream().filter(example -> example.saved() > 0).toList();
    return new Examples(
        helped,
        first(replies, LEAST).stream().filter(example -> !helped.contains(example)).toList());
  }

  private static List<ReplyExample> first(
      List<ReplyExample> examples, Comparator<ReplyExample> order) {
    Set<String> seen = new HashSet<>();
    List<ReplyExample> kept = new ArrayList<>();
    for (ReplyExample example : examples.stream().sorted(order).toList()) {
      if (kept.size() < KEPT && seen.add(TextNorm.norm(example.reply()))) {
        kept.add(example);
      }
    }
    return kept;
  }
}
