package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OfferChoiceTest {

  private static final OfferPolicy NEVER_AGAIN = new OfferPolicy(0.02, 0);
  private static final OfferPolicy MAY_OVERLOOK = new OfferPolicy(0.02, 0.1);

  private final DeclinedOffers passed = new DeclinedOffers();

  private Optional<Candidate> type(String draft, OfferPolicy policy, Candidate... candidates) {
    passed.typed(draft);
    Optional<Candidate> chosen =
        new OfferChoice(policy, PlattScale.IDENTITY).choose(List.of(candidates), draft, passed);
    chosen.ifPresent(offer -> passed.offered(offer.text()));
    return chosen;
  }

  private static Candidate candidate(String text, double probability) {
    return new Candidate(text, probability);
  }

  private static void assertOffer(Optional<Candidate> offer, String text, double probability) {
    assertThat(offer).map(Candidate::text).hasValue(text);
    assertThat(offer.orElseThrow().probability()).isCloseTo(probability, within(1e-6));
  }

  @Test
  void whatWasPassedMakesRoomForSomethingElse() {
    assertOffer(
        type(
            "I",
            NEVER_AGAIN,
            candidate(" will check that", 0.6),
            candidate(" am sorry about it", 0.3)),
        " will check that",
        0.6);
    // Of the 0.4 that are left.
    assertOffer(
        type(
            "I ",
            NEVER_AGAIN,
            candidate("will check that", 0.6),
            candidate("am sorry about it", 0.3)),
        "am sorry about it",
        0.75);
  }

  @Test
  void strongEvidenceBringsAPassedOfferBackWhereAgentsMayOverlookOne() {
    for (OfferPolicy policy : List.of(MAY_OVERLOOK, NEVER_AGAIN)) {
      passed.clear();
      type("I", policy, candidate(" will check that", 0.6));
      Candidate[] then = {candidate("will check that", 0.6), candidate("am sorry about it", 0.3)};
      assertThat(type("I ", policy, then)).map(Candidate::text).hasValue("am sorry about it");
      Optional<Candidate> later =
          type(
              "I wi", policy, candidate("ll check that", 0.99), candidate("nd it up today", 0.004));
      if (policy.equals(MAY_OVERLOOK)) {
        assertOffer(later, "ll check that", 0.099 / (0.099 + 0.01));
      } else {
        assertThat(later).map(Candidate::text).hasValue("nd it up today");
      }
    }
  }

  @Test
  void aBeginningOfWhatWasPassedIsWorthWhatElseItMayBecome() {
    type("L", NEVER_AGAIN, candidate("et me check that for you", 0.5));
    assertOffer(
        type(
            "Le",
            NEVER_AGAIN,
            candidate("t me check that", 0.8),
            candidate("t me check that for you", 0.5),
            candidate("t me check that for you now", 0.45)),
        "t me check that",
        (0.8 - 0.5) / (1 - 0.5));
  }

  @Test
  void spellingsThatDifferInCaseOnlyCountTogether() {
    assertOffer(
        type(
            "Le",
            NEVER_AGAIN,
            candidate("t Me check now", 0.3),
            candidate("t us go on now", 0.5),
            candidate("t me check now", 0.35)),
        "t me check now",
        0.65);
    assertThat(type("Let", NEVER_AGAIN, candidate(" ME CHECK NOW", 0.9)))
        .as("passed in another case")
        .isEmpty();
  }

  @Test
  void aDraftThatGoesBackForgetsWhatWasPassed() {
    Candidate offer = candidate(" will check that", 0.9);
    type("I", NEVER_AGAIN, offer);
    assertThat(type("I ", NEVER_AGAIN, candidate("will check that", 0.9))).isEmpty();
    assertThat(passed.times()).containsOnlyKeys("i will check that");
    assertThat(type("I", NEVER_AGAIN, offer)).map(Candidate::text).hasValue(offer.text());
    assertThat(passed.times()).isEmpty();
  }

  @Test
  void takingAnOfferIsNotPassingIt() {
    type("I", NEVER_AGAIN, candidate(" will check that", 0.9));
    passed.typed("I will check that");
    assertThat(passed.times()).isEmpty();
  }

  @Test
  void askingAgainForTheSameDraftIsNotPassing() {
    Candidate offer = candidate(" will check that", 0.9);
    assertThat(type("I", NEVER_AGAIN, offer)).map(Candidate::text).hasValue(offer.text());
    assertThat(type("I", NEVER_AGAIN, offer)).map(Candidate::text).hasValue(offer.text());
  }

  @Test
  void nothingBelowTheCalibratedThresholdIsShown() {
    OfferPolicy calm = new OfferPolicy(0.4, 0);
    assertThat(type("a", calm, candidate("bcdefghijklm", 0.39))).isEmpty();
    assertThat(type("a", calm, candidate("bcdefghijklm", 0.41))).isPresent();
    PlattScale trusting = new PlattScale(1, 1);
    Optional<Candidate> offer =
        new OfferChoice(calm, trusting)
            .choose(List.of(candidate("bcdefghijklm", 0.3)), "a", new DeclinedOffers());
    assertOffer(offer, "bcdefghijklm", trusting.apply(0.3));
    assertThat(trusting.apply(0.3)).isBetween(0.4, 0.6);
  }

  @Test
  void tiesAreDecidedTheSameWayInAnyOrder() {
    List<Candidate> candidates = new ArrayList<>();
    for (char c = 'a'; c < 'k'; c++) {
      candidates.add(candidate(String.valueOf(c).repeat(12), 0.1));
    }
    Candidate first =
        new OfferChoice(NEVER_AGAIN, PlattScale.IDENTITY)
            .choose(candidates, "", new DeclinedOffers())
            .orElseThrow();
    Random random = new Random(1);
    for (int i = 0; i < 50; i++) {
      Collections.shuffle(candidates, random);
      assertThat(
              new OfferChoice(NEVER_AGAIN, PlattScale.IDENTITY)
                  .choose(candidates, "", new DeclinedOffers()))
          .contains(first);
    }
  }
}
