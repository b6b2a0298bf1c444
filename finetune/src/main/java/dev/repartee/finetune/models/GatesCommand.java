package dev.repartee.finetune.models;

import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "gates",
    footer = {
      "  repartee ${PARENT-COMMAND-NAME} gates acme@candidate --gates gates.yaml --store registry"
    },
    description = {
      "Compares a version with the one that an alias names, and changes nothing, as for a pull request.",
      "Exit code 3 if a gate is not met."
    },
    mixinStandardHelpOptions = true)
final class GatesCommand extends RegistryCommand {

  @Parameters(paramLabel = "NAME@X", description = "NAME@NUMBER or NAME@ALIAS.")
  private String reference;

  @Option(
      names = "--gates",
      required = true,
      paramLabel = "FILE",
      description = "Conditions for a version, YAML (docs/gates.md).")
  private Path gates;

  @Option(
      names = "--alias",
      defaultValue = "production",
      paramLabel = "ALIAS",
      description = "Compare with the version that this alias names.")
  private String alias;

  @Mixin private GateForm form;

  /** The form of text that {@code gates} and {@code promote} share. */
  static final class GateForm {

    @Option(
        names = "--markdown",
        description = "Print the gates as Markdown, as for a comment on a pull request.")
    private boolean markdown;

    boolean markdown() {
      return markdown;
    }

    /** The report as text or as Markdown. */
    List<String> lines(GateReport report) {
      return markdown ? report.markdown() : report.text();
    }
  }

  @Override
  boolean asksForText() {
    return form.markdown();
  }

  @Override
  Result run(ModelRegistry registry) {
    GateKeeper keeper = new GateKeeper(registry, gates);
    GateReport report = keeper.check(registry.resolve(reference(reference)), alias);
    return new Result(report, form.lines(report), failure(report, ""));
  }

  /**
   * The exception that ends a command with exit code 3, where gates were not met.
   *
   * @param consequence after the summary; may be empty
   */
  static Optional<UserException> failure(GateReport report, String consequence) {
    return report.passed()
        ? Optional.empty()
        : Optional.of(
            new UserException(
                UserException.Kind.GATE_NOT_MET, report.summary() + consequence, null));
  }
}
