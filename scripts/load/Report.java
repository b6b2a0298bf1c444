import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a run showed: a table for people and JSON for programs.
 *
 * @param figures of each kind of request
 * @param sendLag how much later than due requests were sent; when it is long, the generator had too
 *     little CPU, and latencies tell of it rather than of the service
 * @param cpuCores cores that the service kept busy
 */
record Report(
    Options options,
    Map<Kind, Samples.Figures> figures,
    Samples.Figures sendLag,
    double cpuCores,
    long residentMb,
    long peakMb) {

  Report {
    figures = new EnumMap<>(figures);
  }

  /** Above it latencies show that the generator had too little CPU. */
  private static final double MOST_SEND_LAG_MS = 5;

  private boolean counts() {
    return sendLag.p95() <= MOST_SEND_LAG_MS;
  }

  private boolean judged() {
    return !options.wants().equals("none");
  }

  private double target(Kind kind) {
    return kind.targetMs() * options.factor();
  }

  private boolean reached(Kind kind) {
    Samples.Figures of = figures.get(kind);
    return of.count() > 0 && of.p95() <= target(kind);
  }

  private int refused() {
    return figures.values().stream().mapToInt(Samples.Figures::refused).sum();
  }

  private int errors() {
    return figures.values().stream().mapToInt(Samples.Figures::errors).sum();
  }

  /** An overloaded service has to refuse; any other must not. */
  private boolean refusalsAsWanted() {
    return options.wants().equals("shed") == refused() > 0;
  }

  private boolean allReached() {
    return errors() == 0 && refusalsAsWanted() && figures.keySet().stream().allMatch(this::reached);
  }

  String table() {
    StringBuilder table = new StringBuilder();
    table.append(
        line(
            "%s: %d agents, %d s; latency in ms from when a request was due, of those answered%n",
            options.name(), options.agents(), options.measured().toSeconds()));
    table.append(
        line(
            "%-12s%8s%9s%9s%9s%9s%8s%8s%8s   p95 target%n",
            "", "count", "p50", "p95", "p99", "max", "errors", "429s", "409s"));
    figures.forEach(
        (kind, of) ->
            table.append(
                line(
                    "%-12s%8d%9.1f%9.1f%9.1f%9.1f%8d%8d%8d%s%n",
                    kind,
                    of.count(),
                    of.p50(),
                    of.p95(),
                    of.p99(),
                    of.max(),
                    of.errors(),
                    of.refused(),
                    of.superseded(),
                    judged()
                        ? line("%7.0f ms  %s", target(kind), reached(kind) ? "reached" : "missed")
                        : "")));
    if (judged()) {
      table.append(line("errors: %d (target: none), ", errors()));
      table.append(
          line(
              "429s: %d (target: %s)%n",
              refused(), options.wants().equals("shed") ? "some" : "none"));
    }
    figures.values().stream()
        .map(Samples.Figures::firstError)
        .filter(error -> !error.isEmpty())
        .findFirst()
        .ifPresent(error -> table.append(line("first error: %s%n", error)));
    table.append(
        line(
            "service: %.2f cores busy, %d MB resident, %d MB at most;"
                + " requests sent late by %.1f ms (p95), %.1f ms at most%n",
            cpuCores, residentMb, peakMb, sendLag.p95(), sendLag.max()));
    if (!counts()) {
      table.append(
          line(
              "this run does not count: requests were sent over %.0f ms late%n", MOST_SEND_LAG_MS));
    }
    return table.toString();
  }

  String json() {
    List<String> kinds = new ArrayList<>();
    figures.forEach((kind, of) -> kinds.add("\"" + kind + "\":" + json(kind, of)));
    return line(
        "{\"run\":\"%s\",\"agents\":%d,\"seconds\":%d,\"operating_point\":\"%s\",\"counts\":%b,"
            + "\"kinds\":{%s},\"errors\":%d,"
            + "\"refused\":%d,%s\"service_cores_busy\":%.3f,\"service_resident_mb\":%d,"
            + "\"service_peak_resident_mb\":%d,\"send_lag_p95_ms\":%.3f,\"send_lag_max_ms\":%.3f}",
        options.name(),
        options.agents(),
        options.measured().toSeconds(),
        options.operatingPoint(),
        counts(),
        String.join(",", kinds),
        errors(),
        refused(),
        judged() ? "\"reached\":" + allReached() + "," : "",
        cpuCores,
        residentMb,
        peakMb,
        sendLag.p95(),
        sendLag.max());
  }

  private String json(Kind kind, Samples.Figures of) {
    return line(
        "{\"count\":%d,\"errors\":%d,\"refused\":%d,\"superseded\":%d,\"p50_ms\":%.3f,\"p95_ms\":%.3f,"
            + "\"p99_ms\":%.3f,\"max_ms\":%.3f%s}",
        of.count(),
        of.errors(),
        of.refused(),
        of.superseded(),
        of.p50(),
        of.p95(),
        of.p99(),
        of.max(),
        judged()
            ? line(",\"target_p95_ms\":%.0f,\"reached\":%b", target(kind), reached(kind))
            : "");
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
