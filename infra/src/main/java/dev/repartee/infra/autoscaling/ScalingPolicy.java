package dev.repartee.infra.autoscaling;

/**
 * How many pods may be added or taken away within a period of time.
 *
 * @param type what {@code value} counts: pods, or percent of the pods at the period's begin
 * @param value how many, 1 to 1,000
 * @param periodSeconds the period, 1 to 1,800
 */
record ScalingPolicy(Type type, int value, double periodSeconds) {

  enum Type {
    PODS,
    PERCENT
  }

  ScalingPolicy {
    Bounds.present("type", type);
    Bounds.within("value", value, 1, 1000);
    Bounds.within("periodSeconds", periodSeconds, 1, 1800);
  }

  /** The most pods that there may be, when there were so many at the period's begin. */
  int mostFrom(int atBegin) {
    return type == Type.PODS ? atBegin + value : (int) Math.ceil(atBegin * (1 + value / 100.0));
  }

  /** The fewest; rounded down, so that a small share of few pods is still one. */
  int fewestFrom(int atBegin) {
    return type == Type.PODS ? atBegin - value : (int) (atBegin * (1 - value / 100.0));
  }
}
