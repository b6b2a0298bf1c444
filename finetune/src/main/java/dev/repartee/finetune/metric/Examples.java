package dev.repartee.finetune.metric;

import java.util.List;

/**
 * The replies at both ends, no two of them equal under {@link dev.repartee.text.TextNorm#norm}.
 *
 * @param most those that saved the most characters
 * @param least those that saved the fewest, the longest of them first
 */
public record Examples(List<ReplyExample> most, List<ReplyExample> least) {

  public Examples {
    most = List.copyOf(most);
    least = List.copyOf(least);
  }
}
