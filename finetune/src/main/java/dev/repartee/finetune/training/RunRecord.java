package dev.repartee.finetune.training;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;

/**
 * {@code run.json}: what a run was started with.
 *
 * @param settings options that decide the result, by name
 * @param inputs hashes of the files that decide it, by option and file name
 * @param other options that may change when the run is resumed
 */
public record RunRecord(
    SortedMap<String, String> settings,
    SortedMap<String, String> inputs,
    SortedMap<String, String> other) {

  public RunRecord {
    settings = new TreeMap<>(settings);
    inputs = new TreeMap<>(inputs);
    other = new TreeMap<>(other);
  }

  /** A hash of all that decides the result. */
  public String fingerprint() {
    byte[] text =
        Json.COMPACT
            .writeValueAsString(Map.of("settings", settings))
            .concat(Json.COMPACT.writeValueAsString(inputs))
            .getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Sha256.newDigest().digest(text));
  }

  /** Writes it to {@code file}. */
  public void write(Path file) throws IOException {
    AtomicFile.writeString(file, Json.PRETTY.writeValueAsString(this) + "\n");
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws UserException when the file is damaged
   */
  public static RunRecord read(Path file) {
    try {
      return Json.COMPACT.readValue(Files.readString(file), RunRecord.class);
    } catch (IOException | JacksonException | NullPointerException e) {
      throw new UserException(
          "%s cannot be read (%s); name another --output".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Refuses to go on with a run that was started with something else.
   *
   * @throws UserException naming each option and file that differs
   */
  public void requireSameAs(RunRecord started, Path file) {
    String differences =
        differences("--", started.settings, settings) + differences("", started.inputs, inputs);
    if (!differences.isEmpty()) {
      throw UserException.usage(
          "--resume: %s was started with other settings or data:%s; give the same ones, or name another --output"
              .formatted(file.getParent(), differences.substring(1)));
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
