import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** CPU time and memory of a process, as far as the system tells. */
final class Watch {

  private final long pid;

  Watch(long pid) {
    this.pid = pid;
  }

  /** Used so far, by all of its threads. */
  Duration cpu() {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .orElse(Duration.ZERO);
  }

  /** Resident now, in MB; 0 where there is no /proc. */
  long residentMb() {
    return status("VmRSS");
  }

  /** The most that was ever resident, in MB. */
  long peakMb() {
    return status("VmHWM");
  }

  private long status(String field) {
    try {
      String status = Files.readString(Path.of("/proc/" + pid + "/status"));
      Matcher found = Pattern.compile("(?m)^" + field + ":\\s+(\\d+) kB$").matcher(status);
      return found.find() ? Long.parseLong(found.group(1)) / 1000 : 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
