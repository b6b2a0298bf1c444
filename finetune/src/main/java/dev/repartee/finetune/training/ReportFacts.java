package dev.repartee.finetune.training;

import ai.djl.Device;
import ai.djl.pytorch.jni.JniUtils;
import dev.repartee.finetune.report.RunFacts;
import dev.repartee.finetune.report.RunFacts.Ending;
import dev.repartee.finetune.report.RunFacts.Outcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a run's report says of it besides its metrics.
 *
 * @param record what the run was started with
 * @param settings of training
 * @param machine what it runs on
 * @param parameters of the model
 */
record ReportFacts(
    RunRecord record, TrainingSettings settings, RunFacts.Machine machine, long parameters) {

  private static final Pattern INPUT = Pattern.compile("([a-z]+)\\[\\d+] (.+)");
  private static final Map<String, String> USES = Map.of("conversations", "training");

  static ReportFacts of(RunRecord record, TrainingSettings settings, BaseModel base) {
    RunFacts.Machine machine =
        new RunFacts.Machine(
            name(base.program().device(), base.model().workers()),
            settings.computing().precision().toString(),
            Math.max(1, JniUtils.getNumThreads()));
    return new ReportFacts(record, settings, machine, base.config().parameters());
  }

  private static String name(Device device, int workers) {
    String kind = device.isGpu() ? "GPU" : "CPU";
    return workers == 1 ? kind : workers + " × " + kind;
  }

  /** For a run in {@code folder} that is to take so many {@code steps}. */
  RunFacts facts(Path folder, OptionalLong steps, Optional<Ending> ending) {
    return new RunFacts(
        String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
        new RunFacts.Plan(steps, OptionalDouble.of(settings.optimization().clip())),
        ending,
        machine,
        new RunFacts.Sources(
            record.other().getOrDefault("base", ""), parameters, codeVersion(), files()),
        record.settings());
  }

  private static String codeVersion() {
    return Optional.ofNullable(ReportFacts.class.getPackage().getImplementationVersion())
        .orElse("development version");
  }

  private List<RunFacts.DataFile> files() {
    return record.inputs().entrySet().stream()
        .flatMap(
            input -> {
              Matcher name = INPUT.matcher(input.getKey());
              return name.matches()
                  ? Optional.of(file(name.group(1), name.group(2), input.getValue())).stream()
                  : Optional.<RunFacts.DataFile>empty().stream();
            })
        .toList();
  }

  private static RunFacts.DataFile file(String option, String name, String sha256) {
    return new RunFacts.DataFile(name, USES.getOrDefault(option, option), sha256);
  }

  /** Why training ended without being stopped. */
  Ending done(Progress progress, long steps) {
    Length length = settings.optimization().length();
    boolean allEpochs =
        progress.position().isEpochEnd() && progress.position().epoch() == length.epochs();
    String reason;
    if (allEpochs) {
      reason =
          length.epochs() == 1 ? "the one epoch done" : "all " + length.epochs() + " epochs done";
    } else if (progress.position().step() >= steps) {
      reason = "--max-steps reached";
    } else {
      int patience = settings.validation().patience();
      reason =
          "early stopping: no lower validation loss %s"
              .formatted(patience == 1 ? "in the last one" : "in the last " + patience);
    }
    return new Ending(Outcome.DONE, reason);
  }

  static Ending stopped(StopRequest stop) {
    return new Ending(Outcome.STOPPED, "stopped by " + stop.signal() + "; --resume goes on");
  }

  static Ending failed(Throwable failure) {
    String message = failure instanceof RuntimeException ? failure.getMessage() : null;
    return new Ending(Outcome.FAILED, Optional.ofNullable(message).orElseGet(failure::toString));
  }
}
