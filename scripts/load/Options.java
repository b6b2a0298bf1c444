import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What is asked of the service.
 *
 * @param url of the service
 * @param name of the run, for the report
 * @param pid of the service's process, 0 when it is not known
 * @param agents people who type at the same time
 * @param warmUp time at the beginning that does not count; the agents begin to work within it
 * @param measured time that counts
 * @param keystroke between two keystrokes of one agent
 * @param message between two customer messages to one agent
 * @param factor by which latencies may exceed the targets
 * @param wants what the targets are: "all", "shed" (429s are wanted) or "none"
 * @param operatingPoint how readily the service offers: "calm" or "eager"
 * @param timeline a file for what became of the requests of each second and kind; empty for none
 */
record Options(
    URI url,
    String name,
    long pid,
    int agents,
    Duration warmUp,
    Duration measured,
    Duration keystroke,
    Duration message,
    double factor,
    String wants,
    String operatingPoint,
    String timeline) {

  private static final Map<String, String> DEFAULTS =
      Map.ofEntries(
          Map.entry("--name", "load"),
          Map.entry("--pid", "0"),
          Map.entry("--agents", "20"),
          Map.entry("--warm-up", "10"),
          Map.entry("--seconds", "60"),
          Map.entry("--keystroke-ms", "250"),
          Map.entry("--message-ms", "10000"),
          Map.entry("--factor", "1"),
          Map.entry("--wants", "all"),
          Map.entry("--operating-point", "eager"),
          Map.entry("--timeline", ""));

  Options {
    if (agents < 1 || agents > 10_000) {
      throw new IllegalArgumentException("--agents must be 1 to 10000 but is " + agents);
    }
    if (measured.toSeconds() < 1 || measured.toSeconds() > 3600 || warmUp.isNegative()) {
      throw new IllegalArgumentException("--seconds must be 1 to 3600, and --warm-up not negative");
    }
    if (keystroke.toMillis() < 1 || message.compareTo(keystroke) < 0) {
      throw new IllegalArgumentException(
          "--message-ms must not be below --keystroke-ms, nor that below 1");
    }
    if (!Set.of("all", "shed", "none").contains(wants)) {
      throw new IllegalArgumentException("--wants must be all, shed or none but is " + wants);
    }
    if (!Set.of("calm", "eager").contains(operatingPoint)) {
      throw new IllegalArgumentException(
          "--operating-point must be calm or eager but is " + operatingPoint);
    }
  }

  static Options parse(String[] args) {
    Map<String, String> values = new HashMap<>(DEFAULTS);
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length || !(args[i].equals("--url") || DEFAULTS.containsKey(args[i]))) {
        throw new IllegalArgumentException("unknown or incomplete option " + args[i]);
      }
      values.put(args[i], args[i + 1]);
    }
    if (!values.containsKey("--url")) {
      throw new IllegalArgumentException("--url is missing");
    }
    return new Options(
        URI.create(values.get("--url")),
        values.get("--name"),
        Long.parseLong(values.get("--pid")),
        Integer.parseInt(values.get("--agents")),
        Duration.ofSeconds(Long.parseLong(values.get("--warm-up"))),
        Duration.ofSeconds(Long.parseLong(values.get("--seconds"))),
        Duration.ofMillis(Long.parseLong(values.get("--keystroke-ms"))),
        Duration.ofMillis(Long.parseLong(values.get("--message-ms"))),
        Double.parseDouble(values.get("--factor")),
        values.get("--wants"),
        values.get("--operating-point"),
        values.get("--timeline"));
  }

  /** The most requests that can be due in the time that counts. */
  int mostRequests() {
    long each = measured.toMillis() / keystroke.toMillis() + 2;
    return Math.toIntExact(agents * each);
  }
}
