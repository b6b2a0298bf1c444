package dev.repartee.clustering.answers;

import dev.repartee.clustering.corpus.AgentMessage;
import dev.repartee.common.answers.Answer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The share of agent messages that the first answers of a set nearly say, on conversations that the
 * answers were not extracted from: what perfect suggestions of whole answers could save there.
 */
public final class HeldOutCoverage {

  private final long[] first; // (answers), messages that this answer is the first to cover
  private final long messages;

  private HeldOutCoverage(long[] first, long messages) {
    this.first = first;
    this.messages = messages;
  }

  /** Looks for each of {@code messages} among {@code answers}, most used first. */
  public static HeldOutCoverage of(List<Answer> answers, Iterator<AgentMessage> messages) {
    Map<String, Long> uses = new HashMap<>();
    long all = 0;
    while (messages.hasNext()) {
      messages.next().key().ifPresent(key -> uses.merge(key, 1L, Long::sum));
      all++;
    }
    NearDuplicates near = new NearDuplicates(answers);
    long[] first = new long[answers.size()];
    for (Map.Entry<String, Long> use : uses.entrySet()) {
      near.first(use.getKey()).ifPresent(answer -> first[answer] += use.getValue());
    }
    return new HeldOutCoverage(first, all);
  }

  /** The agent messages looked at. */
  public long messages() {
    return messages;
  }

  /** The share of messages, 0 to 1, that the first {@code top} answers nearly say. */
  public double ofMessages(int top) {
    long covered = 0;
    for (int i = 0; i < Math.min(top, first.length); i++) {
      covered += first[i];
    }
    return messages == 0 ? 0 : (double) covered / messages;
  }
}
