package dev.repartee.engine.suggest;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Chooses the one continuation to offer: the one that is expected to save most keystrokes, with
 * those that offers after it may save. What was passed is as improbable as an agent who overlooks a
 * wanted offer.
 */
final class OfferChoice {

  /** A candidate with what is known about it in the light of the offers passed. */
  private static final class Option {
    private final Candidate candidate;
    private final String lower;
    private double probability;
    private double later; // keystrokes that offers after it are expected to save
    private double partly; // keystrokes that its first words alone are expected to save

    Option(Candidate candidate) {
      this.candidate = candidate;
      this.lower = Words.lower(candidate.text());
    }

    int length() {
      return candidate.text().length();
    }

    double saved() {
      return probability * (length() - 1) + later + PARTLY * partly;
    }
  }

  /** What an offer is worth of which only the first words are wanted, beside one taken whole. */
  private static final double PARTLY = 0.3;

  private static final int LEAST_PART = 4;

  private final OfferPolicy policy;
  private final PlattScale calibration;

  OfferChoice(OfferPolicy policy, PlattScale calibration) {
    this.policy = policy;
    this.calibration = calibration;
  }

  /** The best of {@code candidates} after {@code draft}, if any is worth showing. */
  Optional<Candidate> choose(List<Candidate> candidates, String draft, DeclinedOffers passed) {
    List<Option> options = merged(candidates);
    discount(options, Words.lower(draft), passed.times());
    addLater(options);
    Optional<Option> worthReading =
        options.stream()
            .filter(option -> option.length() >= DeclinedOffers.WORTH_READING)
            .filter(this::isProbable)
            .max(Comparator.comparingDouble(Option::saved));
    return worthReading
        .or(
            () ->
                options.stream()
                    .filter(this::isProbable)
                    .max(Comparator.comparingDouble(Option::saved)))
        .filter(option -> option.length() > 1)
        .map(
            option ->
                new Candidate(option.candidate.text(), calibration.apply(option.probability)));
  }

  private boolean isProbable(Option option) {
    return option.probability > 0
        && calibration.apply(option.probability) >= policy.leastProbability();
  }

  /** Spellings that differ in case only count together, under the most probable one. */
  private static List<Option> merged(List<Candidate> candidates) {
    Map<String, Candidate> best = new HashMap<>();
    Map<String, Double> sums = new HashMap<>();
    for (Candidate candidate : candidates) {
      String lower = Words.lower(candidate.text());
      sums.merge(lower, candidate.probability(), Double::sum);
      best.merge(
          lower, candidate, (one, other) -> one.probability() >= other.probability() ? one : other);
    }
    List<Option> options = new ArrayList<>();
    best.forEach(
        (lower, candidate) -> {
          Option option = new Option(candidate);
          option.probability = Math.min(1, sums.get(lower));
          options.add(option);
        });
    // Longest first: what comes later is known when it is needed. Ties in a fixed order.
    options.sort(
        Comparator.comparingInt((Option option) -> -option.length())
            .thenComparing(option -> option.lower));
    return options;
  }

  private void discount(List<Option> options, String draft, Map<String, Integer> passed) {
    Map<String, Double> gone = new HashMap<>(); // what is left of each passed continuation
    passed.forEach(
        (text, times) -> {
          if (text.length() > draft.length() && text.startsWith(draft)) {
            gone.put(text.substring(draft.length()), Math.pow(policy.overlooked(), times));
          }
        });
    if (gone.isEmpty()) {
      return;
    }
    double lost = 0;
    Map<Option, Double> lostFrom = new HashMap<>();
    for (Option one : options) {
      Double left = gone.get(one.lower);
      if (left != null
          && gone.keySet().stream()
              .noneMatch(other -> !other.equals(one.lower) && goesOn(other, one.lower))) {
        double share = (1 - left) * one.probability;
        lost += share;
        for (Option shorter : options) {
          if (shorter != one && goesOn(shorter.lower, one.lower)) {
            lostFrom.merge(shorter, share, Double::sum);
          }
        }
      }
    }
    double rest = Math.max(1e-6, 1 - lost);
    for (Option option : options) {
      double kept = option.probability - lostFrom.getOrDefault(option, 0.0);
      for (Map.Entry<String, Double> text : gone.entrySet()) {
        if (text.getKey().equals(option.lower) || goesOn(text.getKey(), option.lower)) {
          kept *= text.getValue();
        }
      }
      option.probability = Math.clamp(kept / rest, 0, 1);
    }
  }

  private static void addLater(List<Option> longestFirst) {
    for (int i = 0; i < longestFirst.size(); i++) {
      Option option = longestFirst.get(i);
      for (Option shorter : longestFirst.subList(i, longestFirst.size())) {
        if (shorter.length() >= LEAST_PART
            && (shorter == option || goesOn(shorter.lower, option.lower))) {
          option.partly = Math.max(option.partly, shorter.probability * (shorter.length() - 1));
        }
      }
      for (Option longer : longestFirst.subList(0, i)) {
        int more = longer.length() - option.length();
        if (more >= DeclinedOffers.WORTH_READING && goesOn(option.lower, longer.lower)) {
          option.later = Math.max(option.later, longer.probability * (more - 1) + longer.later);
        }
      }
    }
  }

  /** Whether {@code longer} is {@code text} and further words. */
  private static boolean goesOn(String text, String longer) {
    return longer.length() > text.length()
        && longer.startsWith(text)
        && !(Words.isWord(text.charAt(text.length() - 1))
            && Words.isWord(longer.charAt(text.length())));
  }
}
