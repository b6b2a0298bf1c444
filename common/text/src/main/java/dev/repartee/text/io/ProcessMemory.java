package dev.repartee.text.io;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The memory of this process, including native memory outside the Java heap. Linux only. */
public final class ProcessMemory {

  private static final Pattern RESIDENT = field("VmRSS");
  private static final Pattern PEAK = field("VmHWM");

  private final Path status;

  public ProcessMemory() {
    this(Path.of("/proc/self/status"));
  }

  /**
   * @param status a file in the format of {@code /proc/self/status}
   */
  public ProcessMemory(Path status) {
    this.status = status;
  }

  private static Pattern field(String name) {
    return Pattern.compile("(?m)^" + name + ":\\s+(\\d{1,12}) kB$");
  }

  /** The bytes that are resident now. */
  public OptionalLong resident() {
    return read(RESIDENT);
  }

  /** The most bytes that were resident at any time. */
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
