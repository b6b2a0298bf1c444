package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.NextTokens;
import dev.repartee.engine.suggest.ReplyCounts.Match;
import dev.repartee.engine.suggest.ReplyCounts.Reply;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReplyMixtureTest {

  private static final int END = 9;

  private static final ReplyCounts COUNTS =
      new ReplyCounts(
          List.of(
              new Reply(new int[] {1, 2, 3, END}, 0),
              new Reply(new int[] {1, 2, 4, END}, 1),
              new Reply(new int[] {5, 2, 4, END}, 1),
              new Reply(new int[] {1, ReplyCounts.OTHER, 3, END}, -1)));

  private static NextTokens model(double... probabilities) {
    float[] logs = new float[probabilities.length];
    for (int i = 0; i < logs.length; i++) {
      logs[i] = (float) Math.log(probabilities[i]);
    }
    return NextTokens.read(FloatBuffer.wrap(logs), logs.length, new int[0]);
  }

  @Test
  void matchesAreCountedFromTheShortestOn() {
    List<Match> matches = COUNTS.after(new int[] {1, 2}, -1);
    assertThat(matches).extracting(Match::length).containsExactly(1, 2, 3);
    assertThat(matches.get(0).counts()).containsOnly(entry(3, 1), entry(4, 2));
    assertThat(matches.get(1).counts()).containsOnly(entry(3, 1), entry(4, 1));
    assertThat(matches.get(2).total()).isEqualTo(2); // at the reply's beginning
    assertThat(COUNTS.after(new int[] {7}, -1)).isEmpty();
  }

  @Test
  void aRareWordCountsAndIsNeitherNamedNorMatched() {
    Match first = COUNTS.after(new int[] {1}, -1).getFirst();
    assertThat(first.counts()).containsOnly(entry(2, 2), entry(ReplyCounts.OTHER, 1));
    NextTokens mixed = ReplyMixture.DEFAULT.mixed(model(0.25, 0.25, 0.25, 0.25), List.of(first));
    double sum = IntStream.range(0, mixed.size()).mapToDouble(i -> Math.exp(mixed.logAt(i))).sum();
    assertThat(sum).isCloseTo(1, within(1e-6));
    assertThat(mixed.log(2)).isGreaterThan(Math.log(0.25));
    assertThat(IntStream.range(0, mixed.size()).map(mixed::id)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void anAgentsOwnRepliesCountThreeTimes() {
    assertThat(COUNTS.after(new int[] {1, 2}, 0).getFirst().counts())
        .containsOnly(entry(3, 3), entry(4, 2));
    assertThat(COUNTS.after(new int[] {1, 2}, 1).getFirst().counts())
        .containsOnly(entry(3, 1), entry(4, 6));
  }

  @Test
  void withoutAMatchTheModelStays() {
    NextTokens model = model(0.5, 0.5);
    assertThat(ReplyMixture.DEFAULT.mixed(model, List.of())).isSameAs(model);
  }

  /** What followed is right nine times in ten, and the model never; or the other way round. */
  @Test
  void theWeightsAreLearned() {
    Random random = new Random(3);
    List<ReplyMixture.Observed> counted = new ArrayList<>();
    List<ReplyMixture.Observed> modelled = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      int[] counts = {random.nextDouble() < 0.9 ? 18 : 0};
      counted.add(observed(0.01, counts));
      modelled.add(observed(0.9, new int[] {random.nextDouble() < 0.1 ? 18 : 0}));
    }
    // The tenth that never followed has to come from the model.
    assertThat(share(ReplyMixture.fit(counted))).isBetween(0.75, 0.85);
    assertThat(share(ReplyMixture.fit(modelled))).isLessThan(0.3);
    assertThat(ReplyMixture.fit(List.of())).isEqualTo(ReplyMixture.DEFAULT);
  }

  private static ReplyMixture.Observed observed(double byModel, int[] counts) {
    return new ReplyMixture.Observed(byModel, Math.log(0.9), counts, new int[] {2}, new int[] {20});
  }

  /** What a token has that followed 18 of 20 times, and that the model hardly expects. */
  private static double share(ReplyMixture mixture) {
    Match match = new Match(1, new TreeMap<>(Map.of(1, 18, 2, 2)), 20);
    return Math.exp(mixture.mixed(model(0.9, 0.05, 0.05), List.of(match)).log(1));
  }

  @Test
  void otherThanThirteenWeightsAreRefused() {
    List<Double> few = Collections.nCopies(12, 1.0);
    assertThatThrownBy(() -> new ReplyMixture(few)).hasMessageContaining("must be 13 numbers");
  }
}
