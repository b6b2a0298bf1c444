package dev.repartee.finetune.metric;

import dev.repartee.finetune.metric.Counts.RuleCounts;

/** A figure that is a share, and so can be compared in pairs from {@link Counts} alone. */
public enum Share {
  /** Typing saved under a rule. */
  SAVED {
    @Override
    Ratio of(Counts counts, String rule) {
      RuleCounts costs = counts.rule(rule);
      Ratio ratio = counts.ratio();
      for (int c = 0; c < counts.conversations(); c++) {
        int characters = counts.characters().get(c);
        ratio.add(c, characters - costs.total(c), characters);
      }
      return ratio;
    }
  },

  /** Typing saved by the whole replies alone. */
  SUGGESTIONS_SAVED {
    @Override
    Ratio of(Counts counts, String rule) {
      return counts.ratio(counts.suggestionSaved(), counts.characters());
    }
  };

  /**
   * The figure, kept by conversation.
   *
   * @param rule which those that depend on one are under
   */
  abstract Ratio of(Counts counts, String rule);
}
