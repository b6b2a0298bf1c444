package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * No telemetry: nothing leaves the machine. The commands run where there is no network but the
 * loopback interface, and strace writes down every address that they connect or send to, whether
 * that works or not.
 */
class ConnectionsTest {

  /**
   * The machine gets a name that no file knows, so that a program which looks up the name of its
   * own machine must ask a name server.
   */
  private static final String ALONE =
      """
      ip link set lo up
      hostname nowhere
      exec strace -f -qq --seccomp-bpf --signal=none -e trace=connect,sendto,sendmsg,sendmmsg -o "$0" "$@"
      """;

  /**
   * Trains, then serves and requests one suggestion, as the launcher does, but with the classes of
   * this test: the launcher would build first what has changed.
   */
  private static final String TRAIN_AND_SERVE =
      """
      set -euo pipefail
      java=$1 path=$2
      . "$3"
      run() { # COMMAND CLASS ARGUMENT...
        prepare_environment "$1"
        java_options "$1"
        exec "$java" "${options[@]}" -XX:TieredStopAtLevel=1 -cp "$path" "${@:2}"
      }
      (run finetune dev.repartee.finetune.Main finetune --base random:tiny --conversations train.jsonl \
        --validation train.jsonl --max-steps 1 --lanes 1 --precision fp32 --output run)
      (run serve dev.repartee.serving.Main --model run/model --precision fp32 --port 0 --admin-port 0 --drain 0s --feedback-dir feedback > ready) &
      until port=$(sed -n 's|.*"event":"ready","url":"http://127.0.0.1:\\([0-9]*\\)".*|\\1|p' ready) && [ -n "$port" ]; do
        kill -0 $!
        sleep 0.1
      done
      exec 3<> "/dev/tcp/127.0.0.1/$port"
      body='{"messages": [{"role": "customer", "text": "Where is it?"}], "draft": "I"}'
      printf 'POST /v1/suggestions HTTP/1.1\\r\\nHost: localhost\\r\\nContent-Type: application/json\\r\\nContent-Length: %s\\r\\n\\r\\n%s' ${#body} "$body" >&3
      head -1 <&3
      kill -KILL $! # in the demo it stops in order, which takes 2 s
      wait $! || true
      """;

  private static final Duration AT_MOST = Duration.ofMinutes(15);

  @TempDir private Path folder;

  @BeforeEach
  void needTools() throws IOException, InterruptedException {
    Tools.need(Tools.has("strace"), "strace is missing: apt-get install strace");
    Tools.need(
        Tools.has("unshare") && Tools.has("ip"),
        "unshare or ip is missing: apt-get install util-linux iproute2");
    Tools.need(
        ProgramRun.of("unshare", "-rnu", "true").exitCode() == 0,
        "no network without other machines can be made here; where AppArmor forbids it:"
            + " sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
  }

  /**
   * Whom a program asked.
   *
   * @param elsewhere other machines by address and port; name servers, which look up names on other
   *     machines, by "name server" and wherever they are
   * @param loopback how often the machine asked itself
   */
  private record Trace(ProgramRun run, Map<String, Integer> elsewhere, int loopback) {

    private static final Pattern ADDRESS =
        Pattern.compile(
            "sa_family=(\\w+)(?:, sin6?_port=htons\\((\\d+)\\).*?(?:inet_addr\\(|AF_INET6, )\"([^\"]+)\"|, sun_path=@?\"([^\"]+)\")?");

    /** Ways to a name server of this machine that are no connection to port 53. */
    private static final Pattern RESOLVER = Pattern.compile("resolve|avahi|mdns");

    static Trace of(ProgramRun run, Stream<String> calls) {
      Map<String, Integer> elsewhere = new TreeMap<>();
      int loopback = 0;
      for (String call : calls.toList()) {
        Matcher address = ADDRESS.matcher(call);
        while (address.find()) {
          String where = elsewhere(address);
          if (!where.isEmpty()) {
            elsewhere.merge(where, 1, Integer::sum);
          } else if (address.group(3) != null) {
            loopback++;
          }
        }
        // nscd answers for names of users, which bash and Java look up, and for names of hosts.
        if (call.contains("hosts\\0")) {
          elsewhere.merge("name server nscd", 1, Integer::sum);
        }
      }
      return new Trace(run, elsewhere, loopback);
    }

    private static String elsewhere(Matcher address) {
      return switch (address.group(1)) {
        case "AF_INET", "AF_INET6" -> {
          String host = address.group(3);
          if ("53".equals(address.group(2))) {
            yield "name server " + host;
          }
          boolean here = InetAddress.ofLiteral(host).isLoopbackAddress();
          yield here ? "" : host.replace("::ffff:", "") + " port " + address.group(2);
        }
        case "AF_UNIX" ->
            address.group(4) != null && RESOLVER.matcher(address.group(4)).find()
                ? "name server " + address.group(4)
                : "";
        // The kernel, for instance which interfaces there are; and the end of an association.
        case "AF_NETLINK", "AF_UNSPEC" -> "";
        default -> address.group();
      };
    }
  }

  private Trace trace(String... command) throws IOException, InterruptedException {
    Path calls = folder.resolve("calls");
    List<String> words = new ArrayList<>(List.of("unshare", "-rnu", "sh", "-ec", ALONE));
    words.add(calls.toString());
    words.addAll(Arrays.asList(command));
    ProgramRun run =
        ProgramRun.of(folder, Map.of("JAVA_HOME", System.getProperty("java.home")), words, AT_MOST);
    try (Stream<String> lines = Files.lines(calls)) {
      return Trace.of(run, lines);
    }
  }

  @Test
  void theTraceNamesWhomAProgramAsks() throws IOException, InterruptedException {
    Trace trace =
        trace(
            "bash",
            "-c",
            "for host in 127.0.0.1 ::1 192.0.2.7 2001:db8::7; do : > /dev/tcp/$host/9; done;"
                + " getent hosts machine.example");
    assertThat(trace.loopback()).as(trace.run().errors()).isEqualTo(2);
    assertThat(trace.elsewhere()).containsKeys("192.0.2.7 port 9", "2001:db8::7 port 9");
    assertThat(trace.elsewhere().keySet()).anyMatch(where -> where.startsWith("name server "));
  }

  @Test
  void trainingAndServiceAskNobody() throws IOException, InterruptedException {
    try (Stream<String> samples = Files.lines(Repository.file("scripts/samples/train.jsonl"))) {
      Files.writeString(
          folder.resolve("train.jsonl"), samples.limit(4).collect(Collectors.joining("\n")));
    }
    Trace trace =
        trace(
            "bash",
            "-c",
            TRAIN_AND_SERVE,
            "bash",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            System.getProperty("java.class.path"),
            Repository.file("scripts/java-settings").toString());
    assertThat(trace.run().exitCode()).as(trace.run().all()).isZero();
    assertThat(trace.run().output()).endsWith("HTTP/1.1 200 OK\r\n");
    assertThat(trace.loopback()).as("the request of the test").isEqualTo(1);
    assertThat(trace.elsewhere()).isEmpty();
  }

  private Trace launch(String command) throws IOException, InterruptedException {
    String launcher = Repository.file("scripts/repartee").toString();
    // It builds what is not built, which downloads.
    ProgramRun built =
        ProgramRun.of(folder, Map.of(), List.of(launcher, "doctor", "--version"), AT_MOST);
    assertThat(built.exitCode()).as(built.all()).isZero();
    return trace(
        "bash",
        "-c",
        command
            .replace("repartee", "'" + launcher + "'")
            .replace("SAMPLES", "'" + Repository.file("scripts/samples") + "'"));
  }

  @ParameterizedTest
  @CsvSource({
    "repartee demo --output run, true",
    "repartee recipe --base random:tiny --conversations SAMPLES/train.jsonl --validation"
        + " SAMPLES/valid.jsonl --test SAMPLES/test.jsonl --output run, false"
  })
  @Tag("slow")
  void demoAndRecipeAskNobody(String command, boolean serves)
      throws IOException, InterruptedException {
    Trace trace = launch(command);
    assertThat(trace.run().exitCode()).as(trace.run().errors()).isZero();
    assertThat(trace.loopback() > 0).as("its service is asked").isEqualTo(serves);
    assertThat(trace.elsewhere()).isEmpty();
  }

  /** What the command line names is asked, and nobody else. */
  @ParameterizedTest
  @CsvSource({
    "finetune --base hf:acme/model --conversations SAMPLES/train.jsonl --output run, 192.0.2.7 port 80",
    "models list acme --store gs://acme/registry, name server"
  })
  @Tag("slow")
  void aHubAndABucketAreAsked(String command, String asked)
      throws IOException, InterruptedException {
    Trace trace = launch("HF_ENDPOINT=http://192.0.2.7 timeout 15 repartee " + command);
    assertThat(trace.run().exitCode()).as(trace.run().errors()).isNotZero();
    assertThat(trace.elsewhere().keySet())
        .as(trace.run().errors())
        .isNotEmpty()
        .allMatch(where -> where.startsWith(asked));
  }
}
