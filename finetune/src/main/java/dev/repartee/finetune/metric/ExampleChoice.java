package dev.repartee.finetune.metric;

import dev.repartee.text.TextNorm;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Keeps the examples at both ends of all that it is told; of equal ones the first. */
final class ExampleChoice {

  private static final int KEPT = 6;
  private static final int PENDING = 200;

  private static final Comparator<ReplyExample> MOST =
      Comparator.comparingDouble(ReplyExample::saved).reversed();

  private static final Comparator<ReplyExample> LEAST =
      Comparator.comparingDouble(ReplyExample::saved)
          .thenComparing(Comparator.comparingInt(ReplyExample::characters).reversed());

  private List<ReplyExample> most = new ArrayList<>();
  private List<ReplyExample> least = new ArrayList<>();

  void add(ReplyExample example) {
    most.add(example);
    least.add(example);
    if (most.size() > PENDING) {
      prune();
    }
  }

  private void prune() {
    most = first(most, MOST);
    least = first(least, LEAST);
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

  /** A reply stands at one end only, also where there are few. */
  Examples examples() {
    prune();
    List<ReplyExample> helped = most.stream().filter(example -> example.saved() > 0).toList();
    return new Examples(
        helped, least.stream().filter(example -> !helped.contains(example)).toList());
  }
}
