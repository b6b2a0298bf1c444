package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sample model of a release: packed, served in a clone, and shown by the image's launcher. */
class SampleTest {

  private static final Duration AT_MOST = Duration.ofMinutes(8);

  /** What a browser and a desk get of the launcher in $1 at port $2: three status codes. */
  private static final String LOOK =
      """
      set -eu
      "$1/bin/repartee" demo --port "$2" --admin-port 0 >out 2>err &
      trap "kill $!" EXIT
      until grep -q '"ready"' out; do kill -0 $! || { cat err >&2; exit 1; }; sleep 0.2; done
      key=$(sed -n 's/^demo: open .*password //p' err)
      page=http://127.0.0.1:$2
      code() { curl -s -o answer -w '%{http_code} ' "$@"; }
      code "$page/"
      code -u "anybody:$key" "$page/"
      code -u "anybody:$key" "$page/v1/suggestions" -H 'Content-Type: application/json' \
        -d '{"messages":[{"role":"customer","text":"Where is it?"}],"draft":""}'
      """;

  @TempDir private static Path shared;
  @TempDir private Path folder;

  @BeforeEach
  void needBash() {
    Tools.need(Tools.has("bash"), "bash is missing: apt-get install bash");
  }

  private ProgramRun run(List<String> command) throws IOException, InterruptedException {
    return ProgramRun.of(folder, Map.of(), command, AT_MOST);
  }

  private ProgramRun script(String name, Object... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(Repository.file(name).toString()));
    List.of(arguments).forEach(argument -> command.add(argument.toString()));
    return run(command);
  }

  private ProgramRun succeeds(String name, Object... arguments)
      throws IOException, InterruptedException {
    ProgramRun ended = script(name, arguments);
    assertThat(ended.exitCode()).as(ended.all()).isZero();
    return ended;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--seed=2", "--json"})
  void aTrainedModelTakesNoOptionOfTraining(String option) throws Exception {
    Files.writeString(folder.resolve("s.tgz"), "");
    ProgramRun ended = script("scripts/demo", "--sample", "s.tgz", option);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.errors()).contains("leave out --seed and --json");
    assertThat(folder.resolve("demo-run")).doesNotExist();
  }

  @Test
  void aFileThatIsNoSampleIsRefusedWithWhatToDo() throws Exception {
    ProgramRun missing = script("scripts/demo", "--sample", "s.tgz");
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.errors()).contains("there is no file 's.tgz'", "download");

    Files.writeString(folder.resolve("s.tgz"), "<html>not found</html>");
    ProgramRun page = script("scripts/demo", "--sample", "s.tgz");
    assertThat(page.exitCode()).isEqualTo(1);
    assertThat(page.errors()).contains("'s.tgz' is not a whole sample model", "SHA256SUMS");

    Path packed = Files.createDirectory(folder.resolve("packed"));
    Files.writeString(packed.resolve("words.txt"), "no model");
    Files.writeString(folder.resolve("escaped.txt"), "beside the folder");
    List<String> tar = List.of("tar", "-P", "-czf", "../s.tgz", "words.txt", "../escaped.txt");
    assertThat(ProgramRun.of(packed, Map.of(), tar).exitCode()).isZero();
    ProgramRun other = script("scripts/demo", "--sample", "s.tgz");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.errors()).contains("'s.tgz' is not a whole sample model");
    assertThat(folder.resolve("demo-run/sample/words.txt")).exists();
    assertThat(folder.resolve("demo-run/escaped.txt")).doesNotExist();
  }

  /**
   * A model of random weights, trained as the demo's, which only the first test that asks makes.
   */
  private Path model() throws IOException, InterruptedException {
    Path model = shared.resolve("run/model");
    if (!Files.exists(model)) {
      Path train = shared.resolve("train.jsonl");
      List<String> lines =
          Repository.text("scripts/samples/train.jsonl").lines().limit(60).toList();
      Files.write(train, lines);
      Path answers = shared.resolve("answers");
      succeeds("scripts/repartee", "extract", "--conversations", train, "--output", answers);
      List<Object> finetune =
          new ArrayList<>(List.of("finetune", "--base", "random:tiny", "--max-steps", 2));
      finetune.addAll(List.of("--conversations", train, "--output", shared.resolve("run")));
      finetune.addAll(List.of("--validation", Repository.file("scripts/samples/valid.jsonl")));
      finetune.addAll(List.of("--answers", answers.resolve("answers.json")));
      succeeds("scripts/repartee", finetune.toArray());
    }
    return model;
  }

  private Path copyOfTheModel() throws IOException, InterruptedException {
    Path copy = folder.resolve("copy");
    run(List.of("cp", "-r", model().toString(), copy.toString()));
    return copy;
  }

  @Test
  @Tag("slow")
  void aReleaseServesWithoutTraining() throws Exception {
    succeeds("scripts/base/pack-sample", model(), "s.tgz");
    assertThat(Files.size(folder.resolve("s.tgz"))).isLessThan(60_000_000);
    Path errors = folder.resolve("errors");
    Process demo =
        new ProcessBuilder(
                Repository.file("scripts/repartee").toString(), "demo", "--sample", "s.tgz")
            .directory(folder.toFile())
            .redirectError(errors.toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      Optional<String> page = Optional.empty();
      while (page.isEmpty() && demo.isAlive()) {
        Thread.sleep(100);
        page =
            Files.readString(errors)
                .lines()
                .filter(line -> line.startsWith("demo: open "))
                .map(line -> line.split(" ", -1)[2])
                .findFirst();
      }
      assertThat(page).as(Files.readString(errors)).isPresent();
      try (HttpClient client = HttpClient.newHttpClient()) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(page.orElseThrow())).build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
            .isEqualTo(200);
      }
      Path served = folder.resolve("demo-run/sample");
      Manifest.read(served).verify(served);
      assertThat(Files.size(served.resolve("model.safetensors")))
          .isLessThan(Files.size(model().resolve("model.safetensors")) * 6 / 10);
    } finally {
      demo.destroy();
    }
    assertThat(demo.waitFor()).isEqualTo(143);
  }

  @Test
  @Tag("slow")
  void whatIsTooLargeOrAnswersAnotherWayIsNotPacked() throws Exception {
    Path model = copyOfTheModel();
    byte[] random = new byte[60_000_000];
    new Random(7).nextBytes(random);
    Files.write(model.resolve("memory.bin"), random);
    Manifest.of(model).write(model);
    ProgramRun large = script("scripts/base/pack-sample", model, "s.tgz");
    assertThat(large.exitCode()).isEqualTo(1);
    assertThat(large.errors()).contains("more than 60000000", "fewer conversations");

    Files.delete(model.resolve("memory.bin"));
    Path golden = model.resolve("golden.json");
    Files.writeString(
        golden, Files.readString(golden).replaceFirst("(logLikelihood\" : -)", "$11"));
    Manifest.of(model).write(model);
    ProgramRun other = script("scripts/base/pack-sample", model, "s.tgz");
    assertThat(other.exitCode()).isEqualTo(1);
    assertThat(other.errors()).contains("golden prompt has another answer");
    assertThat(folder.resolve("s.tgz")).doesNotExist();
  }

  /** Without a network where this machine lets a test have its own. */
  @Test
  @Tag("slow")
  void theImagesLauncherShowsItToWhoHasTheKeyAndWorksOffline() throws Exception {
    Tools.need(Tools.has("curl"), "curl is missing: apt-get install curl");
    Path home = folder.resolve("opt/repartee");
    Files.createDirectories(home.getParent());
    succeeds("infra/docker/stage", "--output", home);
    succeeds("scripts/base/pack-sample", model(), "s.tgz");
    Files.createDirectory(home.resolve("sample"));
    run(List.of("tar", "-xzf", "s.tgz", "-C", home.resolve("sample").toString()));

    List<String> look = new ArrayList<>();
    boolean alone =
        Tools.has("unshare")
            && run(List.of("unshare", "-rn", "ip", "link", "set", "lo", "up")).exitCode() == 0;
    if (alone) {
      look.addAll(List.of("unshare", "-rn", "bash", "-c", "ip link set lo up && exec \"$@\"", "-"));
    }
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    look.addAll(List.of("bash", "-c", LOOK, "-", home.toString(), String.valueOf(port)));
    ProgramRun looked = run(look);
    assertThat(looked.output()).as(looked.errors()).isEqualTo("401 200 200 ");
  }
}
