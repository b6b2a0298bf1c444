package dev.repartee.registry.models;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.registry.feedback.ReplyEvents.Assignment;
import dev.repartee.text.io.Sha256;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * An experiment: conversations are parted by a hash between arms, which differ in the model's
 * version, in the operating point, or in whether anything is suggested at all. The registry keeps
 * it as it keeps models; {@link Experiments} starts and stops it.
 *
 * @param name in the registry
 * @param model whose versions answer
 * @param arms the baseline first, whose version is what everybody else gets; then what is compared
 *     with it
 * @param minConversations before so many are counted, in all arms, nothing is decided
 * @param started when
 * @param stopped empty while it runs
 */
public record Experiment(
    String name,
    String model,
    List<Arm> arms,
    int minConversations,
    Instant started,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<Instant> stopped) {

  /** The file that a version of an experiment consists of. */
  public static final String FILE = "experiment.json";

  public static final int FEWEST_CONVERSATIONS = 100;
  public static final int MOST_CONVERSATIONS = 100_000_000;

  private static final int MOST_NAME = 32;
  private static final List<String> ANSWERS = List.of("worth", "always", "never");

  /** Shares come from decimal fractions. */
  private static final double ROUNDING = 1e-9;

  /** Of a hash, these bits make a number from 0 to 1 that is exact in a double. */
  private static final int HASH_BITS = 52;

  /**
   * What part of the conversations gets.
   *
   * @param share of the conversations, above 0
   * @param version of the model that answers
   * @param operatingPoint in place of that of the requests, {@code calm} or {@code eager}; empty
   *     for theirs
   * @param answers which whole replies are shown, in place of that of the requests, {@code worth},
   *     {@code always} or {@code never}; empty for theirs
   * @param suggests false for the control group, which is shown nothing
   */
  public record Arm(
      String name,
      double share,
      int version,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> operatingPoint,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> answers,
      boolean suggests) {

    /** An arm that shows what the requests ask for. */
    public Arm(String name, double share, int version, boolean suggests) {
      this(name, share, version, Optional.empty(), Optional.empty(), suggests);
    }

    public Arm {
      requireNonNull(name, "name is null");
      if (!name.matches("[a-z0-9][a-z0-9._-]*") || name.length() > MOST_NAME) {
        throw new IllegalArgumentException(
            "arm '%s' must be 1 to %d lower-case letters, digits, '.', '_' or '-'"
                .formatted(name, MOST_NAME));
      }
      if (!(share > 0 && share < 1)) {
        throw new IllegalArgumentException(
            "share of arm %s must be above 0 and below 1 but is %s".formatted(name, share));
      }
      if (version < 1) {
        throw new IllegalArgumentException(
            "version of arm %s must be at least 1 but is %d".formatted(name, version));
      }
      if (operatingPoint.filter(point -> !Set.of("calm", "eager").contains(point)).isPresent()) {
        throw new IllegalArgumentException(
            "operating_point of arm %s must be calm or eager but is '%s'"
                .formatted(name, operatingPoint.get()));
      }
      if (answers.filter(which -> !ANSWERS.contains(which)).isPresent()) {
        throw new IllegalArgumentException(
            "answers of arm %s must be worth, always or never but is '%s'"
                .formatted(name, answers.get()));
      }
    }

    /** What it does with a conversation, in a few words. */
    @Override
    public String toString() {
      String what =
          suggests
              ? "version "
                  + version
                  + operatingPoint.map(point -> ", " + point).orElse("")
                  + answers.map(which -> ", whole replies " + which).orElse("")
              : "no suggestions";
      BigDecimal percent = BigDecimal.valueOf(100 * share).setScale(2, RoundingMode.HALF_UP);
      return "%s: %s%%, %s".formatted(name, percent.stripTrailingZeros().toPlainString(), what);
    }
  }

  public Experiment {
    ModelReference.checkName("experiment", name);
    RegistryKind.MODEL.checkName(model);
    arms = List.copyOf(arms);
    requireNonNull(started, "started is null");
    if (arms.size() < 2 || arms.size() > 3) {
      throw new IllegalArgumentException("arms must be 2 or 3 but are " + arms.size());
    }
    Set<String> names = new HashSet<>();
    Set<Integer> versions = new HashSet<>();
    double shares = 0;
    for (Arm arm : arms) {
      if (!names.add(arm.name())) {
        throw new IllegalArgumentException("two arms have the name " + arm.name());
      }
      versions.add(arm.version());
      shares += arm.share();
    }
    if (Math.abs(shares - 1) > ROUNDING) {
      throw new IllegalArgumentException("shares of the arms must add up to 1 but are " + shares);
    }
    if (versions.size() > 2) {
      throw new IllegalArgumentException(
          "arms must have at most 2 versions, since a service holds them at once, but have "
              + versions.size());
    }
    if (!arms.getFirst().suggests()) {
      throw new IllegalArgumentException(
          "the first arm is what everybody else gets, and must suggest");
    }
    if (minConversations < FEWEST_CONVERSATIONS || minConversations > MOST_CONVERSATIONS) {
      throw new IllegalArgumentException(
          "min_conversations must be between %d and %d but is %d"
              .formatted(FEWEST_CONVERSATIONS, MOST_CONVERSATIONS, minConversations));
    }
  }

  /**
   * Tells it from others of the same name, before and after. It also is the salt: who was in the
   * control group of one experiment is in any arm of the next.
   */
  public String id() {
    return name + "@" + started;
  }

  /** What is compared with. */
  public Arm baseline() {
    return arms.getFirst();
  }

  /** The version that services need beside the baseline's. */
  public Optional<Integer> otherVersion() {
    return arms.stream()
        .map(Arm::version)
        .filter(version -> version != baseline().version())
        .findFirst();
  }

  /**
   * The arm of a conversation, the same for each of its requests, on all services.
   *
   * @param caller by its name; empty without authentication
   */
  public Arm arm(String caller, String conversationId) {
    String hash = Sha256.of(id() + "\n" + caller + "\n" + conversationId);
    double place =
        Long.parseLong(hash.substring(0, HASH_BITS / 4), 16) / (double) (1L << HASH_BITS);
    for (Arm arm : arms) {
      place -= arm.share();
      if (place < 0) {
        return arm;
      }
    }
    return arms.getLast();
  }

  /** What is stored of {@code arm} with each reply. */
  public Assignment assignment(Arm arm) {
    return new Assignment(id(), arm.name(), Integer.toString(arm.version()));
  }

  /** The same experiment, over. */
  public Experiment stoppedAt(Instant time) {
    return new Experiment(name, model, arms, minConversations, started, Optional.of(time));
  }
}
