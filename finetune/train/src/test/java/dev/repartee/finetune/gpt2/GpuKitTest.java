package dev.repartee.finetune.gpt2;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kit of {@code scripts/gpu} works on the day on which a GPU is there. */
class GpuKitTest {

  private static final Path KIT = Repository.file("scripts/gpu");

  /** What TrainableGpt2 and Gpt2 run of the programs, so the kit must run it too. */
  private static final Set<String> RUN =
      Set.of(
          "load",
          "pad_vocabulary",
          "dropout_masks",
          "forward_backward",
          "clipping",
          "adamw_step",
          "recast",
          "loss",
          "new_cache",
          "forward_batch",
          "forward_top");

  private static final Pattern METHOD = Pattern.compile("(?m)^    def (\\w+)\\(self");
  private static final Pattern CALL = Pattern.compile("\\bprogram\\(");
  private static final Pattern NAME = Pattern.compile("'(\\w+)'");
  private static final Pattern ATTRIBUTE = Pattern.compile("(?m)^    (\\w+) : ");
  private static final Pattern PICKLED = Pattern.compile("\\bkey\\('(\\w+)'\\)");

  /** A call of the programs; the first argument is the method's name. */
  private record Call(String file, int line, List<String> arguments) {}

  /** Each call of a method of gpt2.py and training.py passes as many arguments as it takes. */
  @Test
  void everyCallHasTheArgumentsOfItsMethod() throws IOException {
    Map<String, Integer> methods = methods();
    Set<String> called = new TreeSet<>();
    for (Call call : calls()) {
      String place = call.file() + ":" + call.line() + ": " + call.arguments();
      assertThat(call.arguments().getFirst()).as(place).matches(NAME);
      assertThat(call.arguments()).as(place).noneMatch(argument -> argument.startsWith("*"));
      String method = call.arguments().getFirst().replace("'", "");
      assertThat(methods).as(place).containsKey(method);
      assertThat(call.arguments().size() - 1).as(place).isEqualTo(methods.get(method));
      called.add(method);
    }
    assertThat(called).containsAll(RUN);
  }

  /** libtorch refuses an archive that lacks an attribute of the class. */
  @Test
  void theKitPacksEveryAttributeOfTheProgram() {
    assertThat(names(PICKLED, Repository.text("scripts/gpu/check-programs")))
        .isNotEmpty()
        .isEqualTo(names(ATTRIBUTE, source()));
  }

  private static Set<String> names(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).collect(toSet());
  }

  private static String source() {
    return Repository.text("common/engine/src/main/resources/dev/repartee/engine/gpt2/gpt2.py")
        + Repository.text(
            "finetune/train/src/main/resources/dev/repartee/finetune/gpt2/training.py");
  }

  /** How many arguments each method takes, {@code self} not counted. */
  private static Map<String, Integer> methods() {
    String source = source();
    return METHOD
        .matcher(source)
        .results()
        .collect(
            toMap(
                method -> method.group(1),
                method -> arguments(source, source.indexOf('(', method.start())).size() - 1));
  }

  private static List<Call> calls() throws IOException {
    List<Call> calls = new ArrayList<>();
    try (Stream<Path> files = Files.list(KIT)) {
      for (Path file : files.sorted().toList()) {
        String text = Files.readString(file);
        CALL.matcher(text)
            .results()
            .forEach(
                call ->
                    calls.add(
                        new Call(
                            file.getFileName().toString(),
                            (int) text.substring(0, call.start()).lines().count(),
                            arguments(text, call.end() - 1))));
      }
    }
    return calls;
  }

  /** Splits what stands between the parenthesis at {@code open} and the one that closes it. */
  private static List<String> arguments(String text, int open) {
    List<String> arguments = new ArrayList<>();
    int depth = 0;
    int start = open + 1;
    for (int i = open; i < text.length(); i++) {
      char c = text.charAt(i);
      depth += "([{".indexOf(c) >= 0 ? 1 : ")]}".indexOf(c) >= 0 ? -1 : 0;
      if (depth == 0 || (depth == 1 && c == ',')) {
        arguments.add(text.substring(start, i).strip());
        start = i + 1;
      }
      if (depth == 0) {
        return arguments;
      }
    }
    throw new IllegalArgumentException("a parenthesis is not closed");
  }

  /** A call on a lent machine carries 64 MiB, the working tree included. */
  @ParameterizedTest
  @CsvSource({
    "49, 10, 0, 49 MiB",
    "51, 1, 1, 'the kit has 51 MiB, more than 50'",
    "49, 16, 1, 'the kit has 49 MiB and the working tree 17, more than 64 together'"
  })
  void aKitThatCannotTravelIsRefused(
      long kitMib, long treeMib, int exitCode, String said, @TempDir Path checkout)
      throws Exception {
    Path script = checkout.resolve("scripts/gpu/pack-java");
    Files.createDirectories(script.getParent());
    Files.copy(KIT.resolve("pack-java"), script, StandardCopyOption.COPY_ATTRIBUTES);
    assertThat(run("git", "init", "-q", checkout.toString()).exitCode()).isZero();
    Files.writeString(checkout.resolve(".gitignore"), "target/\n");
    allocate(checkout.resolve("file"), treeMib);
    Path kit = checkout.resolve("target/gpu-kit.tar");
    allocate(kit, kitMib);
    Ended ended = run(script.toString(), "--check", kit.toString());
    assertThat(ended.exitCode()).as(ended.output()).isEqualTo(exitCode);
    assertThat(ended.output()).contains(said);
  }

  private static void allocate(Path file, long mib) throws IOException {
    Files.createDirectories(file.getParent());
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(mib << 20);
    }
  }

  private record Ended(int exitCode, String output) {}

  private static Ended run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), output);
  }

  private static boolean hasPyTorch(String python) {
    try {
      return run(python, "-c", "import torch").exitCode() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * All that the kit does on a CPU: the values, the CUDA branches on tensors without values, and
   * the speeds.
   */
  @Test
  @Tag("slow")
  void provesTheProgramsOnTheCpu() throws Exception {
    List<String> pythons =
        Stream.of("python3", "/usr/bin/python3").filter(GpuKitTest::hasPyTorch).toList();
    Tools.need(
        !pythons.isEmpty(),
        "no Python has PyTorch: apt-get install python3-torch libopenblas0-openmp");
    Ended ended =
        run(pythons.getFirst(), KIT.resolve("check-programs").toString(), "--device", "cpu");
    assertThat(ended.exitCode()).as(ended.output()).isZero();
    assertThat(ended.output())
        .contains("ok   golden gradients, bf16", "ok   CUDA branches on fake tensors, fp16")
        .contains("of plain PyTorch")
        .contains("0 values are off");
  }
}
