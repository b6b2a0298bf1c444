package dev.repartee.finetune.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How much memory this process holds, tensors outside the Java heap included. Linux tells; on other
 * systems it is not known.
 */
public final class ResidentMemory {

  private static final Pattern RESIDENT = field("VmRSS");
  private static final Pattern PEAK = field("VmHWM");

  private final Path status;

  public ResidentMemory() {
    this(Path.of("/proc/self/status"));
  }

  ResidentMemory(Path status) {
    this.status = status;
  }

  private static Pattern field(String name) {
    return Pattern.compile("(?m)^" + name + ":\\s+(\\d{1,12}) kB$");
  }

  /** Resident memory now, where the system tells. */
  public OptionalLong bytes() {
    return read(RESIDENT);
  }

  /** The most that was ever resident, where the system tells. */
  public OptionalLong peak() {
    return read(PEAK);
  }

  private OptionalLong read(Pattern field) {
    try {
      Matcher found = field.matcher(Files.readString(status, StandardCharsets.ISO_8859_1));
      return found.find()
          ? OptionalLong.of(Long.parseLong(found.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
