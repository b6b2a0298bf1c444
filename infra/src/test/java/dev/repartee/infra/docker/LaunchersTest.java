package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The scripts inside the images, in the images' folders, with a `java` that prints its arguments
 * and environment.
 */
class LaunchersTest {

  @TempDir Path home;

  @BeforeEach
  void layOut() throws IOException {
    Path root = Repository.file("");
    for (String folder : List.of("bin", "jars", "classpath", "native", "runtime/bin")) {
      Files.createDirectories(home.resolve(folder));
    }
    for (String name : List.of("serve", "repartee", "health", "demo")) {
      Files.copy(root.resolve("infra/docker/bin").resolve(name), home.resolve("bin").resolve(name));
    }
    Files.copy(root.resolve("scripts/java-settings"), home.resolve("bin/java-settings"));
    Files.writeString(home.resolve("classpath/serving"), "serving-1.jar\ncommon-1.jar\n");
    Files.writeString(home.resolve("native/version"), "2.7.1\n");
    Files.writeString(home.resolve("native/flavor"), "cpu\n");
    Path java = home.resolve("runtime/bin/java");
    Files.writeString(java, "#!/usr/bin/env bash\nprintf '%s\\n' \"$@\"\nenv | sed 's/^/env /'\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  @Test
  void servePassesItsArgumentsAndSetsTheFlags() throws Exception {
    ProgramRun result = run("serve", "--model", "a folder", "--port", "0");
    assertThat(result.exitCode()).as(result.all()).isZero();
    List<String> lines = result.all().lines().toList();
    assertThat(lines)
        .contains(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:MaxRAMPercentage=30",
            "-XX:+UseSerialGC",
            "-XX:+ExitOnOutOfMemoryError",
            "-Xms64m",
            "-XX:ThreadPriorityPolicy=1",
            "-XX:JavaPriority1_To_OSPriority=5",
            "-XX:CompilerThreadPriority=5",
            "-Dai.djl.offline=true",
            "-Djna.nounpack=true",
            "-Djna.boot.library.path=" + home + "/native/jna",
            "env PYTORCH_LIBRARY_PATH=" + home + "/native/pytorch",
            "env PYTORCH_VERSION=2.7.1",
            "env PYTORCH_FLAVOR=cpu",
            "env OMP_WAIT_POLICY=passive",
            "env RUST_LIBRARY_PATH=" + home + "/native/tokenizers/libtokenizers.so",
            "env OPT_OUT_TRACKING=true")
        .noneMatch(line -> line.startsWith("env MALLOC_ARENA_MAX"))
        .noneMatch(line -> line.startsWith("-XX:AOTCache"));
    int main = lines.indexOf("dev.repartee.serving.Main");
    assertThat(lines.subList(main - 2, main + 5))
        .containsExactly(
            "-cp",
            home + "/jars/serving-1.jar:" + home + "/jars/common-1.jar",
            "dev.repartee.serving.Main",
            "--model",
            "a folder",
            "--port",
            "0");
  }

  @Test
  void aLookMakesAKeyThatOnlyItsUserCanRead() throws Exception {
    assertThat(run("demo").exitCode()).isEqualTo(1);
    assertThat(run("demo").all()).contains("only the image repartee has one");
    Files.createDirectory(home.resolve("sample"));
    Files.writeString(home.resolve("sample/manifest.json"), "{}");
    Set<String> keys = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      ProgramRun result =
          ProgramRun.of(
              home,
              Map.of("TMPDIR", home.toString()),
              List.of(home.resolve("bin/repartee").toString(), "demo", "--port", "0"));
      assertThat(result.exitCode()).as(result.all()).isZero();
      Matcher said =
          Pattern.compile(
                  "demo: open http://127\\.0\\.0\\.1:8080 .* password ([0-9a-f]{48})\n",
                  Pattern.DOTALL)
              .matcher(result.errors());
      assertThat(said.matches()).as(result.errors()).isTrue();
      keys.add(said.group(1));
      List<String> lines = result.output().lines().toList();
      int main = lines.indexOf("dev.repartee.serving.Main");
      Path file = Path.of(lines.get(main + 6));
      assertThat(lines.subList(main + 1, main + 11))
          .containsExactly(
              "--model",
              home + "/sample",
              "--host",
              "0.0.0.0",
              "--api-keys",
              file.toString(),
              "--trust-agent-id",
              "--quiet",
              "--port",
              "0");
      assertThat(file).hasContent("demo: " + said.group(1) + "\n");
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
    assertThat(keys).hasSize(2);
  }

  /** Libtorch reads it from the environment when it first asks for a card's memory. */
  @Test
  void memoryOfAGpuGrowsInPlace() throws Exception {
    assertThat(run("repartee", "serve").all().lines())
        .contains("env PYTORCH_CUDA_ALLOC_CONF=expandable_segments:True");
  }

  @Test
  void usesTheCacheOfClassesThatTheImageHolds() throws Exception {
    Files.writeString(home.resolve("serve.aot"), "x");
    assertThat(run("serve").all().lines()).contains("-XX:AOTCache=" + home + "/serve.aot");
  }

  @Test
  void saysWhichCommandsTheImageHolds() throws Exception {
    ProgramRun result = run("repartee", "finetune");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.all()).contains("this image has no 'finetune'", "serve", "training image");
    assertThat(run("repartee", "transcript").all())
        .contains("no image has 'transcript': run scripts/repartee transcript in a checkout");
    assertThat(run("repartee", "sreve").all()).contains("unknown command 'sreve'");
    assertThat(run("repartee", "help").exitCode()).isZero();
    assertThat(run("repartee", "--version").all())
        .contains("dev.repartee.serving.Main\n--version\n");
  }

  @Test
  void otherCommandsKeepTheirNameAndTheirFlags() throws Exception {
    Files.writeString(home.resolve("classpath/finetune"), "finetune-1.jar\n");
    List<String> lines = run("repartee", "finetune", "--steps", "3").all().lines().toList();
    assertThat(lines)
        .contains("-Xms512m", "-XX:+AlwaysPreTouch")
        .doesNotContain("-XX:ThreadPriorityPolicy=1", "env OMP_WAIT_POLICY=passive");
    int main = lines.indexOf("dev.repartee.finetune.Main");
    assertThat(lines.subList(main, main + 4))
        .containsExactly("dev.repartee.finetune.Main", "finetune", "--steps", "3");
  }

  /** A CPU limit is a quota of time; it does not change the number of processors. */
  @ParameterizedTest
  @CsvSource({
    "max 100000, ''",
    "200000 100000, 2",
    "150000 100000, 1",
    "50000 100000, 1",
    "1600000 100000, 16"
  })
  void readsTheContainersLimit(String limit, String expected) throws Exception {
    Files.writeString(home.resolve("cpu.max"), limit + "\n");
    ProgramRun result =
        ProgramRun.of(
            home,
            Map.of("REPARTEE_CGROUP", home.toString()),
            List.of(
                "bash",
                "-c",
                ". \"$0\"; granted_cores",
                home.resolve("bin/java-settings").toString()));
    assertThat(result.all().strip()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "503, 1"})
  void healthFollowsTheProbe(int status, int exit) throws Exception {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health/ready",
        exchange -> {
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    try {
      assertThat(
              run("health", "/health/ready", String.valueOf(server.getAddress().getPort()))
                  .exitCode())
          .isEqualTo(exit);
    } finally {
      server.stop(0);
    }
    assertThat(
            run("health", "/health/ready", String.valueOf(server.getAddress().getPort()))
                .exitCode())
        .isEqualTo(1);
  }

  private ProgramRun run(String script, String... arguments) throws Exception {
    List<String> command = new ArrayList<>(List.of(home.resolve("bin").resolve(script).toString()));
    command.addAll(List.of(arguments));
    return ProgramRun.of(home, Map.of(), command);
  }
}
