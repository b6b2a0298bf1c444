package dev.repartee.finetune.training;

import static java.util.Objects.requireNonNull;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import picocli.CommandLine.Model.OptionSpec;
import tools.jackson.core.JacksonException;

/**
 * {@code run.json}: what a run was started with. Every option is in it, so that none is forgotten,
 * and the hash of every file.
 *
 * @param settings options that decide the result, by name
 * @param inputs hashes of the files that decide it, by option and file name
 * @param other options that may change when the run is resumed
 */
record RunRecord(
    SortedMap<String, String> settings,
    SortedMap<String, String> inputs,
    SortedMap<String, String> other) {

  /** Options that do not alter the weights. All others must stay the same when a run goes on. */
  private static final Set<String> FREE =
      Set.of("resume", "checkpoint-steps", "output", "store", "cache");

  /** Options whose files are compared by content wherever they are, or that decide nothing. */
  private static final Set<String> LEFT_OUT =
      Set.of(
          "conversations",
          "validation",
          "answers",
          "terms",
          "base",
          "help",
          "version",
          "config",
          "set",
          "json",
          "quiet",
          "verbose");

  private static final String LANES = "lanes";

  /** A key of {@link #other}. */
  private static final String AGENT_SALT = "agent-salt";

  RunRecord {
    settings = new TreeMap<>(settings);
    inputs = new TreeMap<>(inputs);
    other = new TreeMap<>(other);
  }

  /**
   * Records the options as they were parsed and hashes the files that they name.
   *
   * @param baseFolder the base model's; empty where it is random
   * @param precision that {@code auto} was resolved to
   * @throws UserException naming a file that cannot be read
   */
  static RunRecord of(
      List<OptionSpec> options,
      TrainingConfig config,
      Optional<Path> baseFolder,
      Precision precision)
      throws IOException {
    SortedMap<String, String> settings = new TreeMap<>();
    SortedMap<String, String> other = new TreeMap<>();
    for (OptionSpec option : options) {
      String name = option.longestName().replaceFirst("^-+", "");
      Object given = option.getValue();
      Object value = given instanceof Optional<?> optional ? optional.orElse(null) : given;
      if (value != null && !LEFT_OUT.contains(name)) {
        (FREE.contains(name) ? other : settings).put(name, text(value));
      }
    }
    settings.put("precision", text(precision));
    other.put("base", config.base);

    SortedMap<String, String> inputs = new TreeMap<>();
    addHashes(inputs, "conversations", config.conversations());
    addHashes(inputs, "validation", config.validation);
    addHashes(inputs, "answers", config.answers.stream().toList());
    addHashes(inputs, "terms", config.terms.file().stream().toList());
    if (baseFolder.isEmpty()) {
      inputs.put("base", config.base);
    } else {
      Set<String> kept =
          config.keepCalibration ? Set.of(ModelCard.FILE, Calibration.FILE) : Set.of();
      addHashes(
          inputs,
          "base",
          Folders.list(baseFolder.get()).stream()
              .filter(file -> isOfModel(file) || kept.contains(file.getFileName().toString()))
              .toList());
    }
    return new RunRecord(settings, inputs, other);
  }

  /** Whether training reads this file of the base model. */
  private static boolean isOfModel(Path file) {
    String name = file.getFileName().toString();
    return name.equals("config.json")
        || name.equals(Gpt2Tokenizer.FILE)
        || (name.startsWith("model") && name.contains(".safetensors"));
  }

  /**
   * @throws UserException naming the option and the first file that cannot be read
   */
  static void requireReadable(String option, List<Path> files) {
    for (Path file : files) {
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new UserException("--%s %s: no such readable file".formatted(option, file));
      }
    }
  }

  private static void addHashes(SortedMap<String, String> hashes, String option, List<Path> files)
      throws IOException {
    // Numbered, since order counts and two folders may hold files of one name.
    requireReadable(option, files);
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      hashes.put("%s[%d] %s".formatted(option, i, file.getFileName()), Sha256.of(file));
    }
  }

  private static String text(Object value) {
    return value instanceof Enum<?> choice
        ? choice.name().toLowerCase(Locale.ROOT)
        : value.toString();
  }

  /** A hash of all that decides the result. */
  String fingerprint() {
    byte[] text =
        Json.COMPACT
            .writeValueAsString(Map.of("settings", settings))
            .concat(Json.COMPACT.writeValueAsString(inputs))
            .getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.newDigest().digest(text));
  }

  /**
   * This record with a salt of agents' ids, so that the run keeps it when it goes on.
   *
   * @param salt where there is none, the run has one of its own
   */
  RunRecord withAgentSalt(Optional<String> salt) {
    SortedMap<String, String> more = new TreeMap<>(other);
    more.put(AGENT_SALT, salt.orElseGet(() -> Sha256.of("agents" + fingerprint())));
    return new RunRecord(settings, inputs, more);
  }

  /** This record of a training in so many lanes. */
  RunRecord withLanes(int lanes) {
    SortedMap<String, String> more = new TreeMap<>(settings);
    more.put(LANES, Integer.toString(lanes));
    return new RunRecord(more, inputs, other);
  }

  /** In how many lanes the run is trained. */
  int lanes() {
    return Integer.parseInt(settings.get(LANES));
  }

  /** The salt of agents' ids. */
  String agentSalt() {
    return other.get(AGENT_SALT);
  }

  /** What the run computes in. */
  Precision precision() {
    return Precision.valueOf(settings.get("precision").toUpperCase(Locale.ROOT));
  }

  /** Writes it to {@code file}. */
  void write(Path file) throws IOException {
    AtomicFile.writeString(file, Json.PRETTY.writeValueAsString(this) + "\n");
  }

  /**
   * Reads what {@link #write} wrote; empty where there is no such file.
   *
   * @throws UserException when the file is damaged
   */
  static Optional<RunRecord> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      RunRecord read = Json.COMPACT.readValue(Files.readString(file), RunRecord.class);
      requireNonNull(read.agentSalt(), "the salt is missing");
      requireNonNull(read.precision(), "the precision is missing");
      read.lanes();
      return Optional.of(read);
    } catch (IOException | JacksonException | IllegalArgumentException | NullPointerException e) {
      throw new UserException(
          "%s cannot be read (%s); name another --output".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Refuses to go on with a run that was started with something else.
   *
   * @throws UserException naming each option and file that differs
   */
  void requireSameAs(RunRecord started, Path folder) {
    String differences =
        differences("--", started.settings, settings) + differences("", started.inputs, inputs);
    if (!differences.isEmpty()) {
      throw UserException.usage(
          "--resume: %s was started with other settings or data:%s; give the same ones, or name another --output"
              .formatted(folder, differences.substring(1)));
    }
  }

  private static String differences(
      String prefix, SortedMap<String, String> before, SortedMap<String, String> now) {
    TreeSet<String> names = new TreeSet<>(before.keySet());
    names.addAll(now.keySet());
    StringBuilder text = new StringBuilder();
    for (String name : names) {
      String earlier = before.getOrDefault(name, "absent");
      String later = now.getOrDefault(name, "absent");
      if (!earlier.equals(later)) {
        text.append(", %s%s was %s and is %s".formatted(prefix, name, earlier, later));
      }
    }
    return text.toString();
  }
}
