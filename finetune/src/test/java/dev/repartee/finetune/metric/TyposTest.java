package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TyposTest {

  private static final int[] REPLY =
      "Please give me your name and your order number. ".repeat(200).codePoints().toArray();

  private static String after(Typos typos, int typed) {
    int[] keys = typos.after(typed);
    return new String(keys, 0, keys.length);
  }

  private static long wrong(Typos typos) {
    return IntStream.range(0, REPLY.length).filter(i -> typos.after(i).length > 0).count();
  }

  @Test
  void theReplyAloneDecidesAndALowRateMakesSomeOfTheErrorsOfAHigherOne() {
    Typos some = new Typos(REPLY, 0.02);
    Typos more = new Typos(REPLY, 0.1);
    assertThat(new Typos(REPLY, 0).keys()).isZero();
    for (int i = 0; i < REPLY.length; i++) {
      assertThat(after(some, i)).isEqualTo(after(new Typos(REPLY, 0.02), i));
      assertThat(after(some, i)).isIn("", after(more, i));
    }
  }

  /** Where letters are doubled or signs stand, some wrong keys would be right. */
  @Test
  void asManyKeysAreWrongAsTheRateSays() {
    assertThat((double) wrong(new Typos(REPLY, 0.1)) / REPLY.length).isCloseTo(0.09, within(0.01));
  }

  @Test
  void aWrongKeyIsFollowedByUpToThreeAndDeletedWithThem() {
    Typos typos = new Typos(REPLY, 0.2);
    int keys = 0;
    for (int i = 0; i < REPLY.length; i++) {
      int[] wrong = typos.after(i);
      keys += 2 * wrong.length;
      if (wrong.length > 0) {
        assertThat(wrong).hasSizeLessThanOrEqualTo(5); // swapped letters are two
        assertThat(wrong[0]).isNotEqualTo(REPLY[i]);
      }
    }
    assertThat(typos.keys()).isEqualTo(keys);
  }
}
