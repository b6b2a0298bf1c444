package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.Candidate;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.OfferPolicy;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.metric.EvaluationSettings;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.finetune.metric.ReplyExample.Offered;
import dev.repartee.finetune.metric.TypedTextSaved;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TrainedModel;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code evaluate --calibrate}: what it learns stands in the folder, which stays whole. */
class ModelCalibrationTest {

  private static final String REPLY = "Your order is on the way.";

  @TempDir private static Path trained;
  @TempDir private Path temporary;
  private Path model;
  private Path validation;

  @BeforeAll
  static void train() throws IOException {
    TrainedModel.write(
        trained,
        TinyModel.card(false),
        TinyModel.answers("Good day, one moment."),
        List.of(
            List.of(Message.customer("Where is it?"), Message.agent(REPLY)),
            List.of(Message.customer("Hello"), Message.agent("Good day, one moment."))));
    Manifest.of(trained).write(trained);
  }

  @BeforeEach
  void writeModel() throws IOException {
    model = Files.createDirectories(temporary.resolve("model"));
    try (Stream<Path> files = Files.list(trained)) {
      for (Path file : files.toList()) {
        Files.copy(file, model.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.deleteIfExists(model.resolve(Calibration.FILE));
    validation = conversations("validation.jsonl", REPLY, "Your order went the other way.");
  }

  /** As many conversations as replies, each asked for in the same words. */
  private Path conversations(String name, String... replies) throws IOException {
    List<Conversation> all = new ArrayList<>();
    for (String reply : replies) {
      all.add(
          new Conversation(
              name + all.size(), List.of(Message.customer("Where is it?"), Message.agent(reply))));
    }
    Path file = temporary.resolve(name);
    ConversationWriter.write(file, all);
    return file;
  }

  private CommandRun calibrate(String... more) {
    List<String> args = new ArrayList<>(List.of("--calibrate", "--precision=fp32"));
    args.addAll(List.of(more));
    if (args.stream().noneMatch(argument -> argument.startsWith("--model"))) {
      args.add("--model=" + model);
    }
    if (args.stream().noneMatch(argument -> argument.startsWith("--conversations"))) {
      args.add("--conversations=" + validation);
    }
    return CommandRun.of(new EvaluateCommand(), args);
  }

  @Test
  void whatIsLearnedStandsInItsFileAndTheManifestStillHolds() throws IOException {
    ModelCard before = ModelCard.read(model);
    CommandRun run = calibrate();
    assertThat(run.exitCode()).as(run.err()).isZero();
    ModelCard card = ModelCard.read(model);
    Calibration learned = Calibration.read(model);
    assertThat(learned).isNotEqualTo(Calibration.NONE);
    assertThat(card.provenance()).isEqualTo(before.provenance());
    assertThat(Json.COMPACT.treeToValue(run.json().path("calibration"), Calibration.class))
        .isEqualTo(learned);
    assertThat(card.int8Allowed()).isEqualTo(run.json().path("int8").path("allowed").asBoolean());
    assertThat(learned.eager().read()).isEqualTo(0.5);
    assertThat(learned.calm().read()).isEqualTo(1.5);
    Manifest.read(model).verify(model);
    for (String point : List.of("calm", "eager")) {
      JsonNode offers = run.json().path("offers").path(point);
      assertThat(offers.path("saved").propertyNames())
          .containsExactly("nothing", "counts alone", "with the model");
      assertThat(offers.path("saved").path("nothing").asDouble()).isZero();
      assertThat(offers.path("saved").has(offers.path("chosen").asString())).isTrue();
    }
    assertThat(learned.countsAlone().orElseThrow().calm().offers().countsAlone()).isTrue();
    assertThat(calibrate().exitCode()).as("again").isZero();
    assertThat(Calibration.read(model)).isEqualTo(learned);
  }

  /** However sure this model is of itself, it is judged by what comes of its offers. */
  @Test
  void confidentOffersThatAreOftenWrongAreTrustedLess() throws IOException {
    String wrong = "Your order went the other way.";
    CommandRun run =
        calibrate("--conversations=" + conversations("wrong.jsonl", wrong, wrong, wrong, wrong));
    assertThat(run.exitCode()).as(run.err()).isZero();
    Calibration mistrusting = Calibration.read(model);
    writeModel();
    assertThat(calibrate("--conversations=" + conversations("right.jsonl", REPLY, REPLY, REPLY)))
        .matches(right -> right.exitCode() == 0);
    Calibration trusting = Calibration.read(model);
    for (OperatingPoint point : OperatingPoint.values()) {
      OfferPolicy careful = mistrusting.policy(point);
      OfferPolicy sure = trusting.policy(point);
      Candidate likely =
          new Candidate("order went", 0.9, OptionalDouble.empty(), OptionalDouble.empty(), "");
      assertThat(careful.offers().apply(likely)).isLessThan(sure.offers().apply(likely));
    }
    assertThat(mistrusting.ranking().weights().get("always"))
        .isLessThan(trusting.ranking().weights().get("always"));
  }

  /** On what it was learned from, the scores of what is shown are as high as it is often right. */
  @Test
  void theScoresOfWhatIsShownFitIt() throws IOException {
    String[] replies = new String[60];
    Arrays.fill(replies, 0, 40, REPLY);
    Arrays.fill(replies, 40, replies.length, "Your order went the other way.");
    validation = conversations("mixed.jsonl", replies);
    assertThat(calibrate().exitCode()).isZero();
    for (Display display : List.of(Display.EAGER, Display.CALM)) {
      try (SuggestionEngine engine =
          SuggestionEngine.load(
              model, new EngineOptions(TestDevice.compute(Precision.FP32), display))) {
        List<Offered> offers =
            TypedTextSaved.measure(
                    engine,
                    ConversationReader.readAll(List.of(validation)),
                    EvaluationSettings.DEFAULT,
                    EvaluationProgress.NONE)
                .typing()
                .stream()
                .flatMap(reply -> reply.steps().stream())
                .flatMap(step -> step.offer().stream())
                .toList();
        assertThat(offers).hasSizeGreaterThan(30);
        double right = offers.stream().filter(offer -> !offer.taken().isEmpty()).count();
        assertThat(offers.stream().mapToDouble(Offered::score).average().orElseThrow())
            .isCloseTo(right / offers.size(), within(0.01));
      }
    }
  }

  @Test
  void theCalmPointShowsNoMoreThanTheEagerOne() throws IOException {
    assertThat(calibrate().exitCode()).isZero();
    JsonNode eager = measured("eager");
    JsonNode calm = measured("calm");
    assertThat(shown(calm)).isLessThanOrEqualTo(shown(eager));
  }

  /** Validation says that the model helps, and the test that silence is better. */
  @Test
  void whatTheTestSaysChangesNoChoice() throws IOException {
    String[] replies = new String[12];
    Arrays.fill(replies, REPLY);
    validation = conversations("right.jsonl", replies);
    CommandRun run = calibrate();
    assertThat(run.json().at("/offers/calm/chosen").asString()).isEqualTo("with the model");
    String chosen = Files.readString(model.resolve(Calibration.FILE));

    Arrays.fill(replies, "Your order went the other way.");
    Path test = conversations("test.jsonl", replies);
    String[] baselines = {"--train=" + validation, "--validation=" + validation};
    JsonNode json = measured("calm", test, baselines);
    assertThat(json.at("/counts_alone/advantage/rules/net/difference").asDouble()).isNegative();
    assertThat(json.at("/best_baseline/net/name").asString()).isNotEqualTo("counts alone");
    assertThat(json.at("/verdict/text").asString()).doesNotContain("served as counts");
    assertThat(model.resolve(Calibration.FILE)).hasContent(chosen);

    JsonNode counts = measured("calm", test, "--counts-alone");
    assertThat(counts.at("/rules/net/saved")).isEqualTo(json.at("/counts_alone/rules/net/saved"));
    assertThat(counts.at("/verdict/text").asString()).contains("served as counts, ");
    assertThat(counts.path("operating_point").asString()).isEqualTo("calm, counts alone");
  }

  private JsonNode measured(String point) {
    return measured(point, validation);
  }

  private JsonNode measured(String point, Path conversations, String... more) {
    CommandRun run =
        CommandRun.of(
            new EvaluateCommand(),
            "--model=" + model,
            "--conversations=" + conversations,
            "--precision=fp32",
            "--operating-point=" + point,
            more);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  private static long shown(JsonNode evaluation) {
    JsonNode shown = evaluation.path("rules").path("net").path("offers_shown");
    assertThat(shown.isNumber()).as(evaluation.toString()).isTrue();
    return shown.asLong();
  }

  @Test
  void wrongUsageIsRefusedAndChangesNothing() throws IOException {
    String card = Files.readString(model.resolve(ModelCard.FILE));
    assertRefused(2, "--calibrate changes a model folder", "--model=words+knn");
    assertRefused(2, "--calibrate changes a model folder", "--train=" + validation);
    assertRefused(2, "--calibrate changes a model folder", "--counts-alone");
    assertRefused(2, "--calibrate changes a model folder", "--compare=" + model);
    assertRefused(2, "must be a folder, not a published version", "--model=acme@production");
    Path silent = temporary.resolve("silent.jsonl");
    Files.writeString(
        silent, "{\"id\":\"1\",\"messages\":[{\"role\":\"customer\",\"text\":\"a\"}]}");
    assertRefused(1, "no agent speaks in the 1 conversations", "--conversations=" + silent);
    assertRefused(2, "limit must be at least 1 but is 0", "--limit=0");
    assertRefused(2, "limit must be at least 1 but is -1", "--limit=-1");
    assertThat(model.resolve(ModelCard.FILE)).hasContent(card);
    Manifest.read(model).verify(model);
  }

  private void assertRefused(int code, String message, String... more) {
    CommandRun run = calibrate(more);
    assertThat(run.err()).contains(message);
    assertThat(run.exitCode()).isEqualTo(code);
  }
}
