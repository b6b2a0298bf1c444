package dev.repartee.text.io;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/** The memory of this process, including native memory outside the Java heap. Linux only. */
public final class ProcessMemory {

  private static final Pattern RESIDENT = field("VmRSS");
  private static final Pattern PEAK = field("VmHWM");
  private static final Pattern AVAILABLE = field("MemAvailable");

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

  /**
   * The bytes that this process can still take: what the machine has available, but no more than
   * the machine or the container has beside what is resident.
   */
  public OptionalLong free() {
    OptionalLong resident = resident();
    OptionalLong available = read(Path.of("/proc/meminfo"), AVAILABLE);
    if (resident.isEmpty()
        || available.isEmpty()
        || !(ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os)) {
      return OptionalLong.empty();
    }
    long beside = os.getTotalMemorySize() - resident.getAsLong(); // the total is the container's
    return OptionalLong.of(Math.max(0, Math.min(available.getAsLong(), beside)));
  }

  /**
   * Gives native memory that was freed back to the system. glibc keeps what lies between blocks in
   * use, which after a model of GPT-2's size is closed was 450 MB. Takes up to seconds; does
   * nothing where the Java machine cannot.
   */
  public static void trim() {
    try {
      var _ =
          ManagementFactory.getPlatformMBeanServer()
              .invoke(
                  new ObjectName("com.sun.management:type=DiagnosticCommand"),
                  "systemTrimNativeHeap",
                  new Object[0],
                  new String[0]);
    } catch (JMException e) {
      // Only a Java machine on glibc has this command.
    }
  }

  private OptionalLong read(Pattern field) {
    return read(status, field);
  }

  private static OptionalLong read(Path file, Pattern field) {
    try {
      Matcher found = field.matcher(Files.readString(file, StandardCharsets.ISO_8859_1));
      return found.find()
          ? OptionalLong.of(Long.parseLong(found.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
