package dev.repartee.infra.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.repartee.infra.docs.Documents.Command;
import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of each document in the order in which it gives them, in a folder that {@code
 * commands.yaml} fills, and compares what they print with what the document shows. Numbers may
 * differ. Commands that need a cloud, a cluster, a GPU or the whole build stand in a list there;
 * {@code CommandsTest} parses them with all others. {@code -Ddocument=docs/registry.md} runs one
 * document alone.
 */
@Tag("slow")
class DocumentedCommandsTest {

  private static final Pattern SERVES =
      Pattern.compile("^(scripts/)?repartee (serve\\b|demo .*--serve).*", Pattern.DOTALL);
  private static final Pattern NUMBER = Pattern.compile("[0-9a-f]{12,}|-?[0-9][0-9,.:TZ]*");
  private static final long MINUTES = 30;

  /**
   * {@code commands.yaml}.
   *
   * @param parsed patterns of commands that are only parsed
   * @param replace the user's own names, and what stands for them here
   * @param world fills the folder that each document starts with
   * @param before of some documents: what their reader has beside it
   * @param elsewhere documents that another test runs, and which
   */
  record Settings(
      List<String> parsed,
      Map<String, String> replace,
      List<String> world,
      Map<String, List<String>> before,
      Map<String, String> elsewhere) {

    boolean isParsedOnly(String command) {
      return parsed.stream().anyMatch(pattern -> Pattern.compile(pattern).matcher(command).find());
    }
  }

  private static final Settings SETTINGS =
      Yaml.read(
          Repository.text("infra/src/test/resources/dev/repartee/infra/docs/commands.yaml"),
          Settings.class);

  @TempDir private static Path folder;
  private static Path world;

  @BeforeAll
  static void fillTheWorld() throws IOException, InterruptedException {
    world = Files.createDirectory(folder.resolve("world"));
    Files.createDirectories(world.resolve("scripts"));
    for (Path script : Sources.in("scripts", "")) {
      Path name = Repository.file("scripts").relativize(script);
      Path here = world.resolve("scripts").resolve(name);
      Files.createDirectories(here.getParent());
      if (Files.isExecutable(script)) {
        Files.writeString(here, "#!/usr/bin/env bash\nexec '%s' \"$@\"\n".formatted(script));
        here.toFile().setExecutable(true);
      } else {
        Files.copy(script, here);
      }
    }
    Files.createDirectories(world.resolve("bin"));
    Files.copy(world.resolve("scripts/repartee"), world.resolve("bin/repartee"));
    world.resolve("bin/repartee").toFile().setExecutable(true);
    List<Command> commands =
        SETTINGS.world().stream().map(text -> new Command(0, text, Optional.empty())).toList();
    assertThat(run(world, commands)).isEmpty();
    Files.move(world.resolve("log"), folder.resolve("log")); // each document has its own
  }

  @TestFactory
  Stream<DynamicTest> documents() {
    return Documents.all().stream()
        .filter(document -> !Documents.commands(document).isEmpty())
        .filter(document -> !SETTINGS.elsewhere().containsKey(nameOf(document)))
        .filter(document -> nameOf(document).contains(System.getProperty("document", "")))
        .map(
            document -> {
              String name = nameOf(document);
              return dynamicTest(name, () -> runs(name, document));
            });
  }

  private static String nameOf(Path document) {
    return Repository.file("").relativize(document).toString();
  }

  private static void runs(String name, Path document) throws IOException, InterruptedException {
    List<Command> commands = new ArrayList<>();
    for (String text : SETTINGS.before().getOrDefault(name, List.of())) {
      commands.add(new Command(0, text, Optional.empty()));
    }
    Documents.commands(document).stream()
        .filter(command -> !SETTINGS.isParsedOnly(command.text()))
        .forEach(commands::add);
    Path here = folder.resolve(name.replace('/', '-'));
    new ProcessBuilder("cp", "-r", world.toString(), here.toString()).inheritIO().start().waitFor();
    assertThat(run(here, commands)).as(name).isEmpty();
  }

  /** Runs commands in one shell; says which failed, and which printed something else. */
  private static List<String> run(Path here, List<Command> commands)
      throws IOException, InterruptedException {
    Path log = Files.createDirectories(here.resolve("log"));
    int port = freePort();
    int adminPort = freePort();
    StringBuilder script = new StringBuilder();
    script.append("set -m\ncd '%s'\nexport PATH='%s/bin':$PATH NO_COLOR=1\n".formatted(here, here));
    script.append("export REPOSITORY='%s'\n".formatted(Repository.file("")));
    script.append("servers=''\ntrap 'for one in $servers; do kill -- -$one; done' EXIT\n");
    for (int i = 0; i < commands.size(); i++) {
      Command command = commands.get(i);
      String text =
          replaced(command.text()).replace("8080", "" + port).replace("8081", "" + adminPort);
      String name = log.resolve(String.valueOf(i)).toString();
      if (SERVES.matcher(text).matches()) {
        String ports = text.contains("--port") || text.contains("demo") ? "" : " --port " + port;
        script.append(
            """
            { %s --admin-port %d
            } >'%s.out' 2>&1 </dev/null &
            servers="$servers $!"
            for second in $(seq 120); do curl -sf localhost:%d/health/ready >/dev/null && break; sleep 1; done
            curl -sf localhost:%d/health/ready >/dev/null; echo $? >'%s.code'
            """
                .formatted(
                    text.replaceFirst(" +#.*$", "") + ports, adminPort, name, port, port, name));
      } else if (command.output().isPresent()) {
        Files.writeString(Path.of(name + ".sh"), text + "\n");
        script.append(
            "script -qec 'bash %s.sh' /dev/null >'%s.out' </dev/null; echo $? >'%s.code'\n"
                .formatted(name, name, name));
      } else {
        script.append(
            "{ %s\n} >'%s.out' 2>&1 </dev/null; echo $? >'%s.code'\n".formatted(text, name, name));
      }
    }
    Path file = Files.writeString(log.resolve("all.sh"), script);
    Process shell =
        new ProcessBuilder("bash", file.toString())
            .redirectErrorStream(true)
            .redirectOutput(log.resolve("shell").toFile())
            .start();
    shell.getOutputStream().close();
    List<String> problems = new ArrayList<>();
    if (!shell.waitFor(MINUTES, TimeUnit.MINUTES)) {
      shell.destroy();
      problems.add("it did not end within " + MINUTES + " minutes");
    }
    for (int i = 0; i < commands.size(); i++) {
      problem(commands.get(i), log, i).ifPresent(problems::add);
    }
    return problems;
  }

  private static Optional<String> problem(Command command, Path log, int number)
      throws IOException {
    Path code = log.resolve(number + ".code");
    Path out = log.resolve(number + ".out");
    String printed = Files.exists(out) ? Files.readString(out) : "";
    String place = "line %d: %s".formatted(command.line(), command.text());
    if (!Files.exists(code)) {
      return Optional.of(place + "\n  did not run");
    }
    boolean fails =
        command.output().orElse(List.of()).stream().anyMatch(line -> line.startsWith("error: "));
    String status = Files.readString(code).strip();
    if (status.equals("0") == fails) {
      return Optional.of(
          "%s%n  ended with exit code %s:%n%s".formatted(place, status, tail(printed)));
    }
    if (command.output().isPresent()
        && !Pattern.matches(pattern(command.output().get()), comparable(printed))) {
      return Optional.of(
          "%s%n  printed:%n%s  but the document shows:%n%s"
              .formatted(place, printed, String.join("\n", command.output().get())));
    }
    return Optional.empty();
  }

  /** Three dots stand for what the document leaves out. */
  private static String pattern(List<String> shown) {
    return Stream.of(comparable(String.join("\n", shown)).split("\\.\\.\\.", -1))
        .map(Pattern::quote)
        .collect(Collectors.joining("(?s:.*)"));
  }

  /** Without log lines and what differs from run to run: numbers, and spaces that align them. */
  private static String comparable(String text) {
    return text.replace("\r", "")
        .lines()
        .filter(line -> !line.matches("\\d\\d:\\d\\d:\\d\\d (INFO|WARN) .*"))
        .map(line -> line.equals("...") ? line : NUMBER.matcher(line).replaceAll("0"))
        .map(line -> line.replaceAll("\\s+", " ").strip())
        .filter(line -> !line.isEmpty())
        .collect(Collectors.joining("\n"));
  }

  private static String replaced(String command) {
    String text = command;
    for (Map.Entry<String, String> entry : SETTINGS.replace().entrySet()) {
      text = text.replaceAll(entry.getKey(), entry.getValue());
    }
    return text;
  }

  private static String tail(String text) {
    List<String> lines = text.lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 8), lines.size()));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
