package dev.repartee.finetune.feedback;

import dev.repartee.finetune.metric.Rule;
import dev.repartee.registry.feedback.FeedbackRecord;
import dev.repartee.registry.feedback.ReplyEvents;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/**
 * What is added up of replies, and the figures that follow from it. All sums are whole numbers, so
 * they are the same in whatever order replies are added. Not for several threads.
 */
final class ReplySums {

  /** A reply counts as this long at most: one that was left open says nothing. */
  static final long LONGEST_REPLY_MS = 300_000;

  /** What is added up. */
  enum Count {
    REPLIES,
    /** With a suggestion on the screen. */
    ASSISTED,
    /** Of which a suggestion was sent, as it stood or edited. */
    USED,
    EDITED,
    CHARACTERS,
    /** Characters sent, less those typed, less one where a suggestion was used. */
    SAVED,
    /** Of replies with events, as are the following. */
    DETAILED_CHARACTERS,
    DETAILED_TYPED,
    DISPLAYS,
    TAKEN,
    /** Of which the time is known. */
    TIMED,
    TIMED_CHARACTERS,
    COMPOSING_MS
  }

  /**
   * A figure of replies: a sum over another.
   *
   * @param per 0 where the figure is not known
   */
  record Figure(ToDoubleFunction<ReplySums> of, ToDoubleFunction<ReplySums> per) {

    static final Figure ASSISTED = of(100, Count.ASSISTED, Count.REPLIES);
    static final Figure ADOPTION = of(100, Count.USED, Count.ASSISTED);
    static final Figure EDITED = of(100, Count.EDITED, Count.USED);
    static final Figure NET =
        new Figure(
            sums -> 100 * sums.keystrokesSaved(), sums -> sums.get(Count.DETAILED_CHARACTERS));
    static final Figure TYPED_TEXT_SAVED = of(100, Count.SAVED, Count.CHARACTERS);
    static final Figure COMPOSING_SECONDS = of(1e-3, Count.COMPOSING_MS, Count.TIMED);
    static final Figure SECONDS_PER_100_CHARACTERS =
        of(0.1, Count.COMPOSING_MS, Count.TIMED_CHARACTERS);
    static final Figure CHARACTERS_PER_REPLY = of(1, Count.CHARACTERS, Count.REPLIES);
    static final Figure REPLIES_PER_CONVERSATION =
        new Figure(sums -> sums.get(Count.REPLIES), _ -> 1);

    private static Figure of(double scale, Count part, Count whole) {
      return new Figure(sums -> scale * sums.get(part), sums -> sums.get(whole));
    }

    Optional<Double> value(ReplySums sums) {
      double whole = per.applyAsDouble(sums);
      return whole == 0 ? Optional.empty() : Optional.of(of.applyAsDouble(sums) / whole);
    }

    /**
     * The figure of all units together, and its variance over them by linearization (Cochran 1977).
     *
     * @param units that are independent, such as conversations; those without the figure are left
     *     out
     */
    Estimate estimate(Collection<ReplySums> units) {
      int n = 0;
      double x = 0;
      double y = 0;
      double xx = 0;
      double xy = 0;
      double yy = 0;
      for (ReplySums unit : units) {
        double size = per.applyAsDouble(unit);
        if (size > 0) {
          double value = of.applyAsDouble(unit);
          n++;
          x += size;
          y += value;
          xx += size * size;
          xy += size * value;
          yy += value * value;
        }
      }
      double ratio = y / x;
      double squares = yy - 2 * ratio * xy + ratio * ratio * xx; // of y - ratio * x
      double mean = x / n;
      return new Estimate(ratio, squares / (n - 1) / n / (mean * mean), n);
    }
  }

  /** A figure, the variance of its estimate, and the units that have it; NaN where none has it. */
  record Estimate(double value, double variance, int units) {}

  private final long[] sums = new long[Count.values().length];

  /** The sums of one reply. */
  static ReplySums of(FeedbackRecord reply) {
    ReplySums sums = new ReplySums();
    sums.add(Count.REPLIES, 1);
    sums.add(Count.ASSISTED, reply.assisted() ? 1 : 0);
    sums.add(Count.USED, reply.used().isPresent() ? 1 : 0);
    sums.add(Count.EDITED, reply.edited() ? 1 : 0);
    sums.add(Count.CHARACTERS, reply.finalCharacters());
    sums.add(Count.SAVED, reply.saved());
    if (reply.events().isPresent()) {
      ReplyEvents events = reply.events().get();
      sums.add(Count.DETAILED_CHARACTERS, reply.finalCharacters());
      sums.add(Count.DETAILED_TYPED, reply.charactersTyped());
      sums.add(Count.DISPLAYS, events.displays());
      sums.add(Count.TAKEN, reply.taken());
      events
          .composingMs()
          .ifPresent(
              ms -> {
                sums.add(Count.TIMED, 1);
                sums.add(Count.TIMED_CHARACTERS, reply.finalCharacters());
                sums.add(Count.COMPOSING_MS, Math.min(ms, LONGEST_REPLY_MS));
              });
    }
    return sums;
  }

  @SuppressWarnings("EnumOrdinal") // of an array in memory
  long get(Count count) {
    return sums[count.ordinal()];
  }

  @SuppressWarnings("EnumOrdinal")
  void add(Count count, long more) {
    sums[count.ordinal()] += more;
  }

  void add(ReplySums other) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += other.sums[i];
    }
  }

  /** The sum of all. */
  static ReplySums total(Collection<ReplySums> all) {
    ReplySums total = new ReplySums();
    all.forEach(total::add);
    return total;
  }

  /** The same replies, as if no time were known. */
  ReplySums withoutTimes() {
    ReplySums without = total(List.of(this));
    for (Count count : List.of(Count.TIMED, Count.TIMED_CHARACTERS, Count.COMPOSING_MS)) {
      without.add(count, -get(count));
    }
    return without;
  }

  /** Of replies with events, those for actions and reading taken off. */
  private double keystrokesSaved() {
    return get(Count.DETAILED_CHARACTERS)
        - Rule.NET.cost(get(Count.DETAILED_TYPED), get(Count.TAKEN), get(Count.DISPLAYS), 0);
  }
}
