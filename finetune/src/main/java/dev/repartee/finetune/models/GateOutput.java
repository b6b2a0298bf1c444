package dev.repartee.finetune.models;

import dev.repartee.text.UserException;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --markdown}, and how commands tell that gates were not met. */
final class GateOutput {

  @Option(
      names = "--markdown",
      description = "Print the gates as Markdown, as for a comment on a pull request.")
  private boolean markdown;

  boolean markdown() {
    return markdown;
  }

  /** The report as people read it. */
  List<String> lines(GateReport report) {
    GateTable table = new GateTable(report);
    return markdown ? table.markdown() : table.text();
  }

  /**
   * What ends the command with exit code 3, where gates were not met.
   *
   * @param what became of it, after the summary; may be empty
   */
  static Optional<UserException> failure(GateReport report, String what) {
    return report.passed()
        ? Optional.empty()
        : Optional.of(
            new UserException(UserException.Kind.GATE_NOT_MET, report.summary() + what, null));
  }
}
