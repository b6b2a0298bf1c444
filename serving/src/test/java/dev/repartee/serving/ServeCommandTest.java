package dev.repartee.serving;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.model.ModelFixture;
import dev.repartee.text.cli.Cli;
import dev.repartee.text.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failing starts: one line of error, exit code 1, or 2 for wrong usage. */
@Timeout(60)
class ServeCommandTest {

  @TempDir private Path folder;
  private Path store;
  private String error = "";

  @BeforeEach
  void publish() {
    store = folder.resolve("store");
    ModelFixture.publish(ModelFixture.write(folder.resolve("model")), store);
  }

  private int serve(String... options) {
    List<String> args = new ArrayList<>(List.of(options));
    if (!args.contains("--port")) {
      args.addAll(List.of("--port", "0"));
    }
    if (!args.contains("--admin-port")) {
      args.addAll(List.of("--admin-port", "0"));
    }
    args.addAll(List.of("--cache", folder.resolve("cache").toString()));
    PrintStream original = System.err;
    ByteArrayOutputStream captured = new ByteArrayOutputStream();
    try {
      System.setErr(new PrintStream(captured, true, StandardCharsets.UTF_8));
      return Cli.run(
          new ServeCommand((config, passes) -> StartTest::load), args.toArray(String[]::new));
    } finally {
      System.setErr(original);
      error = captured.toString(StandardCharsets.UTF_8);
    }
  }

  private void assertOneErrorLine(String... parts) {
    assertThat(error.lines().filter(line -> line.startsWith("error: ")))
        .singleElement()
        .asString()
        .contains(parts);
    assertThat(error).doesNotContain("\tat ");
  }

  @Test
  void aDeviceThatIsMissingOrIsNoneEndsItBeforeItListens() {
    String[] served = {"--store", store.toString(), "--model", "acme@production", "--device"};
    assertThat(serve(served[0], served[1], served[2], served[3], served[4], "cuda:99"))
        .isEqualTo(1);
    assertOneErrorLine("--device cuda:99: ");
    assertThat(serve(served[0], served[1], served[2], served[3], served[4], "tpu")).isEqualTo(2);
    assertOneErrorLine("'tpu' is unknown");
  }

  @Test
  void wrongAliasNamesThoseThatExist() {
    assertThat(serve("--store", store.toString(), "--model", "acme@staging")).isEqualTo(1);
    assertOneErrorLine("acme@staging", "production");
  }

  @ParameterizedTest
  @EnumSource
  void damagedVersion(Damage damage) throws IOException {
    ModelFixture.publish(folder.resolve("model"), store);
    damage.strike(Damage.versionFolder(store, 2));
    assertThat(serve("--store", store.toString(), "--model", "acme@production")).isEqualTo(1);
    assertOneErrorLine(damage.reason());
    try (Stream<Path> pulled = Files.walk(folder)) {
      assertThat(pulled.filter(Files::isRegularFile))
          .as("a broken pull leaves nothing, here or elsewhere")
          .allMatch(
              file ->
                  file.startsWith(store)
                      || file.startsWith(folder.resolve("model"))
                      || file.startsWith(folder.resolve("cache").resolve(".feedback"))
                      || file.equals(folder.resolve("cache/acme/.lock")));
    }
  }

  /** A service must not move feedback of another that uses the same cache. */
  @Test
  void theDefaultFolderOfFeedbackIsThatOfTheStore() throws IOException {
    Path feedback = folder.resolve("cache/.feedback");
    Path ofTheStore = feedback.resolve(Sha256.of(store.toString()).substring(0, 12));
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(serve("--model", folder.resolve("model").toString(), "--port", port)).isEqualTo(1);
      assertThat(feedback.resolve("local")).isDirectory();
      assertThat(ofTheStore).doesNotExist();
      String[] stored = {"--store", store.toString(), "--model", "acme@production", "--port", port};
      assertThat(serve(stored)).isEqualTo(1);
      assertThat(ofTheStore).isDirectory();
    }
  }

  @Test
  void optionsThatMakeNoSense() {
    assertThat(serve()).isEqualTo(2);
    assertThat(serve("--model", "acme@production")).isEqualTo(2);
    assertOneErrorLine("add --store URI");
    assertThat(serve("--model", "m", "--port", "65536")).isEqualTo(2);
    assertOneErrorLine("between 0 and 65535");
    assertThat(serve("--store", store.toString(), "--model", "acme")).isEqualTo(2);
    assertOneErrorLine("acme@production");
  }

  @Test
  void adminPortInUse() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(serve("--model", folder.resolve("model").toString(), "--admin-port", port))
          .isEqualTo(1);
      assertOneErrorLine("127.0.0.1:" + port, "try another --admin-port");
    }
    assertThat(serve("--model", "m", "--admin-port", "-1")).isEqualTo(2);
    assertOneErrorLine("--admin-port must be between 0 and 65535");
  }

  @Test
  void anAddressThatOthersReachNeedsKeysOrTokens() {
    assertThat(serve("--model", "m", "--host", "0.0.0.0")).isEqualTo(2);
    assertOneErrorLine("--host 0.0.0.0", "--api-keys FILE", "--jwt-issuer URL", "--insecure");
    assertThat(serve("--model", "m", "--host", "0.0.0.0", "--insecure"))
        .as("gets as far as the folder that is not there")
        .isEqualTo(1);
    assertThat(error).contains("--insecure: everybody who reaches 0.0.0.0");
  }

  @Test
  void learningWithoutAClaimSaysWhoTeaches() throws IOException {
    String keys = Files.writeString(folder.resolve("keys"), "desk: " + "k".repeat(32)).toString();
    assertThat(serve("--model", "m", "--learn")).isEqualTo(1);
    assertThat(error).contains("--learn without --agent-claim: whoever reaches", "five");
    assertThat(serve("--model", "m", "--learn", "--api-keys", keys)).isEqualTo(1);
    assertThat(error).contains("--learn without --agent-claim: callers count as agents");
    assertThat(serve("--model", "m", "--learn", "--api-keys", keys, "--trust-agent-id"))
        .isEqualTo(1);
    assertThat(error).contains("--learn without --agent-claim: each caller may name any agents");
    assertThat(serve("--model", "m")).isEqualTo(1);
    assertThat(error).doesNotContain("--learn");
  }

  @Test
  void optionsOfAccessThatMakeNoSense() throws IOException {
    assertThat(serve("--model", "m", "--jwt-issuer", "https://id.example")).isEqualTo(2);
    assertOneErrorLine("--jwt-audience AUD");
    assertThat(serve("--model", "m", "--agent-claim", "sub")).isEqualTo(2);
    assertOneErrorLine("--agent-claim needs --jwt-issuer URL", "--trust-agent-id");
    assertThat(serve("--model", "m", "--jwt-audience", "repartee")).isEqualTo(2);
    assertOneErrorLine("--jwt-issuer URL");
    assertThat(
            serve(
                "--model", "m", "--jwt-issuer", "http://id.example", "--jwt-audience", "repartee"))
        .isEqualTo(2);
    assertOneErrorLine("--jwt-issuer must be an https URL");
    for (String origin : List.of("*", "null", "https://desk.example/", "desk.example")) {
      for (String option : List.of("--cors-origin", "--frame-ancestor")) {
        assertThat(serve("--model", "m", option, origin)).as(origin).isEqualTo(2);
        assertOneErrorLine(option + " must be scheme://host[:port]");
      }
    }
    for (String host : List.of("https://desk.example", "desk.example:8080", "*", "DESK.example")) {
      assertThat(serve("--model", "m", "--host-name", host)).as(host).isEqualTo(2);
      assertOneErrorLine("--host-name must be a name or address in lower case without a port");
    }
    Path keys = Files.writeString(folder.resolve("keys"), "# none yet\n");
    assertThat(serve("--model", "m", "--api-keys", keys.toString())).isEqualTo(2);
    assertOneErrorLine("holds no key");
    assertThat(serve("--model", "m", "--api-keys", folder.resolve("nowhere").toString()))
        .isEqualTo(2);
    assertOneErrorLine("there is no such file");
    Path latin = Files.write(folder.resolve("latin"), "desk: schl\u00fcssel".getBytes(ISO_8859_1));
    assertThat(serve("--model", "m", "--api-keys", latin.toString())).isEqualTo(2);
    assertOneErrorLine("is not UTF-8");
  }
}
