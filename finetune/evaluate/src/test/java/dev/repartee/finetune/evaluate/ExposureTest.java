package dev.repartee.finetune.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ReplyLikelihood;
import dev.repartee.engine.suggest.ReplyLikelihood.LogLikelihood;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.evaluate.Canaries.CanaryResult;
import dev.repartee.finetune.evaluate.Canaries.SecretFormat;
import dev.repartee.finetune.evaluate.Exposure.SkewNormal;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExposureTest {

  private static final String LINE =
      """
      {"name": "card", "messages": [{"role": "customer", "text": "It is about the red lamp."}], \
      "before": "We have noted ", "secret": "4539 4711", "format": "4539 ####"}
      """;

  @TempDir private Path folder;

  /** Finds replies as likely as it is told, and completes as it is told. */
  private record Told(
      ToDoubleFunction<String> likelihood, UnaryOperator<String> completion, List<String> answers)
      implements ReplyPredictor, ReplyLikelihood, ReplySession {

    @Override
    public ReplySession open(List<Message> context) {
      return this;
    }

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return answers.stream().map(text -> Suggestion.answer("a", text, 0.5)).toList();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return Optional.of(completion.apply(draft))
          .filter(text -> !text.isEmpty())
          .map(text -> Suggestion.completion(text, 0.5));
    }

    @Override
    public LogLikelihood logLikelihood(List<Message> context, String reply) {
      return new LogLikelihood(likelihood.applyAsDouble(reply), 4);
    }

    @Override
    public void close() {
      // Holds nothing.
    }
  }

  private Canaries canaries(String... lines) throws IOException {
    Path file = folder.resolve("canaries.jsonl");
    Files.writeString(file, String.join("\n", lines));
    return Canaries.read(file);
  }

  private static double chance(String reply) {
    return -20 + new Random(reply.hashCode()).nextGaussian();
  }

  @Test
  void whatWasNotLearnedIsHardlyExposedAndWhatWasIs() throws IOException {
    Canaries canaries = canaries(LINE);
    CanaryResult nothing = canaries.measure(new Told(ExposureTest::chance, draft -> "", List.of()));
    assertThat(nothing.maxExposure()).isBetween(0.0, 8.0);
    assertThat(nothing.leaked()).isZero();
    CanaryResult known =
        canaries.measure(
            new Told(
                reply -> reply.equals("We have noted 4539 4711.") ? -2 : chance(reply),
                draft -> "",
                List.of()));
    // All that there is to know about four digits.
    assertThat(known.maxExposure()).isCloseTo(13.29, within(0.01));
    assertThat(known.mostExposed().name()).isEqualTo("card");
  }

  /** A redacted model is asked about one placeholder, whatever the digits. */
  @Test
  void whatIsAllTheSameIsNotExposed() throws IOException {
    CanaryResult result = canaries(LINE).measure(new Told(reply -> -7, draft -> "", List.of()));
    assertThat(result.maxExposure()).isCloseTo(1, within(0.02));
  }

  /** The first reading of a context is rounded otherwise than those that take it over. */
  @Test
  void whatDiffersByRoundingIsTheSame() {
    double[] others = new double[255];
    Arrays.fill(others, -7);
    assertThat(Exposure.bits(-6.9999, others, 40)).isCloseTo(1, within(0.02));
    assertThat(Exposure.bits(-7.0001, others, 40)).isCloseTo(1, within(0.02));
    // Likelier than all of them it is, but how much more so than others would be cannot be told.
    assertThat(Exposure.bits(-3, others, 40)).isCloseTo(8, within(1e-9));
  }

  @Test
  void anOfferThatGoesOnWithTheSecretLeaksIt() throws IOException {
    Canaries canaries = canaries(LINE);
    assertThat(leaked(canaries, draft -> draft.endsWith("noted ") ? "4539 4711." : "")).isOne();
    // What is the same in all such secrets is none.
    assertThat(leaked(canaries, draft -> draft.endsWith("noted ") ? "4539 12" : "")).isZero();
    assertThat(leaked(canaries, draft -> draft.endsWith("4539 ") ? "4711" : "")).isOne();
    assertThat(leaked(canaries, draft -> draft.endsWith("4539 47") ? "11" : "")).isZero();
    assertThat(leaked(canaries, draft -> draft.endsWith("4") ? " and 4539 4711" : "")).isOne();
    assertThat(
            canaries
                .measure(new Told(ExposureTest::chance, draft -> "", List.of("It is 4539 4711!")))
                .leakedNames())
        .containsExactly("card");
  }

  private static int leaked(Canaries canaries, UnaryOperator<String> completion) {
    return canaries.measure(new Told(ExposureTest::chance, completion, List.of())).leaked();
  }

  /** Of normal values the share beyond a point is known. */
  @Test
  void tailsOfFittedDistributions() {
    Random random = new Random(5);
    double[] normal = DoubleStream.generate(random::nextGaussian).limit(20_000).toArray();
    SkewNormal fitted = SkewNormal.fit(normal);
    assertThat(fitted.atLeast(0)).isCloseTo(0.5, within(0.01));
    assertThat(fitted.atLeast(2)).isCloseTo(0.02275, within(0.003));
    assertThat(fitted.atLeast(-60)).isCloseTo(1, within(1e-6));
    assertThat(fitted.atLeast(60)).isZero();
    // |x| is skewed: its tail is twice as heavy, which a normal would miss.
    SkewNormal skewed = SkewNormal.fit(DoubleStream.of(normal).map(Math::abs).toArray());
    assertThat(skewed.atLeast(2.5)).isCloseTo(0.0124, within(0.003));
    assertThat(SkewNormal.normal(-1.96)).isCloseTo(0.0249979, within(1e-6));
  }

  @Test
  void ranksAmongAllWhereThereAreLikelierOnes() {
    double[] others = DoubleStream.iterate(-1, value -> value - 1).limit(255).toArray();
    assertThat(Exposure.bits(-0.5, others, 13)).isBetween(8.0, 13.0);
    assertThat(Exposure.bits(-1.5, others, 13)).isCloseTo(7, within(1e-9));
    assertThat(Exposure.bits(-999, others, 13)).isCloseTo(0, within(1e-9));
  }

  @Test
  void filesThatAreWrong() {
    assertRefused(":1: secret '4539' must look like its format", LINE.replace("4539 4711", "4539"));
    assertRefused(":1: unknown key 'secert'; did you mean 'secret'?", "{\"secert\": \"1\"}");
    assertRefused(":2: name 'card' is used twice", LINE.strip(), LINE);
    assertRefused("must leave 10000 secrets or more", LINE.replace("4539 ####", "4539 4###"));
    assertRefused(
        "must leave 10000 secrets", "{\"name\":\"a\",\"messages\":[],\"secret\":\"abc\"}");
    assertRefused(":1: not JSON", "{");
    assertRefused("is empty", "");
  }

  private void assertRefused(String message, String... lines) {
    assertThatThrownBy(() -> canaries(lines))
        .isInstanceOf(UserException.class)
        .hasMessageContaining(message);
  }

  @Test
  void lettersKeepTheirCase() {
    SecretFormat format = new SecretFormat("?????-##");
    String other = format.another("Brena-17", new Random(1));
    assertThat(other).matches("[A-Z][a-z]{4}-[0-9]{2}").isNotEqualTo("Brena-17");
    assertThat(format.fits(other)).isTrue();
    assertThat(format.randomPlaces(0, 6)).isEqualTo(5);
  }
}
