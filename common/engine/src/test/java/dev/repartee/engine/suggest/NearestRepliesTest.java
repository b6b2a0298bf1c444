package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two kinds of context, in which agents reply differently. */
class NearestRepliesTest {

  private static final int WIDTH = 6;
  private static final Wordings WORDINGS = new Wordings(TinyModel.answers("Hello", "Goodbye"));

  @TempDir private Path folder;

  /** 200 contexts of either kind; at the end of a chat one in four replies is none of the set. */
  private static NearestReplies replies() {
    Random random = new Random(1);
    float[] hidden = new float[400 * WIDTH];
    int[] labels = new int[400];
    for (int n = 0; n < 400; n++) {
      System.arraycopy(context(n % 2, random), 0, hidden, n * WIDTH, WIDTH);
      labels[n] = n % 2 == 0 ? 0 : n % 8 == 1 ? WORDINGS.label("What?") : 1;
    }
    return NearestReplies.of(hidden, labels, WORDINGS);
  }

  private static float[] context(int kind, Random random) {
    float[] hidden = new float[WIDTH];
    for (int c = 0; c < WIDTH; c++) {
      hidden[c] = 5 + (c % 2 == kind ? 1 : -1) + 0.3f * (float) random.nextGaussian();
    }
    return hidden;
  }

  @Test
  void contextsLikeThisOneTellWhatIsReplied() {
    Random random = new Random(2);
    double[] begin = replies().probabilities(context(0, random), 2);
    assertThat(begin[0]).isGreaterThan(0.95);
    double[] end = replies().probabilities(context(1, random), 2);
    assertThat(end[0]).isLessThan(0.05);
    assertThat(end[1]).isCloseTo(0.75, within(0.12));
  }

  @Test
  void theFolderHoldsThemForTheWordingsThatItHasThen() throws IOException {
    replies().write(folder);
    float[] context = context(0, new Random(3));
    assertThat(NearestReplies.read(folder, WORDINGS, WIDTH).orElseThrow().probabilities(context, 2))
        .containsExactly(replies().probabilities(context, 2), within(1e-6));
    // Another order, and one of them gone.
    Wordings now = new Wordings(TinyModel.answers("New one", "Hello"));
    double[] shares =
        NearestReplies.read(folder, now, WIDTH).orElseThrow().probabilities(context, 2);
    assertThat(shares[0]).isZero();
    assertThat(shares[1]).isGreaterThan(0.95);
    assertThat(Files.readString(folder.resolve(NearestReplies.LABELS)))
        .doesNotContainIgnoringCase("hello")
        .doesNotContainIgnoringCase("what");
  }

  @Test
  void filesThatDoNotFitAreNamed() throws IOException {
    assertThat(NearestReplies.read(folder, WORDINGS, WIDTH)).isEmpty();
    replies().write(folder);
    assertThatThrownBy(() -> NearestReplies.read(folder, WORDINGS, WIDTH + 1))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("must have shape [400, 7]");
    Files.writeString(
        folder.resolve(NearestReplies.LABELS),
        "{\"wordings\": [\"x\"], \"labels\": %s}".formatted(Arrays.toString(new int[] {0, 1})));
    assertThatThrownBy(() -> NearestReplies.read(folder, WORDINGS, WIDTH))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("labels must be between -1 and 0");
  }

  @Test
  void aSingleReplyIsNoTrouble() {
    NearestReplies one = NearestReplies.of(new float[] {1, 2, 3, 4, 5, 6}, new int[] {1}, WORDINGS);
    assertThat(one.probabilities(new float[] {0, 0, 0, 0, 0, 1}, 2)).containsExactly(0, 1);
  }
}
