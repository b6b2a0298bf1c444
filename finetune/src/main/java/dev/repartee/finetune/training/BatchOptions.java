package dev.repartee.finetune.training;

import dev.repartee.finetune.corpus.ScoredTokens;
import picocli.CommandLine.Option;

/** Options that say what a step is trained on. */
final class BatchOptions {

  @Option(
      names = "--loss-on",
      defaultValue = "agent",
      paramLabel = "agent|all",
      description = "Which tokens are learned: the agent's, or all of the conversation.")
  private ScoredTokens scored;

  @Option(
      names = "--max-tokens",
      defaultValue = "256",
      description = "Longest window of a conversation.")
  private int maxTokens;

  @Option(
      names = "--batch-tokens",
      defaultValue = "2048",
      description = "Most tokens of a batch; decides speed and memory.")
  private int batchTokens;

  @Option(
      names = "--accumulate",
      defaultValue = "1",
      description = "Batches a step; as one that many times as large, in the memory of one.")
  private int accumulate;

  BatchSettings settings() {
    return new BatchSettings(scored, maxTokens, batchTokens, accumulate);
  }
}
