package dev.repartee.finetune.training;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.finetune.gpt2.TrainingOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Notes what a run is started with: every option, so that none is forgotten, and every file. */
final class RunRecords {

  /** Options that do not alter the weights; all others must stay the same when a run goes on. */
  private static final Set<String> FREE =
      Set.of(
          "resume",
          "checkpoint-minutes",
          "checkpoint-steps",
          "keep-checkpoints",
          "recompute",
          "min-probability",
          "output",
          "store",
          "cache");

  /** Options whose files are compared by content, wherever they lie, or that say nothing. */
  private static final Set<String> LEFT_OUT =
      Set.of("conversations", "validation", "answers", "base", "help", "version", "config", "set");

  private RunRecords() {}

  /** What the run in {@code folder} computes in, where it is resumed and has begun. */
  static Optional<Precision> precision(RunFolder folder, boolean resume) {
    if (!resume || !Files.exists(folder.record())) {
      return Optional.empty();
    }
    String recorded = RunRecord.read(folder.record()).settings().getOrDefault("precision", "");
    return Arrays.stream(Precision.values())
        .filter(precision -> text(precision).equals(recorded))
        .findFirst();
  }

  static RunRecord of(CommandSpec command, FinetuneInputs inputs, TrainingOptions computing)
      throws IOException {
    SortedMap<String, String> settings = new TreeMap<>();
    SortedMap<String, String> other = new TreeMap<>();
    for (OptionSpec option : command.options()) {
      String name = option.longestName().replaceFirst("^-+", "");
      Object value = option.getValue();
      if (value != null && !LEFT_OUT.contains(name)) {
        (FREE.contains(name) ? other : settings).put(name, text(value));
      }
    }
    settings.put("precision", text(computing.precision())); // what auto came to
    other.put("base", inputs.base());
    SortedMap<String, String> hashes = inputs.dataHashes();
    hashes.putAll(inputs.baseHashes());
    return new RunRecord(settings, hashes, other);
  }

  private static String text(Object value) {
    return value instanceof Enum<?> choice
        ? choice.name().toLowerCase(Locale.ROOT)
        : value.toString();
  }
}
