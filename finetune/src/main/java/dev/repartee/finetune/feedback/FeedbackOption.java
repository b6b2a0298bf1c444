package dev.repartee.finetune.feedback;

import picocli.CommandLine.Option;

/** The store that {@code report} and {@code forget} read. */
final class FeedbackOption {

  @Option(
      names = "--feedback",
      required = true,
      paramLabel = "URI",
      description =
          "The store that keeps agents' feedback: gs://BUCKET/PREFIX, or a folder; without a store,"
              + " the folder of 'serve --feedback-dir'.")
  private String feedback;

  String uri() {
    return feedback;
  }
}
