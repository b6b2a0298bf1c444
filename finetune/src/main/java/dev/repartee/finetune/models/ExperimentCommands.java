package dev.repartee.finetune.models;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.finetune.feedback.ExperimentResult;
import dev.repartee.finetune.feedback.ExperimentResult.ArmComparison;
import dev.repartee.finetune.feedback.ExperimentResult.ArmDifference;
import dev.repartee.finetune.feedback.ExperimentResult.ArmFigures;
import dev.repartee.registry.models.AliasMove;
import dev.repartee.registry.models.Experiment;
import dev.repartee.registry.models.Experiment.Arm;
import dev.repartee.registry.models.Experiments;
import dev.repartee.registry.models.ModelReference;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.models.ModelVersion;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.registry.models.StoredEvaluations;
import dev.repartee.registry.models.StoredEvaluations.Kind;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Cli;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code repartee experiment}: which conversations get what, and what it saves. */
@Command(
    name = "experiment",
    footer = {
      "  repartee experiment start shorter --baseline acme@production --candidate"
          + " acme@candidate --store registry"
    },
    description = {
      "Compares a version, or an operating point, with the one in production, in the conversations"
          + " of the services that follow the experiment ('serve --experiment NAME')."
    },
    subcommands = {
      ExperimentCommands.StartCommand.class,
      ExperimentCommands.StopCommand.class,
      ExperimentCommands.ReportCommand.class
    },
    mixinStandardHelpOptions = true)
public final class ExperimentCommands extends Cli.Group {

  /** One of these commands. */
  abstract static class ExperimentCommand extends RegistryCommand {

    @Parameters(paramLabel = "NAME", description = "The name of the experiment.")
    private String name;

    @Override
    final RegistryKind kind() {
      return RegistryKind.EXPERIMENT;
    }

    final String name() {
      return name;
    }

    /** What feedback says now. */
    final ExperimentResult measure(ModelRegistry registry, Experiment experiment) {
      Instant now = registry.evaluations().actor().clock().instant().truncatedTo(ChronoUnit.MILLIS);
      return ExperimentResult.measure(store(), experiment, now);
    }
  }

  @Command(
      name = "start",
      footer = {
        "  repartee experiment start shorter --baseline acme@production --candidate"
            + " acme@candidate --store registry",
        "  repartee experiment start worth --baseline acme@production --control 20 --store"
            + " registry"
      },
      description = {
        "Starts an experiment. Conversations get the version of --baseline or the candidate, in"
            + " equal parts; a control group gets no suggestions.",
        "Without a candidate the control group is all that is compared with."
      },
      mixinStandardHelpOptions = true)
  static final class StartCommand extends ExperimentCommand {

    @Option(
        names = "--baseline",
        required = true,
        paramLabel = "NAME@X",
        description = "The version that services serve: NAME@ALIAS or NAME@NUMBER.")
    private String baseline;

    @Option(
        names = "--candidate",
        paramLabel = "NAME@X",
        description = "Another version of the model.")
    private String candidate;

    @Option(
        names = "--operating-point",
        paramLabel = "eager|calm",
        description = "The candidate's operating point, instead of that of the requests.")
    private String operatingPoint;

    @Option(
        names = "--whole-replies",
        paramLabel = "worth|always|never",
        description = "Whole replies of the candidate, instead of what requests ask for.")
    private String wholeReplies;

    @Option(
        names = "--control",
        paramLabel = "PERCENT",
        defaultValue = "5",
        description = "Conversations without suggestions; 0 for none.")
    private double control;

    /** Conversations, in all arms, before which nothing is decided. */
    private static final int MIN_CONVERSATIONS = 2000;

    @Mixin private Why why;

    @Override
    Result run(ModelRegistry registry) {
      ModelRegistry models = registry.of(RegistryKind.MODEL);
      ModelVersion production = models.resolve(ModelReference.parse(baseline));
      Optional<ModelVersion> other =
          given(candidate).map(reference -> candidate(models, production, reference));
      List<Arm> arms = arms(production, other);
      Experiments.Current started =
          new Experiments(registry)
              .start(name(), now -> experiment(production.model(), arms, now), why.text());
      List<String> lines = new ArrayList<>();
      lines.add("experiment %s of %s runs".formatted(name(), production.model()));
      arms.forEach(arm -> lines.add("  " + arm));
      lines.add(next("serve --model %s --experiment %s".formatted(baseline, name())));
      return new Result(started.experiment(), lines);
    }

    private static ModelVersion candidate(
        ModelRegistry models, ModelVersion baseline, String reference) {
      ModelVersion version = models.resolve(ModelReference.parse(reference));
      if (!version.model().equals(baseline.model())) {
        throw UserException.usage(
            "--candidate must be a version of %s but is %s".formatted(baseline.model(), version));
      }
      if (version.equals(baseline)) {
        throw UserException.usage(
            "--candidate and --baseline are both %s; give another version, or only --operating-point"
                .formatted(version));
      }
      return version;
    }

    private List<Arm> arms(ModelVersion baseline, Optional<ModelVersion> other) {
      if (!(control >= 0 && control <= 90)) {
        throw UserException.usage("--control must be between 0 and 90 but is " + control);
      }
      boolean compares =
          other.isPresent() || given(operatingPoint).isPresent() || given(wholeReplies).isPresent();
      if (!compares && control == 0) {
        throw UserException.usage(
            "give a --candidate, an --operating-point, --whole-replies or a --control group to"
                + " compare with");
      }
      double share = (1 - control / 100) / (compares ? 2 : 1);
      List<Arm> arms = new ArrayList<>();
      try {
        arms.add(new Arm("production", share, baseline.number(), true));
        if (compares) {
          int version = other.orElse(baseline).number();
          arms.add(
              new Arm(
                  "candidate", share, version, given(operatingPoint), given(wholeReplies), true));
        }
        if (control > 0) {
          arms.add(new Arm("control", control / 100, baseline.number(), false));
        }
        return arms;
      } catch (IllegalArgumentException e) {
        throw UserException.usage(asTyped(e.getMessage()));
      }
    }

    private Experiment experiment(String of, List<Arm> arms, Instant now) {
      try {
        return new Experiment(name(), of, arms, MIN_CONVERSATIONS, now, Optional.empty());
      } catch (IllegalArgumentException e) {
        throw UserException.usage(asTyped(e.getMessage()));
      }
    }
  }

  /** The names of the file's fields as options. */
  private static String asTyped(String message) {
    return message
        .replace("operating_point of arm candidate", "--operating-point")
        .replace("answers of arm candidate", "--whole-replies");
  }

  @Command(
      name = "report",
      footer = {"  repartee experiment report shorter --store registry"},
      description = {
        "Prints what an experiment says so far. Its intervals hold however often you look."
      },
      mixinStandardHelpOptions = true)
  static final class ReportCommand extends ExperimentCommand {

    @Override
    Result run(ModelRegistry registry) {
      Experiment experiment = new Experiments(registry).require(name()).experiment();
      ExperimentResult result = measure(registry, experiment);
      return new Result(result, text(result));
    }
  }

  @Command(
      name = "stop",
      footer = {"  repartee experiment stop shorter --store registry"},
      description = {
        "Stops an experiment: everybody gets what --baseline named. Stores the result with the"
            + " candidate, for gates.",
        "For one that was stopped, it stores what feedback says now."
      },
      mixinStandardHelpOptions = true)
  static final class StopCommand extends ExperimentCommand {

    @Mixin private Why why;

    /**
     * The result in JSON.
     *
     * @param result empty when feedback could not be read, or the result not be stored
     * @param stored its key in the store
     */
    private record Stopped(
        boolean stopped,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<ExperimentResult> result,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> stored,
        @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<AliasMove> move) {}

    @Override
    Result run(ModelRegistry registry) {
      Experiments experiments = new Experiments(registry);
      Experiments.Current current = experiments.require(name());
      // Feedback that cannot be read, or a result that cannot be stored, must not keep it running.
      Experiments.Current stopped =
          current.runs() ? experiments.stop(current, why.text()) : current;
      List<String> lines = new ArrayList<>();
      lines.add("experiment %s is stopped".formatted(name()));
      try {
        ExperimentResult result = measure(registry, stopped.experiment());
        String key = keep(registry.of(RegistryKind.MODEL), result);
        lines.addAll(text(result));
        lines.add("stored as " + key);
        return new Result(
            new Stopped(true, Optional.of(result), Optional.of(key), Optional.of(stopped.move())),
            lines);
      } catch (UserException e) {
        return new Result(
            new Stopped(true, Optional.empty(), Optional.empty(), Optional.of(stopped.move())),
            lines,
            Optional.of(e));
      }
    }

    /** Where gates look for it: with the version that was compared with production. */
    private static String keep(ModelRegistry models, ExperimentResult result) {
      Experiment experiment = result.experiment();
      int version = experiment.otherVersion().orElse(experiment.baseline().version());
      return models
          .evaluations()
          .add(
              new ModelVersion(experiment.model(), version),
              Kind.EXPERIMENT,
              StoredEvaluations.id(result.measuredAt(), result),
              result)
          .key();
    }
  }

  // What people read

  private static String verdict(ExperimentResult result) {
    ArmComparison primary = result.primary();
    String pair = "%s against %s".formatted(primary.arm(), primary.against());
    return switch (result.verdict()) {
      case COLLECTING ->
          "%d of at least %d conversations%s"
              .formatted(
                  result.conversations(),
                  result.experiment().minConversations(),
                  result.invalid().isEmpty()
                      ? ""
                      : "; not valid so far: " + String.join("; ", result.invalid()));
      case INVALID -> "invalid: " + String.join("; ", result.invalid());
      case SAVES -> pair + " saves time";
      case COSTS -> pair + " costs time";
      case UNDECIDED -> pair + " is undecided";
    };
  }

  private static List<String> text(ExperimentResult result) {
    Experiment experiment = result.experiment();
    List<String> lines = new ArrayList<>();
    lines.add(
        "experiment %s of %s, started %s%s: %s"
            .formatted(
                experiment.name(),
                experiment.model(),
                experiment.started(),
                experiment.stopped().map(at -> ", stopped " + at).orElse(""),
                verdict(result)));
    lines.add(
        String.format(
            Locale.ROOT,
            "%d conversations, sample ratio p = %.3g",
            result.conversations(),
            result.sampleRatioP()));
    result.arms().forEach(arm -> lines.add(line(arm)));
    result.comparisons().forEach(comparison -> lines.addAll(lines(comparison)));
    return lines;
  }

  private static String line(ArmFigures arm) {
    return String.format(
        Locale.ROOT,
        "  %-12s %8d conversations %8d replies %10s s per conversation %8s net %8s s per 100"
            + " characters",
        arm.arm(),
        arm.conversations(),
        arm.replies(),
        number(arm.secondsPerConversation()),
        number(arm.net()),
        number(arm.per100Characters()));
  }

  private static String number(Optional<Double> value) {
    return value.map(known -> String.format(Locale.ROOT, "%.2f", known)).orElse("-");
  }

  private static List<String> lines(ArmComparison comparison) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s against %s, with intervals of 95%% that hold at every look"
            .formatted(comparison.arm(), comparison.against()));
    lines.add(line("seconds saved per conversation", comparison.secondsSaved()));
    lines.add(line("net, points", comparison.net()));
    lines.add(line("seconds saved per 100 characters", comparison.per100Characters()));
    lines.add(line("characters per reply", comparison.guards().charactersPerReply()));
    lines.add(line("replies per conversation", comparison.guards().repliesPerConversation()));
    lines.add(line("edited, points", comparison.guards().edited()));
    if (!comparison.moved().isEmpty()) {
      lines.add("  guards that moved: " + String.join(", ", comparison.moved()));
    }
    return lines;
  }

  private static String line(String name, Optional<ArmDifference> difference) {
    return String.format(
        Locale.ROOT,
        "  %-34s %s",
        name,
        difference
            .map(
                one ->
                    String.format(
                        Locale.ROOT,
                        "%+10.2f  %+.2f to %+.2f",
                        one.difference(),
                        one.low(),
                        one.high()))
            .orElse("         - (too few conversations)"));
  }
}
