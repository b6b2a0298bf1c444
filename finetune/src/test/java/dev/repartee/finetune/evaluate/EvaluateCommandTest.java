package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.common.data.ConversationReader;
import dev.repartee.common.eval.FrequencyPredictor;
import dev.repartee.common.testing.SharedData;
import dev.repartee.finetune.testing.CommandRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class EvaluateCommandTest {

  @TempDir private Path temporary;
  private Path train;
  private Path test;

  @BeforeEach
  void setUp() throws IOException {
    train = conversations("train.jsonl", "How can I help you?", "How can I help you?", "Bye");
    test = conversations("test.jsonl", "how can I help you", "Something else entirely");
  }

  private Path conversations(String name, String... replies) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < replies.length; i++) {
      lines.append(
          "{\"id\": \"%s-%d\", \"messages\": [{\"role\": \"agent\", \"text\": \"%s\"}]}%n"
              .formatted(name, i, replies[i]));
    }
    return Files.writeString(temporary.resolve(name), lines);
  }

  private CommandRun frequency(String... more) {
    List<String> args = new ArrayList<>(List.of("--model", "freq", "--train", train.toString()));
    args.addAll(List.of("--conversations", test.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(new EvaluateCommand(), args.toArray(String[]::new));
  }

  @Test
  void baseline() {
    CommandRun run = frequency();
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("model").asString()).isEqualTo("freq");
    assertThat(json.path("precision").isNull()).isTrue();
    assertThat(json.path("conversations").asInt()).isEqualTo(2);
    assertThat(json.path("replies").asInt()).isEqualTo(2);
    // One of two replies is taken before typing, for one action of its 18 characters; 23 are typed.
    assertThat(json.path("suggestions").path("taken").asInt()).isEqualTo(1);
    assertThat(json.path("rules").path("whole10").path("saved").asDouble())
        .isCloseTo(100 * (1 - (1 + 23) / (18 + 23.0)), within(0.01));
    assertThat(json.path("latency").path("open").path("count").asInt()).isEqualTo(2);
  }

  @Test
  void reportInTheOutputFolderIsWhatIsPrinted() {
    Path output = temporary.resolve("run").resolve("eval");
    CommandRun run = frequency("--output", output.toString(), "--limit", "1");
    assertThat(output.resolve("evaluation.json")).hasContent(run.out());
    assertThat(run.json().path("conversations").asInt()).isEqualTo(1);
  }

  @Test
  void modelThroughTheLoader() {
    EvaluateCommand command =
        new EvaluateCommand(
            (folder, options) ->
                FrequencyPredictor.train(ConversationReader.readAll(List.of(train))));
    CommandRun run =
        CommandRun.of(
            command, "--model=" + temporary, "--conversations=" + test, "--precision=fp32");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("precision").asString()).isEqualTo("FP32");
    assertThat(run.json().path("model").asString()).isEqualTo(temporary.toString());
  }

  @Test
  void wrongUsage() {
    String[] noTrain = {"--model", "freq", "--conversations", test.toString()};
    assertThat(CommandRun.of(new EvaluateCommand(), noTrain).exitCode()).isEqualTo(2);
    CommandRun trained =
        CommandRun.of(
            new EvaluateCommand(),
            "--model=" + temporary,
            "--train=" + train,
            "--conversations=" + test);
    assertThat(trained.exitCode()).isEqualTo(2);
    assertThat(trained.err()).contains("--model freq only");
    assertThat(frequency("--limit", "0").exitCode()).isEqualTo(2);
    assertThat(frequency("--precision", "int4").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of(new EvaluateCommand()).exitCode()).isEqualTo(2);
  }

  @Test
  void folderThatFinetuneDidNotWrite() {
    CommandRun run =
        CommandRun.of(new EvaluateCommand(), "--model=" + temporary, "--conversations=" + test);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains("error: ", "repartee.json is missing");
  }

  @Test
  void publishedFiguresOfTheBaseline() {
    Path starTrain = SharedData.assume("data/star_fulltyped.train.jsonl.gz");
    Path starTest = SharedData.assume("data/star_fulltyped.test.jsonl.gz");
    JsonNode rules =
        CommandRun.of(
                new EvaluateCommand(),
                "--model=freq",
                "--train=" + starTrain,
                "--conversations=" + starTest)
            .json()
            .path("rules");
    assertThat(rules.path("whole10").path("saved").asDouble()).isCloseTo(11.7, within(0.3));
    assertThat(rules.path("word4").path("saved").asDouble()).isCloseTo(26.3, within(0.3));
  }
}
