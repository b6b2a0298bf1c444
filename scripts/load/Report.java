import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a run showed: rows of a table for people and JSON for programs.
 *
 * @param samples of each kind of request
 * @param writing of all agents
 * @param sendLag how much later than due requests were sent; when it is long, the generator had too
 *     little CPU, and latencies are the generator's rather than the service's
 * @param cores that the service kept busy
 */
record Report(
    Options options,
    int agents,
    Map<Kind, Samples> samples,
    Agent.Writing writing,
    Samples sendLag,
    double cores,
    long residentMb) {

  /** Above it latencies show that the generator had too little CPU. */
  private static final double MOST_SEND_LAG_MS = 5;

  /** Above the rows of all runs. */
  static String heading(Options options) {
    return line(
        "%s: %d s; ms from when a request was due until it was answered or superseded;"
            + " in time: complete before the agent did something else%nagents             %s",
        options.name(), options.measured().toSeconds(), Samples.HEADING);
  }

  String rows() {
    StringBuilder rows = new StringBuilder();
    samples.forEach((kind, of) -> rows.append(line("%6d %-12s%s", agents, kind, of.row())));
    samples.values().stream()
        .map(Samples::firstFailure)
        .filter(failure -> !failure.isEmpty())
        .findFirst()
        .ifPresent(failure -> rows.append(line("       first failure: %s%n", failure)));
    rows.append(
        line(
            "       net saved: %.1f%% of %d characters, %d of %d shown texts taken%n"
                + "       service: %.2f cores busy, %d MB resident;"
                + " requests sent late by %.1f ms (p95)%s%n",
            100 * writing.saved(),
            writing.written(),
            writing.takes(),
            writing.shown(),
            cores,
            residentMb,
            sendLag.millis(95),
            counts() ? "" : line(": over %.0f, this run does not count", MOST_SEND_LAG_MS)));
    return rows.toString();
  }

  private boolean counts() {
    return sendLag.millis(95) <= MOST_SEND_LAG_MS;
  }

  String json() {
    return line(
        "{\"run\":\"%s\",\"agents\":%d,\"seconds\":%d,\"operating_point\":\"%s\",\"counts\":%b,"
            + "\"kinds\":{%s},\"characters\":%d,\"characters_taken\":%d,\"taken\":%d,\"shown\":%d,"
            + "\"net_saved\":%.4f,\"service_cores_busy\":%.3f,\"service_resident_mb\":%d,"
            + "\"send_lag_p95_ms\":%.3f}",
        options.name(),
        agents,
        options.measured().toSeconds(),
        options.operatingPoint(),
        counts(),
        samples.entrySet().stream()
            .map(of -> "\"" + of.getKey() + "\":" + of.getValue().json())
            .collect(Collectors.joining(",")),
        writing.written(),
        writing.taken(),
        writing.takes(),
        writing.shown(),
        writing.saved(),
        cores,
        residentMb,
        sendLag.millis(95));
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
