import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Which load the service gets.
 *
 * @param url of the service
 * @param conversations with replies of agents, as the service's model has not read them
 * @param name of the runs, for the report
 * @param pid of the service's process, 0 when it is not known
 * @param agents people who type at the same time, in one run after the other
 * @param warmUp time at the beginning that does not count; the agents begin to work within it
 * @param measured time that counts
 * @param operatingPoint how readily the service offers: "calm" or "eager"
 */
record Options(
    URI url,
    List<List<Json.Text>> conversations,
    String name,
    long pid,
    List<Integer> agents,
    Duration warmUp,
    Duration measured,
    String operatingPoint) {

  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--name", "load",
          "--pid", "0",
          "--agents", "20",
          "--warm-up", "10",
          "--seconds", "60",
          "--operating-point", "eager");

  private static final Set<String> REQUIRED = Set.of("--url", "--conversations");

  Options {
    conversations = List.copyOf(conversations);
    agents = List.copyOf(agents);
    if (conversations.isEmpty()) {
      throw new IllegalArgumentException("--conversations has no reply of an agent");
    }
    if (!agents.stream().allMatch(many -> many >= 1 && many <= 10_000)) {
      throw new IllegalArgumentException("--agents must be 1 to 10000 each but is " + agents);
    }
    if (measured.toSeconds() < 1 || measured.toSeconds() > 3600 || warmUp.isNegative()) {
      throw new IllegalArgumentException("--seconds must be 1 to 3600, and --warm-up not negative");
    }
    if (!Set.of("calm", "eager").contains(operatingPoint)) {
      throw new IllegalArgumentException(
          "--operating-point must be calm or eager but is " + operatingPoint);
    }
  }

  static Options parse(String[] args) throws IOException {
    Map<String, String> values = new HashMap<>(DEFAULTS);
    for (int i = 0; i < args.length; i += 2) {
      if (i + 1 == args.length || !(REQUIRED.contains(args[i]) || DEFAULTS.containsKey(args[i]))) {
        throw new IllegalArgumentException("unknown or incomplete option " + args[i]);
      }
      values.put(args[i], args[i + 1]);
    }
    if (!values.keySet().containsAll(REQUIRED)) {
      throw new IllegalArgumentException("--url and --conversations are needed");
    }
    return new Options(
        URI.create(values.get("--url")),
        conversations(Path.of(values.get("--conversations"))),
        values.get("--name"),
        Long.parseLong(values.get("--pid")),
        Arrays.stream(values.get("--agents").split(",")).map(Integer::valueOf).toList(),
        Duration.ofSeconds(Long.parseLong(values.get("--warm-up"))),
        Duration.ofSeconds(Long.parseLong(values.get("--seconds"))),
        values.get("--operating-point"));
  }

  /** Those in which an agent writes something, of a file with one per line, perhaps gzipped. */
  private static List<List<Json.Text>> conversations(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file);
        InputStream plain = file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in;
        var lines = new BufferedReader(new InputStreamReader(plain, StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .map(line -> Json.texts(line.replace("\": \"", "\":\""), "role")) // in texts quotes are escaped
          .filter(
              texts ->
                  texts.stream().anyMatch(one -> one.of().equals("agent") && !one.text().isEmpty()))
          .toList();
    }
  }
}
