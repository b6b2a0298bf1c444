package dev.repartee.finetune.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.StandardVocabulary;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.GoldenModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class InspectCommandTest {

  private static final int T = 128;
  private static final int V = 512;
  private static final Offset<Double> CLOSE = within(1e-4);

  @TempDir private Path temporary;
  private GoldenModel golden;

  @BeforeEach
  void setUp() throws IOException {
    golden = GoldenModel.copyTo(temporary.resolve("golden"));
  }

  private static CommandRun inspect(Path model, String... more) {
    String[] args = {"--model", model.toString()};
    String[] all = Arrays.copyOf(args, args.length + more.length);
    System.arraycopy(more, 0, all, args.length, more.length);
    return CommandRun.of(new InspectCommand(), all);
  }

  /** Inputs and the last target of a row of the first golden batch: T + 1 tokens. */
  private long[] row(int b) {
    return Arrays.copyOfRange(golden.expectedLongs("batches"), b * (T + 1), (b + 1) * (T + 1));
  }

  private static String list(long[] ids) {
    return LongStream.of(ids).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  /** -log p(target) from the reference's logits at position t of row b. */
  private double referenceNll(int b, int t) {
    int from = (b * T + t) * V;
    float[] logits = Arrays.copyOfRange(golden.expectedFloats("logits"), from, from + V);
    double sum = 0;
    for (float logit : logits) {
      sum += Math.exp(logit);
    }
    return Math.log(sum) - logits[(int) row(b)[t + 1]];
  }

  @Test
  void filesAloneWithoutTokens() {
    JsonNode json = inspect(golden.folder()).json();
    assertThat(json.path("config").toString())
        .isEqualTo(
            "{\"vocab_size\":512,\"n_positions\":128,\"n_embd\":64,\"n_layer\":2,\"n_head\":4,"
                + "\"layer_norm_epsilon\":1.0E-5}");
    // (512 + 128) * 64 + 2 * (12 * 64^2 + 13 * 64) + 2 * 64
    assertThat(json.path("parameters").asInt()).isEqualTo(141_056);
    assertThat(json.path("dtype").asString()).isEqualTo("F32");
    assertThat(json.path("tokens")).isEmpty();
    assertThat(json.path("mean_nll").isNull()).isTrue();
    assertThat(json.path("top")).isEmpty();
  }

  @Test
  void countsWhatIsRemembered() throws IOException {
    assertThat(inspect(golden.folder()).json().path("memory").isNull()).isTrue();
    Path model = temporary.resolve("model");
    TinyModel.writeRandom(model, TinyModel.card(false), TinyModel.answers("Hello there", "Bye"));
    TinyModel.rememberOwn(model, "a-3", "Howdy, partner!");
    CommandRun run = inspect(model);
    assertThat(run.json().path("memory").toString())
        .isEqualTo("{\"replies\":3,\"agents\":1,\"texts\":{\"to_all\":2,\"to_one_agent\":1}}");
    assertThat(run.out()).doesNotContain("a-3").doesNotContain("Howdy");
  }

  @Test
  void agreesWithTheReference() throws IOException {
    double sum = 0;
    for (int b = 0; b < 2; b++) {
      CommandRun run = inspect(golden.folder(), "--tokens", list(Arrays.copyOf(row(b), T)));
      assertThat(run.exitCode()).isZero();
      JsonNode json = run.json();
      assertThat(json.path("tokens")).hasSize(T);
      // The model has no position for the row's last target: the reference's own logits give it.
      sum += json.path("mean_nll").asDouble() * (T - 1) + referenceNll(b, T - 1);
      assertTop(json.path("top"), b);
    }
    assertThat(sum / (2 * T))
        .isCloseTo(golden.expected().path("full_loss_batch0").asDouble(), CLOSE);
  }

  private void assertTop(JsonNode top, int b) {
    assertThat(top).hasSize(10);
    float[] logits = golden.expectedFloats("logits");
    int from = (b * T + T - 1) * V;
    double sum = 0;
    double largest = Double.NEGATIVE_INFINITY;
    for (int id = 0; id < V; id++) {
      sum += Math.exp(logits[from + id]);
      largest = Math.max(largest, logits[from + id]);
    }
    assertThat(top.path(0).path("logit").asDouble()).isCloseTo(largest, CLOSE);
    double before = Double.POSITIVE_INFINITY;
    for (JsonNode next : top) {
      double logit = logits[from + next.path("id").asInt()];
      assertThat(next.path("logit").asDouble()).isCloseTo(logit, CLOSE).isLessThanOrEqualTo(before);
      assertThat(next.path("probability").asDouble()).isCloseTo(Math.exp(logit) / sum, CLOSE);
      assertThat(next.path("token").isNull()).as("no tokenizer has 512 tokens").isTrue();
      before = next.path("logit").asDouble();
    }
  }

  @Test
  void shardsWithoutThePrefixSayTheSame() throws IOException {
    Path sharded = golden.sharded(temporary.resolve("sharded"));
    String[] tokens = {"--tokens", "5, 1 2,3"};
    CommandRun run = inspect(sharded, tokens);
    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo(inspect(golden.folder(), tokens).out());
  }

  @Test
  void mixedTypesAreCountedAndRead() throws IOException {
    Path mixed = golden.halfInBf16(temporary.resolve("mixed"));
    JsonNode json = inspect(mixed, "--tokens", "1,2,3").json();
    assertThat(json.path("dtype").asString()).isEqualTo("mixed");
    assertThat(json.path("dtype_counts").toString()).isEqualTo("{\"BF16\":10,\"F32\":18}");
    double exact = inspect(golden.folder(), "--tokens", "1,2,3").json().path("mean_nll").asDouble();
    assertThat(json.path("mean_nll").asDouble()).isCloseTo(exact, within(0.1)).isNotEqualTo(exact);
  }

  @Test
  void oneTokenHasNoLossButASuccessor() {
    JsonNode json = inspect(golden.folder(), "--tokens", "7").json();
    assertThat(json.path("mean_nll").isNull()).isTrue();
    assertThat(json.path("top")).hasSize(10);
  }

  @Test
  void textThroughTheFoldersOwnTokenizer() throws IOException {
    try (Gpt2Tokenizer tokenizer = StandardVocabulary.tokenizer()) {
      tokenizer.write(golden.folder());
    }
    // The golden model has GPT-2's first 512 tokens: bytes and the most frequent pairs.
    CommandRun run = inspect(golden.folder(), "--text", "A the");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("tokens").toString()).isEqualTo("[32,262]");
    assertThat(run.json().path("top").path(0).path("token").isString()).isTrue();
    assertThat(inspect(golden.folder(), "--text", "Hello").err()).contains("between 0 and 511");
  }

  @Test
  void wrongUsage() throws IOException {
    assertUsage("exclude each other", inspect(golden.folder(), "--tokens", "1", "--text", "a"));
    assertUsage("whole numbers", inspect(golden.folder(), "--tokens", "1,b"));
    assertUsage("between 0 and 511", inspect(golden.folder(), "--tokens", "1,512"));
    assertUsage("between 0 and 511", inspect(golden.folder(), "--tokens=-1"));
    assertUsage("at most 128", inspect(golden.folder(), "--tokens", "1,".repeat(129)));
    assertUsage("tokenizer.json", inspect(golden.folder(), "--text", "Hello"));
    assertUsage("--model", CommandRun.of(new InspectCommand()));
  }

  private static void assertUsage(String part, CommandRun run) {
    assertThat(run.err()).contains(part);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  @Test
  void noModelFolder() throws IOException {
    CommandRun run = inspect(temporary.resolve("nowhere"), "--tokens", "1");
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).startsWith("error: ").contains("nowhere: no such folder").hasLineCount(1);
    Files.delete(golden.folder().resolve("model.safetensors"));
    assertThat(inspect(golden.folder()).err()).contains("model.safetensors is missing");
  }
}
