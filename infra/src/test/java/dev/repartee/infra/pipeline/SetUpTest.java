package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The set-up of a bare machine: no JDK, no Maven, no apt-get, an empty home. */
class SetUpTest {

  private static final List<String> TOOLS =
      List.of(
          "awk",
          "bash",
          "basename",
          "cat",
          "curl",
          "dirname",
          "env",
          "find",
          "grep",
          "gzip",
          "head",
          "id",
          "ls",
          "mkdir",
          "mktemp",
          "mv",
          "nproc",
          "readlink",
          "rm",
          "sed",
          "tar",
          "tr",
          "uname");

  @TempDir private Path home;
  private Path bin;

  @BeforeEach
  void layOut() throws IOException {
    Tools.need(Tools.has("curl"), "curl is missing: apt-get install curl");
    bin = Files.createDirectory(home.resolve("bin"));
    for (String tool : TOOLS) {
      Path there =
          Stream.of("/usr/bin", "/bin")
              .map(folder -> Path.of(folder, tool))
              .filter(Files::exists)
              .findFirst()
              .orElseThrow();
      Files.createSymbolicLink(bin.resolve(tool), there);
    }
  }

  private Path jdk() {
    return home.resolve(".cache/repartee/jdk-25");
  }

  private ProgramRun run(List<String> variables, String... command) throws Exception {
    List<String> bare =
        List.of("env", "-i", "HOME=" + home, "PATH=" + bin, "REPARTEE_JDK_FOLDERS=" + jdk());
    return ProgramRun.of(
        Repository.file(""),
        Map.of(),
        Stream.of(bare, variables, List.of(command)).flatMap(List::stream).toList());
  }

  private ProgramRun sourced(List<String> variables, String script) throws Exception {
    String start =
        "root=$PWD; fail() { echo \"error: $1\" >&2; exit \"${2:-1}\"; }; . scripts/set-up; ";
    return run(variables, "bash", "-euc", start + script);
  }

  @ParameterizedTest
  @ValueSource(strings = {"scripts/verify", "scripts/repartee doctor", "scripts/repartee demo"})
  void withoutATerminalNothingIsAsked(String command) throws Exception {
    ProgramRun run = run(List.of(), command.split(" ", -1));
    assertThat(run.exitCode()).as(run.all()).isEqualTo(2);
    assertThat(run.output()).isEmpty();
    assertThat(run.errors())
        .hasLineCount(1)
        .startsWith("error: missing: a JDK 25 (unpacked below " + home + "/.cache/repartee)")
        .contains("--yes");
  }

  /** With it cd goes elsewhere, and prints where. */
  @Test
  void theLauncherFindsItsFolderWhateverCdpathSays() throws Exception {
    ProgramRun run = run(List.of("CDPATH=."), "scripts/repartee", "help");
    assertThat(run.exitCode()).as(run.all()).isZero();
    assertThat(run.output()).startsWith("usage: scripts/repartee").contains("maps [key=value");
    assertThat(run(List.of(), "scripts/repartee", "help", "--help")).isEqualTo(run);
  }

  @Test
  void aJdkIsUnpackedInTheUsersCache() throws Exception {
    Path made = home.resolve("jdk-25.0.9+1");
    Files.createDirectories(made.resolve("bin"));
    Files.writeString(made.resolve("release"), "JAVA_VERSION=\"25.0.9\"\n");
    for (String program : List.of("java", "javac")) {
      Files.writeString(made.resolve("bin").resolve(program), "#!/bin/sh\n");
      assertThat(made.resolve("bin").resolve(program).toFile().setExecutable(true)).isTrue();
    }
    Path archive = home.resolve("jdk.tar.gz");
    ProgramRun packed =
        ProgramRun.of("tar", "-czf", archive.toString(), "-C", home.toString(), "jdk-25.0.9+1");
    assertThat(packed.exitCode()).as(packed.all()).isZero();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/jdk",
        exchange -> {
          byte[] content = Files.readAllBytes(archive);
          exchange.sendResponseHeaders(200, content.length);
          exchange.getResponseBody().write(content);
          exchange.close();
        });
    server.start();
    String url = "REPARTEE_JDK_URL=http://127.0.0.1:" + server.getAddress().getPort();
    try {
      ProgramRun run = sourced(List.of(url + "/jdk"), "set_up true jdk; echo \"$java_home\"");
      assertThat(run.output()).as(run.errors()).isEqualTo(jdk() + "\n");
      assertThat(sourced(List.of(), "set_up false jdk; echo \"$java_home\"").output())
          .isEqualTo(jdk() + "\n");
      Files.delete(jdk().resolve("release"));
      ProgramRun gone = sourced(List.of(url + "/none"), "set_up true jdk");
      assertThat(gone.exitCode()).isEqualTo(1);
      assertThat(gone.errors()).contains("error: no JDK 25 could be downloaded; install a JDK 25");
    } finally {
      server.stop(0);
    }
  }

  @Test
  void mirrorAndProxyOfTheMavenSettingsAreUsed() throws Exception {
    Files.createDirectories(home.resolve(".m2"));
    Files.writeString(
        home.resolve(".m2/settings.xml"),
        """
        <settings>
          <!-- <mirror><mirrorOf>central</mirrorOf><url>https://commented.example</url></mirror> -->
          <mirrors>
            <mirror><mirrorOf>*,!central</mirrorOf><url>https://other.example</url></mirror>
            <mirror><mirrorOf>external:http:*</mirrorOf><url>http://0.0.0.0/</url><blocked>true</blocked></mirror>
            <mirror>
              <id>company</id>
              <mirrorOf>central, snapshots</mirrorOf>
              <url> https://maven.example/central/ </url>
            </mirror>
          </mirrors>
          <proxies>
            <proxy><active>false</active><host>old.example</host></proxy>
            <proxy><host>proxy.example</host><port>3128</port></proxy>
          </proxies>
        </settings>
        """);
    assertThat(sourced(List.of(), "maven_setting mirror; maven_setting proxy").output())
        .isEqualTo("https://maven.example/central\nhttp://proxy.example:3128\n");
    assertThat(sourced(List.of(), "find_maven || true; echo \"$maven $MVNW_REPOURL\"").output())
        .isEqualTo(Repository.file("mvnw") + " https://maven.example/central\n");
  }

  /** Without a network the wrapper itself says that it "might be compromised". */
  @Test
  void aWrapperThatCannotBeDownloadedIsNotCalledCompromised() throws Exception {
    Path checkout = Files.createDirectories(home.resolve("checkout"));
    for (String file : List.of(".mvn/wrapper/maven-wrapper.properties", "scripts/set-up")) {
      Files.createDirectories(checkout.resolve(file).getParent());
      Files.copy(Repository.file(file), checkout.resolve(file));
    }
    Path jar = checkout.resolve(".mvn/wrapper/maven-wrapper.jar");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/page/",
        exchange -> {
          exchange.sendResponseHeaders(200, 4);
          exchange.getResponseBody().write("page".getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    String url = "MVNW_REPOURL=http://127.0.0.1:" + server.getAddress().getPort();
    String script =
        "root=%s; fail() { echo \"error: $1\" >&2; exit 1; }; . scripts/set-up; get_wrapper"
            .formatted(checkout);
    try {
      Files.createSymbolicLink(bin.resolve("sha256sum"), Path.of("/usr/bin/sha256sum"));
      Files.writeString(jar, "half of a");
      ProgramRun away = run(List.of(url + "/none"), "bash", "-euc", script);
      assertThat(away.exitCode()).isEqualTo(1);
      assertThat(away.errors())
          .contains("error: the Maven wrapper could not be downloaded from http://127.0.0.1:")
          .contains("check the network");
      ProgramRun page = run(List.of(url + "/page"), "bash", "-euc", script);
      assertThat(page.exitCode()).isEqualTo(1);
      assertThat(page.errors()).contains("is not the Maven wrapper: its SHA-256");
      try (Stream<Path> left = Files.list(jar.getParent())) {
        assertThat(left).hasSize(2);
      }
    } finally {
      server.stop(0);
    }
  }

  @Test
  void theWrapperIsPinned() {
    assertThat(Repository.text(".mvn/wrapper/maven-wrapper.properties"))
        .containsPattern("(?m)^distributionSha256Sum=[0-9a-f]{64}$")
        .containsPattern("(?m)^wrapperSha256Sum=[0-9a-f]{64}$")
        // It would win over a mirror.
        .doesNotContain("wrapperUrl=");
  }
}
