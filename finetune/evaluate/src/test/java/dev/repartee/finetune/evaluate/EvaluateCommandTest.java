package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.finetune.metric.Baseline;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.json.Json;
import dev.repartee.text.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

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
  void whatPeopleWroteStandsInTheOutputFolderOnly() throws IOException {
    Path output = temporary.resolve("run").resolve("eval");
    CommandRun run = frequency("--output", output.toString());
    ObjectNode kept =
        (ObjectNode) Json.COMPACT.readTree(Files.readString(output.resolve("evaluation.json")));
    JsonNode examples = kept.remove("examples");
    assertThat(examples.path("most").path(0).path("saved").asInt()).isEqualTo(17);
    assertThat(examples.path("least").path(0).path("reply").asString())
        .isEqualTo("Something else entirely");
    assertThat(kept.remove("counts").path("characters").toString()).isEqualTo("[18,23]");
    assertThat(kept).isEqualTo(run.json());
    assertThat(output.resolve("report.html")).content().contains("Something else entirely");
    assertThat(run.out()).doesNotContain("Something else entirely");
  }

  @Test
  void limited() {
    assertThat(frequency("--limit", "1").json().path("conversations").asInt()).isEqualTo(1);
  }

  private EvaluateCommand loading(List<EngineOptions> asked) {
    return new EvaluateCommand(
        (folder, options) -> {
          asked.add(options);
          return Baseline.FREQ.train(ConversationReader.readAll(List.of(train)));
        });
  }

  private CommandRun model(String... more) {
    List<String> args = new ArrayList<>(List.of("--model=" + temporary));
    args.add("--conversations=" + test);
    args.addAll(List.of(more));
    return CommandRun.of(loading(new ArrayList<>()), args.toArray(String[]::new));
  }

  @Test
  void modelThroughTheLoader() {
    List<EngineOptions> asked = new ArrayList<>();
    CommandRun run =
        CommandRun.of(
            loading(asked),
            "--model=" + temporary,
            "--conversations=" + test,
            "--precision=fp32",
            "--operating-point=calm");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(asked)
        .containsExactly(new EngineOptions(TestDevice.compute(Precision.FP32), Display.CALM));
    assertThat(run.json().path("precision").asString()).isEqualTo("FP32");
    assertThat(run.json().path("operating_point").asString()).isEqualTo("calm");
    assertThat(run.json().path("model").asString()).isEqualTo(temporary.toString());
    assertThat(run.json().has("baselines")).isFalse();
    assertThat(run.json().has("comparison")).isFalse();
    assertThat(run.json().has("perplexity")).isFalse();
  }

  @Test
  void showsWhatIsWorthReadingUnlessToldOtherwise() {
    assertThat(model().json().path("operating_point").asString()).isEqualTo("calm");
  }

  @Test
  void baselinesStandBesideTheModelWhereTheyCanLearn() {
    CommandRun run = model("--train=" + train);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("baselines").propertyNames())
        .containsExactlyInAnyOrder("freq", "knn", "words", "words+knn");
    // The loader gives the frequency baseline: it cannot differ from itself.
    JsonNode same = json.path("baselines").path("freq");
    assertThat(same.path("rules").path("whole10")).isEqualTo(json.path("rules").path("whole10"));
    assertThat(same.path("advantage").path("rules").path("whole10").path("difference").asDouble())
        .isZero();
    JsonNode best = json.path("best_baseline").path("whole10");
    double saved = json.path("rules").path("whole10").path("saved").asDouble();
    assertThat(best.path("saved").asDouble()).isGreaterThanOrEqualTo(saved);
    assertThat(best.path("ratio").asDouble())
        .isCloseTo(saved / best.path("saved").asDouble(), within(0.01));
    assertThat(best.path("advantage").path("difference").asDouble())
        .isCloseTo(saved - best.path("saved").asDouble(), within(0.011));
    assertThat(json.path("train").path(0).asString()).isEqualTo(train.toString());
  }

  @Test
  void anotherModelIsComparedRuleByRule() {
    JsonNode comparison = model("--train=" + train, "--compare=words").json().path("comparison");
    assertThat(comparison.path("model").asString()).isEqualTo("words");
    JsonNode advantage = comparison.path("advantage");
    assertThat(advantage.path("suggestions").path("difference").asDouble()).isPositive();
    assertThat(advantage.path("rules").path("word4").path("ci95").has("low")).isTrue();
    JsonNode itself = model("--compare=" + temporary).json().path("comparison");
    assertThat(itself.path("advantage").path("rules").path("whole10").path("better").asDouble())
        .isZero();
  }

  @Test
  void baselinesAlone() {
    for (String name : List.of("knn", "words", "words+knn")) {
      CommandRun run =
          CommandRun.of(
              new EvaluateCommand(),
              "--model=" + name,
              "--train=" + train,
              "--conversations=" + test);
      assertThat(run.exitCode()).as(run.err()).isZero();
      assertThat(run.json().path("model").asString()).isEqualTo(name);
      assertThat(run.json().has("baselines")).isFalse();
    }
  }

  @Test
  void wrongUsage() {
    String[] noTrain = {"--model", "knn", "--conversations", test.toString()};
    CommandRun untrained = CommandRun.of(new EvaluateCommand(), noTrain);
    assertThat(untrained.exitCode()).isEqualTo(2);
    assertThat(untrained.err()).contains("--model knn is a baseline that learns from --train");
    assertThat(model("--compare=words").exitCode()).isEqualTo(2);
    assertThat(model("--compare=words").err()).contains("--compare words is a baseline");
    assertThat(model("--compare=./missing").err()).contains("--compare ./missing: no such folder");
    assertThat(model("--operating-point=timid").exitCode()).isEqualTo(2);
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
