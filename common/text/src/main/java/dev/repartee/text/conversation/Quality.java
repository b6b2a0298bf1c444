package dev.repartee.text.conversation;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.UserException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a center knows of how good a conversation was.
 *
 * @param rating by the customer, from 0 for the worst to 1 for the best
 * @param resolved whether the desk marks it as solved
 * @param startedOn the first day at work of the conversation's agent
 */
public record Quality(
    Optional<Double> rating, Optional<Boolean> resolved, Optional<LocalDate> startedOn) {

  /** Nothing is known. */
  public static final Quality UNKNOWN =
      new Quality(Optional.empty(), Optional.empty(), Optional.empty());

  /** The {@link #weight} of a conversation that was neither good nor bad, as far as is known. */
  public static final int NEUTRAL = 8;

  /** Four or five stars of five. */
  private static final double WELL_RATED = 0.75;

  /** One or two stars of five. */
  private static final double BADLY_RATED = 0.25;

  /** An agent's first weeks at work. */
  private static final Duration LEARNING = Duration.ofDays(28);

  public Quality {
    requireNonNull(rating, "rating is null");
    requireNonNull(resolved, "resolved is null");
    requireNonNull(startedOn, "startedOn is null");
    // NaN is refused, too.
    if (rating.isPresent() && !(rating.get() >= 0 && rating.get() <= 1)) {
      throw new IllegalArgumentException("rating must be from 0 to 1 but is " + rating.get());
    }
  }

  /**
   * What the replies of {@code conversation} weigh where good ones are preferred, in eighths. A
   * rating and whether it was resolved double the weight or halve it each, an agent's first weeks
   * halve it. So weights are powers of two, from 1 to 32, which is 4.
   */
  public static int weight(Conversation conversation) {
    Quality quality = conversation.quality();
    int doublings =
        quality.rating().map(Quality::sign).orElse(0)
            + quality.resolved().map(resolved -> resolved ? 1 : -1).orElse(0)
            - (isLearning(conversation) ? 1 : 0);
    return doublings < 0 ? NEUTRAL >> -doublings : NEUTRAL << doublings;
  }

  /** Whether its replies weigh so little that nobody should learn them as answers. */
  public static boolean isPoor(Conversation conversation) {
    return weight(conversation) < NEUTRAL;
  }

  private static int sign(double rating) {
    return rating >= WELL_RATED ? 1 : rating <= BADLY_RATED ? -1 : 0;
  }

  private static boolean isLearning(Conversation conversation) {
    return timeAtWork(conversation)
        .filter(time -> !time.isNegative() && time.compareTo(LEARNING) < 0)
        .isPresent();
  }

  /** From the agent's first day to the conversation. */
  private static Optional<Duration> timeAtWork(Conversation conversation) {
    return conversation
        .quality()
        .startedOn()
        .map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant())
        .flatMap(begun -> conversation.startedAt().map(time -> Duration.between(begun, time)));
  }

  /** Whether anything is known of which {@link #weight} depends. */
  public static boolean isKnown(Conversation conversation) {
    Quality quality = conversation.quality();
    return quality.rating().isPresent()
        || quality.resolved().isPresent()
        || timeAtWork(conversation).isPresent();
  }

  /** The failure when good conversations are to be preferred in files that name none. */
  public static UserException unknownIn(List<Path> files) {
    return UserException.usage(
        "--prefer: no conversation in %s has a rating, whether it was resolved, or the agent's first day beside its own time; 'conversations import' keeps the columns rating, resolved and started_on; without them leave out --prefer"
            .formatted(files.stream().map(Path::toString).collect(Collectors.joining(", "))));
  }
}
