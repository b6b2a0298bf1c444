package dev.repartee.finetune.metric;

import dev.repartee.text.Fnv;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * The wrong keys of an agent who types a reply: a key beside the right one, the next letter first,
 * or the last letter twice. The agent notices after up to {@value #MOST_UNSEEN} more keys and
 * deletes what is wrong. The reply alone decides where, so that every predictor meets the same
 * errors; those of a low rate are among those of a higher one.
 */
final class Typos {

  /** The keys beside each letter of a QWERTY keyboard, which stands first. */
  private static final String[] BESIDE =
      ("qwa wqase ewsdr redft trfgy ytghu uyhji iujko oiklp pol aqwsz swedxza derfcxs frtgvcd"
              + " gtyhbvf hyujnbg juikmnh kiolmj lopk zasx xzsdc cxdfv vcfgb bvghn nbhjm mnjk")
          .split(" ", -1);

  private static final int MOST_UNSEEN = 3;

  private static final int[] NONE = {};

  private final Map<Integer, int[]> wrong = new HashMap<>();

  /**
   * @param rate the share of the keys that are wrong
   */
  Typos(int[] reply, double rate) {
    if (rate == 0) {
      return;
    }
    SplittableRandom random = new SplittableRandom(Fnv.hash(new String(reply, 0, reply.length)));
    for (int at = 0; at < reply.length; at++) {
      boolean isWrong = random.nextDouble() < rate;
      int kind = random.nextInt(3);
      int unseen = random.nextInt(MOST_UNSEEN + 1);
      double which = random.nextDouble();
      int[] first;
      int next;
      if (kind == 0 && at + 1 < reply.length) {
        first = new int[] {reply[at + 1], reply[at]};
        next = at + 2;
      } else if (kind == 1 && at > 0) {
        first = new int[] {reply[at - 1]};
        next = at;
      } else {
        first = new int[] {beside(reply[at], which)};
        next = at + 1;
      }
      if (isWrong && first[0] != reply[at]) {
        int end = Math.min(next + unseen, reply.length);
        wrong.put(
            at, IntStream.concat(Arrays.stream(first), Arrays.stream(reply, next, end)).toArray());
      }
    }
  }

  /** What is not a letter of the keyboard stays as it is. */
  private static int beside(int key, double which) {
    int lower = Character.toLowerCase(key);
    for (String letter : BESIDE) {
      if (letter.charAt(0) == lower) {
        int other = letter.charAt(1 + (int) (which * (letter.length() - 1)));
        return lower == key ? other : Character.toUpperCase(other);
      }
    }
    return key;
  }

  /**
   * What is typed after the first {@code typed} characters before the agent notices, in code
   * points: a wrong key, and what follows it; nothing where no key is wrong.
   */
  int[] after(int typed) {
    return wrong.getOrDefault(typed, NONE);
  }

  /** The keys that are typed in vain and those that delete them. */
  int keys() {
    return wrong.values().stream().mapToInt(keys -> 2 * keys.length).sum();
  }
}
