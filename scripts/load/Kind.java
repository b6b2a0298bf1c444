import java.util.Locale;

/** What a request is, which decides what it may cost. */
enum Kind {
  /** The first after a new customer message: empty draft, whole replies. */
  MESSAGE(150),
  /** A keystroke after which the model has something new to read: a word or a message was ended. */
  COMPLETION(200),
  /** Any other keystroke. */
  KEYSTROKE(20);

  private final double targetMs;

  Kind(double targetMs) {
    this.targetMs = targetMs;
  }

  /** For the 95th percentile, in milliseconds. */
  double targetMs() {
    return targetMs;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
