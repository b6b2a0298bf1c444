package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.memory.AnswerHead;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.GoldenPrompt;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.registry.models.Manifest;
import dev.repartee.registry.models.ModelRegistry;
import dev.repartee.registry.store.LocalObjectStore;
import dev.repartee.registry.store.ObjectStore;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A version that no service could load is neither published, nor promoted, nor used. */
class UnservableVersionTest {

  private static final AnswerSet ANSWERS =
      TinyModel.answers("Hello there", "Your order is on the way.", "You are welcome!");

  @TempDir private Path folder;
  private Path model;

  @BeforeEach
  void write() throws IOException {
    model = folder.resolve("model");
    int width = TinyModel.writeThatShowsAll(model, ANSWERS).width();
    new AnswerHead(new float[4 * width], new float[4]).write(model, ANSWERS);
    try (SuggestionEngine engine =
        SuggestionEngine.load(model, new EngineOptions(Compute.cpu(Precision.FP32)))) {
      GoldenPrompt.record(engine).write(model);
    }
    Manifest.of(model).write(model);
  }

  /** What happened to a version, and the file that the message names. */
  enum Damage {
    EMPTY_GOLDEN("golden.json"),
    OTHER_GOLDEN("golden.json"),
    NOISE_IN_WEIGHTS("golden.json"),
    NOT_A_NUMBER("golden.json"),
    CUT_WEIGHTS("model.safetensors"),
    CUT_ANSWERS("answers.json"),
    OTHER_VOCABULARY("config.json");

    private final String file;

    Damage(String file) {
      this.file = file;
    }

    void to(Path model) throws IOException {
      switch (this) {
        case EMPTY_GOLDEN -> Files.writeString(model.resolve("golden.json"), "{}");
        case OTHER_GOLDEN -> {
          GoldenPrompt right = GoldenPrompt.read(model).orElseThrow();
          new GoldenPrompt(right.reply(), right.logLikelihood() - 20, right.tokens()).write(model);
        }
        case NOISE_IN_WEIGHTS -> {
          byte[] noise = new byte[4_000];
          new Random(1).nextBytes(noise);
          inWeights(model, noise);
        }
        case NOT_A_NUMBER -> inWeights(model, new byte[] {-1, -1, -1, 127});
        case CUT_WEIGHTS -> {
          Path weights = model.resolve("model.safetensors");
          byte[] all = Files.readAllBytes(weights);
          Files.write(weights, Arrays.copyOf(all, all.length / 2));
        }
        case CUT_ANSWERS ->
            AnswerSetFile.write(
                model.resolve("answers.json"), new AnswerSet(ANSWERS.answers().subList(0, 1)));
        case OTHER_VOCABULARY -> {
          Path config = model.resolve("config.json");
          Files.writeString(
              config,
              Files.readString(config)
                  .replaceAll("\"vocab_size\" *: *\\d+", "\"vocab_size\": 100"));
        }
      }
    }

    /** In the middle of the file. */
    private static void inWeights(Path model, byte[] other) throws IOException {
      Path weights = model.resolve("model.safetensors");
      byte[] all = Files.readAllBytes(weights);
      int at = all.length / 8 * 4;
      System.arraycopy(other, 0, all, at, other.length);
      Files.write(weights, all);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isRefused(Damage damage) throws IOException {
    damage.to(model);
    String draft = "Your order";
    assertRefused(suggest(draft), "manifest.json");
    Manifest.of(model).write(model); // as if it were whole
    if (damage != Damage.CUT_ANSWERS) { // which an engine copes with
      assertRefused(suggest(draft), damage.file);
    }
    assertRefused(models("publish", "acme", "--model", model, "--alias=production"), damage.file);
    try (ObjectStore store = new LocalObjectStore(folder.resolve("store"))) {
      ModelRegistry registry = new ModelRegistry(store);
      assertThat(registry.names()).isEmpty();
      registry.publish("acme", model); // as an earlier release did
      assertRefused(models("promote", "acme@1", "--alias=production"), damage.file);
      Path gates = Files.writeString(folder.resolve("gates.yaml"), "maximum: { size_mb: 1000 }\n");
      assertRefused(
          models("promote", "acme@1", "--alias=production", "--gates", gates, "--force", "--why=x"),
          damage.file);
      assertThat(registry.aliases("acme")).isEmpty();
    }
  }

  @Test
  void whatCanBeServedIsNot() {
    assertThat(suggest("Your order").exitCode()).isZero();
    assertThat(models("publish", "acme", "--model", model).exitCode()).isZero();
    assertThat(models("promote", "acme@1", "--alias=production").exitCode()).isZero();
  }

  private CommandRun models(Object... args) {
    return RegistryRun.of(new ModelsCommand(), folder, args);
  }

  private CommandRun suggest(String draft) {
    try {
      Path conversations =
          Files.writeString(
              folder.resolve("one.jsonl"),
              "{\"id\": \"c\", \"messages\": [{\"role\": \"customer\", \"text\": \"is the order on the way?\"}]}\n");
      return CommandRun.of(
          new Main(),
          "suggest",
          "--model",
          model,
          "--conversations",
          conversations,
          "--draft",
          draft);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertRefused(CommandRun run, String file) {
    assertThat(run.exitCode()).as(run.out()).isEqualTo(1);
    assertThat(run.err()).contains(file);
  }
}
