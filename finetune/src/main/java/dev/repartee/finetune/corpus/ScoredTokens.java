package dev.repartee.finetune.corpus;

/** Which tokens the loss counts. */
public enum ScoredTokens {
  /** The agent's words and the end of each message. */
  AGENT,
  /** Every token but a conversation's first, which nothing comes before. */
  ALL
}
