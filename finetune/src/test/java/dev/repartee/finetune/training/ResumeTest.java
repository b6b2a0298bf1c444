package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TinyBase;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Folders;
import dev.repartee.text.io.LockFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that are killed, stopped or damaged end in the bytes of one that was not. */
class ResumeTest {

  private static final String ANSWER = "Let me check that for you.";

  /**
   * The precision is named: {@code auto} times products, and two runs may then choose differently.
   */
  private static final Map<String, String> DEFAULTS =
      Map.of(
          "--precision", "fp32",
          "--lanes", "2",
          "--max-tokens", "64",
          "--batch-tokens", "256",
          "--epochs", "2",
          "--checkpoint-steps", "5",
          "--learning-rate", "1e-3");

  @TempDir private Path folder;
  private Path base;
  private Path conversations;
  private Path answers;

  @BeforeEach
  void writeData() throws IOException {
    base = TinyBase.write(folder.resolve("base"));
    conversations = write("train.jsonl", 120);
    answers = folder.resolve("answers.json");
    Answer answer = new Answer("a-1", ANSWER, 24, 3, List.of(new Phrasing(ANSWER, 24)));
    AnswerSetFile.write(answers, new AnswerSet(List.of(answer)));
  }

  private Path write(String name, int count) throws IOException {
    Path file = folder.resolve(name);
    ConversationWriter.write(
        file,
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    new Conversation(
                        "c-" + i,
                        List.of(
                            Message.customer("Where is order " + i + "?"), Message.agent(ANSWER))))
            .toList());
    return file;
  }

  private List<String> arguments(Path output, String... more) {
    List<String> args = new ArrayList<>(List.of("finetune", "--base", base.toString()));
    args.addAll(List.of("--conversations", conversations.toString()));
    args.addAll(List.of("--answers", answers.toString(), "--output", output.toString()));
    List<String> given = List.of(more);
    DEFAULTS.forEach(
        (option, value) -> {
          if (!given.contains(option)) {
            args.addAll(List.of(option, value));
          }
        });
    args.addAll(given);
    return args;
  }

  private CommandRun run(Path output, String... more) {
    return CommandRun.of(new Main(), arguments(output, more));
  }

  private static void assertDone(CommandRun run) {
    assertThat(run.exitCode()).as(run.err()).isZero();
  }

  private static Path weights(Path output) {
    return output.resolve("model/model.safetensors");
  }

  private static List<String> metrics(Path output) throws IOException {
    Path file = output.resolve("metrics.jsonl");
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static long steps(Path output) throws IOException {
    return metrics(output).stream().filter(line -> line.contains("\"learning_rate\"")).count();
  }

  /** Starts the command in a process of its own, and waits until it has done so many steps. */
  private Process startedUpTo(Path output, int steps) throws IOException, InterruptedException {
    return startedUpTo(output, steps, Map.of());
  }

  private Process startedUpTo(Path output, int steps, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path log = folder.resolve("child.log");
    ProcessBuilder started =
        CommandRun.process(arguments(output, "--resume"))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    started.environment().putAll(environment);
    Process child = started.start();
    while (steps(output) < steps) {
      assertThat(child.isAlive()).as(() -> read(log)).isTrue();
      Thread.sleep(5);
    }
    return child;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  @Test
  void aRunThatIsKilledEndsInTheSameBytes() throws IOException, InterruptedException {
    Path unbroken = folder.resolve("unbroken");
    assertDone(run(unbroken));
    Path broken = folder.resolve("broken");
    kill(startedUpTo(broken, 11)); // of 16 an epoch
    assertDone(run(broken, "--resume"));
    assertSameRun(broken, unbroken);
  }

  private static void kill(Process child) throws InterruptedException {
    child.destroyForcibly();
    assertThat(child.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  private static void assertSameRun(Path broken, Path unbroken) throws IOException {
    assertThat(weights(broken)).hasSameBinaryContentAs(weights(unbroken));
    // No step is missing from the metrics, and none stands there twice.
    assertThat(losses(broken)).isEqualTo(losses(unbroken));
  }

  /** A signal to the group of a recipe's processes arrives twice: the recipe forwards it. */
  @Test
  void aSignalThatArrivesTwiceIsOneRequest() throws IOException, InterruptedException {
    Path output = folder.resolve("doubled");
    Process stopped = startedUpTo(output, 2, Map.of("REPARTEE_LAUNCHER", "repartee"));
    for (int signals = 0; signals < 3; signals++) {
      stopped.destroy(); // SIGTERM
      Thread.sleep(signals); // at once, and a little later
    }
    assertThat(stopped.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(read(folder.resolve("child.log")))
        .contains("continue with the same command")
        .doesNotContain("--resume");
    assertThat(stopped.exitValue()).isEqualTo(143);
    assertThat(metrics(output).getLast()).contains("\"stopped\"");
  }

  @Tag("slow")
  @Test
  void aRunThatIsKilledTwiceAndStoppedOnceEndsInTheSameBytes()
      throws IOException, InterruptedException {
    Path unbroken = folder.resolve("unbroken");
    assertDone(run(unbroken));
    Path broken = folder.resolve("broken");
    for (int steps : new int[] {11, 21}) { // of 16 an epoch
      kill(startedUpTo(broken, steps));
    }
    Process stopped = startedUpTo(broken, 25);
    stopped.destroy(); // SIGTERM
    assertThat(stopped.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(stopped.exitValue()).as(() -> read(folder.resolve("child.log"))).isEqualTo(143);
    assertThat(read(folder.resolve("child.log")))
        .contains("continue with the same command and --resume");
    assertThat(metrics(broken).getLast()).contains("\"stopped\"");
    assertThat(read(broken.resolve("report.html"))).contains("stopped by SIGTERM");

    assertDone(run(broken, "--resume"));
    assertSameRun(broken, unbroken);
  }

  private static List<String> losses(Path output) throws IOException {
    return metrics(output).stream()
        .filter(line -> line.contains("\"loss\"") || line.contains("validation_loss"))
        .map(line -> line.replaceAll(",\"tokens_per_second.*|,\"seconds.*", ""))
        .toList();
  }

  @Tag("slow")
  @Test
  void aRunWhoseModelAndNewestCheckpointAreLostEndsInTheSameBytes() throws IOException {
    Path output = folder.resolve("run");
    assertDone(run(output));
    Path kept = Files.copy(weights(output), folder.resolve("kept"));
    Folders.delete(output.resolve("model"));
    List<Path> checkpoints = list(output.resolve("checkpoints"));
    assertThat(checkpoints).hasSize(2);
    Files.write(checkpoints.getLast().resolve("state.safetensors"), new byte[] {1, 2, 3});
    Files.createDirectories(output.resolve("model.tmp/left-over"));
    CommandRun resumed = run(output, "--resume");
    assertDone(resumed);
    assertThat(weights(output)).hasSameBinaryContentAs(kept);
    assertThat(list(output.resolve("checkpoints")))
        .extracting(path -> path.getFileName().toString())
        .contains(checkpoints.getLast().getFileName().toString());
    assertThat(metrics(output)).anyMatch(line -> line.contains("\"resumed\""));

    CommandRun again = run(output, "--resume");
    assertDone(again);
    assertThat(again.json().path("validation_loss"))
        .isEqualTo(resumed.json().path("validation_loss"));
    assertRefused(run(output), 2, "already contains a run", "--resume", "another folder");
    assertRefused(
        run(output, "--resume", "--seed", "9", "--epochs", "3"),
        2,
        "--epochs was 2 and is 3",
        "--seed was 1 and is 9");
    write("train.jsonl", 121);
    assertRefused(run(output, "--resume"), 2, "conversations[0] train.jsonl was");
  }

  private static void assertRefused(CommandRun run, int exitCode, String... parts) {
    assertThat(run.err()).contains(parts);
    assertThat(run.exitCode()).isEqualTo(exitCode);
  }

  @Test
  void aFolderThatAnotherRunWorksInIsRefusedWithItsProcess() throws IOException {
    Path output = folder.resolve("run");
    try (LockFile lock = new RunFolder(output).lock()) {
      assertThat(lock).isNotNull();
      assertRefused(run(output), 1, "is in use by process " + ProcessHandle.current().pid());
    }
  }

  @Test
  void anOutputThatCannotBeWrittenIsRefusedBeforeAnyWork() {
    Path nowhere = conversations.resolve("run"); // a file stands where the folder should be
    assertRefused(run(nowhere), 1, "--output " + nowhere + " cannot be written");
  }

  @Test
  void aDivergingRunNamesStepConversationsAndCheckpoint() {
    Path output = folder.resolve("run");
    CommandRun diverged = run(output, "--learning-rate", "1", "--epochs", "9");
    assertRefused(
        diverged,
        1,
        "training diverged at step ",
        "'c-",
        "train.jsonl",
        "checkpoint",
        "--learning-rate");
    assertThat(output.resolve("model")).doesNotExist();
  }

  private static List<Path> list(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.sorted().toList();
    }
  }
}
