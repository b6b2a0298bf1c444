package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.finetune.metric.FrequentReplies;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.json.Json;
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

  private CommandRun baseline(String model, String... more) {
    List<String> args = new ArrayList<>(List.of("--model", model, "--train", train.toString()));
    args.addAll(List.of("--validation", train.toString(), "--conversations", test.toString()));
    args.addAll(List.of(more));
    return CommandRun.of(new EvaluateCommand(), args);
  }

  @Test
  void modelAlone() {
    CommandRun run = model();
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("conversations").asInt()).isEqualTo(2);
    assertThat(json.path("replies").asInt()).isEqualTo(2);
    // One of two replies is taken before typing, of its 18 characters; 23 are typed; one reply is
    // shown before each.
    assertThat(json.path("suggestions").path("taken").asInt()).isEqualTo(1);
    assertThat(json.path("rules").path("net").path("saved").asDouble())
        .isCloseTo(100 * (1 - (2 + 23 + 2 * 1.5) / (18 + 23.0)), within(0.01));
    assertThat(json.path("latency").path("open").path("count").asInt()).isEqualTo(2);
  }

  /** Counts without words: examples of what people wrote stand nowhere. */
  @Test
  void whatPeopleWroteIsNotKept() throws IOException {
    Path output = temporary.resolve("run").resolve("eval");
    CommandRun run = model("--output", output.toString());
    String file = Files.readString(output.resolve("evaluation.json"));
    ObjectNode kept = (ObjectNode) Json.COMPACT.readTree(file);
    assertThat(kept.remove("counts").path("characters").toString()).isEqualTo("[18,23]");
    assertThat(kept).isEqualTo(run.json());
    String page = Files.readString(output.resolve("report.html"));
    assertThat(file + page + run.out()).doesNotContain("Something else", "omething else entirely");
  }

  @Test
  void limited() {
    assertThat(baseline("words+knn", "--limit", "1").json().path("conversations").asInt())
        .isEqualTo(1);
  }

  @Test
  void withTyposTheReportNamesTheirShareAndComparesWithNothingElse() {
    JsonNode plain = model().json();
    JsonNode mistyped = model("--typos=0.1").json();
    assertThat(plain.has("typos")).isFalse();
    assertThat(plain).isNotEqualTo(mistyped);
    assertThat(mistyped.path("typos").asDouble()).isEqualTo(0.1);
    assertThat(mistyped.path("data")).isNotEqualTo(plain.path("data"));
    assertThat(model("--typos=0").json().path("rules")).isEqualTo(plain.path("rules"));
    assertThat(model("--typos=0.3").err()).contains("typos must be from 0 to 0.2 but are 0.3");
    assertThat(model("--timed=-1").err()).contains("timed must be at least 0 but is -1");
  }

  private EvaluateCommand loading(List<EngineOptions> asked) {
    return new EvaluateCommand(
        (folder, options) -> {
          asked.add(options);
          return new FrequentReplies(ConversationReader.readAll(List.of(train)));
        });
  }

  private CommandRun model(String... more) {
    return CommandRun.of(
        loading(new ArrayList<>()), "--model=" + temporary, "--conversations=" + test, more);
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
    CommandRun run = model("--train=" + train, "--validation=" + train);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("baselines").propertyNames())
        .containsExactlyInAnyOrder("words+knn", "words+knn-3");
    JsonNode best = json.path("best_baseline").path("net");
    double saved = json.path("rules").path("net").path("saved").asDouble();
    assertThat(best.path("saved").asDouble())
        .isEqualTo(
            json.path("baselines")
                .valueStream()
                .mapToDouble(one -> one.path("rules").path("net").path("saved").asDouble())
                .max()
                .orElseThrow());
    assertThat(best.path("advantage").path("difference").asDouble())
        .isCloseTo(saved - best.path("saved").asDouble(), within(0.011));
    assertThat(json.path("train").path(0).asString()).isEqualTo(train.toString());
  }

  @Test
  void anotherModelIsComparedRuleByRule() {
    JsonNode comparison =
        model("--train=" + train, "--validation=" + train, "--compare=words+knn")
            .json()
            .path("comparison");
    assertThat(comparison.path("model").asString()).isEqualTo("words+knn");
    JsonNode advantage = comparison.path("advantage");
    assertThat(advantage.path("rules").path("steady").path("ci95").has("low")).isTrue();
    JsonNode itself = model("--compare=" + temporary).json().path("comparison");
    assertThat(itself.path("advantage").path("rules").path("net").path("better").asDouble())
        .isZero();
  }

  /** By their ids alone. */
  @Test
  void repliesThatAreAnswersOfTheSetAreCounted() throws IOException {
    AnswerSetFile.write(
        temporary.resolve(Knowledge.ANSWERS_FILE),
        new AnswerSet(
            List.of(
                new Answer("help", "How can I help you?", 9, 3, List.of()),
                new Answer("bye", "Goodbye!", 9, 3, List.of()))));
    test = conversations("more.jsonl", "How can I help you", "How can I help you?", "Other", "No.");
    CommandRun run = model();
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("answers").toString()).isEqualTo("{\"help\":2}");
    assertThat(model("--no-json").out()).contains("2 replies are one of 1 answers of the set");
  }

  @Test
  void wrongUsage() {
    String[] noTrain = {"--model", "words+knn", "--conversations", test.toString()};
    CommandRun untrained = CommandRun.of(new EvaluateCommand(), noTrain);
    assertThat(untrained.exitCode()).isEqualTo(2);
    assertThat(untrained.err())
        .contains("--model words+knn is a baseline that learns from --train");
    assertThat(model("--train=" + train).err()).contains("give both, or neither");
    assertThat(model("--attach=acme@1").err()).contains("give --store URI");
    assertThat(model("--compare=words+knn").exitCode()).isEqualTo(2);
    assertThat(model("--compare=words+knn").err()).contains("--compare words+knn is a baseline");
    assertThat(model("--compare=./missing").err()).contains("--compare ./missing: no such folder");
    assertThat(model("--operating-point=timid").exitCode()).isEqualTo(2);
    assertThat(baseline("words+knn", "--limit", "0").exitCode()).isEqualTo(2);
    assertThat(baseline("words+knn", "--precision", "int4").exitCode()).isEqualTo(2);
    assertThat(CommandRun.of(new EvaluateCommand()).exitCode()).isEqualTo(2);
  }
}
