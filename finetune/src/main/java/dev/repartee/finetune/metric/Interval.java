package dev.repartee.finetune.metric;

/** Where a figure lies in 95% of bootstrap resamples of conversations, in the figure's own unit. */
public record Interval(double low, double high) {

  /** Fewer are too alike: an interval of them would make the figure look certain. */
  public static final int LEAST_CONVERSATIONS = 10;

  /** What stands in the place of an interval of fewer. */
  public static final String TOO_FEW = "too few conversations for an interval";
}
