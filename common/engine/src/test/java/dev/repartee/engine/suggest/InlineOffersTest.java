package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.memory.WholeReply;
import dev.repartee.engine.suggest.Completer.LikelyReplies;
import dev.repartee.engine.suggest.Display.OperatingPoint;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.text.TextNorm;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class InlineOffersTest {

  /** Takes the model at its word. */
  private static final OfferScale MODEL =
      new OfferScale(false, Weights.of(OfferScale.DEFAULT.weights(), Map.of("model", 1.0)));

  private static final OfferPolicy POLICY =
      OfferPolicy.of(MODEL, PlattScale.IDENTITY, OperatingPoint.CALM.read());

  private final InlineOffers offers = new InlineOffers();

  private Optional<String> type(String draft, Candidate... candidates) {
    return offers.offer(draft, List.of(candidates), POLICY).map(Suggestion::text);
  }

  private static Candidate candidate(String text, double probability) {
    return new Candidate(text, probability, OptionalDouble.empty(), OptionalDouble.empty(), "");
  }

  @Test
  void whatIsExpectedToSaveMostIsOffered() {
    // 0.9 x (5 - 2) - 1.5 = 1.2 and 0.5 x (18 - 2) - 1.5 = 6.5
    assertThat(type("I", candidate(" will", 0.9), candidate(" will look into it", 0.5)))
        .hasValue(" will look into it");
  }

  @Test
  void aSlipIsNotOffered() {
    assertThat(type("the", candidate(" order . Thank you.", 0.9))).isEmpty();
    assertThat(type("the", candidate(" order , thank you .", 0.9))).isEmpty();
    assertThat(type("the", candidate(" file .profile is new", 0.9))).isPresent();
  }

  @Test
  void theScoreIsThatOfWhatIsShownAndDoesNotDecide() {
    PlattScale third = new PlattScale(1, Math.log(1 / 3.0));
    OfferPolicy policy = POLICY.withShown(third, PlattScale.IDENTITY);
    // 0.25 x 7 is above 1.5, one tenth is not: odds of 1 to 3, divided by 3
    assertThat(offers.offer("I", List.of(candidate(" am sorry", 0.25)), policy))
        .hasValueSatisfying(offer -> assertThat(offer.score()).isCloseTo(0.1, within(1e-9)));
  }

  @Test
  void whatCostsMoreToReadThanItSavesIsNotOffered() {
    assertThat(type("I", candidate(" am sorry", 0.21))).isEmpty(); // 0.21 x 7 is below 1.5
    assertThat(type("I", candidate(" am sorry", 0.22))).hasValue(" am sorry");
  }

  @Test
  void threeLettersAreNotWorthLookingUpFor() {
    OfferPolicy free = OfferPolicy.of(MODEL, PlattScale.IDENTITY, 0);
    assertThat(offers.offer("I", List.of(candidate(" am", 1)), free)).isEmpty();
  }

  @Test
  void anOfferStaysWhileLettersAgreeWhateverElseIsFound() {
    assertThat(type("Y", candidate("our order is on its way", 0.5)))
        .hasValue("our order is on its way");
    assertThat(offers.stands("Yo")).isTrue();
    assertThat(type("Yo", candidate("u are welcome today", 0.99)))
        .hasValue("ur order is on its way");
    assertThat(type("YOU", candidate("r request", 0.9))).hasValue("r order is on its way");
    assertThat(offers.stands("You ")).isFalse();
    assertThat(type("You ", candidate("are welcome", 0.9))).hasValue("are welcome");
  }

  @Test
  void whatIsDeletedOrDeclinedIsNotOfferedAgainInThisReply() {
    Candidate order = candidate("our order is late", 0.9);
    Candidate more = candidate("our order is late again", 0.9);
    Candidate parcel = candidate("our parcel is late", 0.5);
    type("Y", order);
    type("Yo", candidate("ur order is late", 0.9));
    assertThat(type("Y", order, more, parcel)).as("a letter was deleted").hasValue(parcel.text());
    offers.decline();
    assertThat(type("Y", order, more, parcel)).isEmpty();
    offers.restart();
    assertThat(type("Y", order, parcel)).hasValue(order.text());
  }

  @Test
  void aLetterThatDisagreesDeclinesWhatStood() {
    Candidate order = candidate("our order is late", 0.9);
    type("Y", order);
    type("Yo");
    assertThat(type("Yox")).isEmpty();
    assertThat(type("Yo", candidate("ur order is late", 0.9))).isEmpty();
  }

  @Test
  void aSlipOfTheKeyAfterAnOfferDoesNotDeclineItAsNobodyHadTimeToReadIt() {
    Candidate order = candidate("our order is late", 0.9);
    type("Y", order);
    assertThat(type("Yp")).isEmpty();
    assertThat(type("Ypu")).isEmpty();
    assertThat(type("Yp")).isEmpty();
    assertThat(type("Y", order)).hasValue(order.text());
  }

  @Test
  void whatIsTakenIsNotDeclined() {
    Candidate order = candidate("our order is late", 0.9);
    type("Y", order);
    type("Your order is late"); // taken, which does not decline it
    assertThat(type("Your order is late ", candidate("again", 0.9))).hasValue("again");
    assertThat(type("Your order is late", candidate(" again", 0.9))).isEmpty();
  }

  @Test
  void anOfferKeepsItsPlaceholdersUntilTheyAreTyped() {
    FilledText filled =
        new FilledText(
            "llo Ann, order A-17",
            List.of(
                new FilledText.Value(4, 7, "customer_name"),
                new FilledText.Value(15, 19, "order_number")),
            List.of());
    Candidate candidate =
        new Candidate(filled, 0.9, OptionalDouble.empty(), OptionalDouble.empty(), 0, 0);
    assertThat(template("He", candidate)).isEqualTo("llo {customer_name}, order {order_number}");
    assertThat(template("Hello ", candidate)).isEqualTo("{customer_name}, order {order_number}");
    assertThat(template("Hello A", candidate)).isEqualTo("nn, order {order_number}");
    assertThat(template("Hello Ann, order A", candidate)).isEqualTo("-17");
  }

  private String template(String draft, Candidate candidate) {
    return offers.offer(draft, List.of(candidate), POLICY).orElseThrow().template();
  }

  @Test
  void spellingsThatDifferInCaseCountTogether() {
    assertThat(
            Completer.merged(
                Map.of(" Am sorry", 0.12, " am sorry", 0.13),
                Map.of(" AM sorry", 0.5, " do", 0.25),
                Map.of(),
                new LikelyReplies(List.of()).after("I"),
                "I"))
        .containsExactly(
            new Candidate(" AM sorry", 0.25, OptionalDouble.of(0.5), OptionalDouble.empty(), "I"),
            new Candidate(" do", 0, OptionalDouble.of(0.25), OptionalDouble.empty(), "I"));
  }

  private static WholeReply known(String text, double byTerms) {
    return new WholeReply(
        text,
        text,
        TextNorm.norm(text),
        Optional.empty(),
        new WholeReply.Evidence(0, byTerms, byTerms, 0, 0));
  }

  @Test
  void repliesToSimilarContextsSpeakForWhatTheyGoOnWith() {
    LikelyReplies replies =
        new LikelyReplies(
            List.of(
                known("Your order is late.", 0.6),
                known("Your orders are late.", 0.1),
                known("Your bill is paid.", 0.1),
                known("Goodbye.", 0.2)));
    LikelyReplies.After your = replies.after("your ");
    double order = your.share("order").orElseThrow();
    double bill = your.share("bill").orElseThrow();
    assertThat(order).isGreaterThan(2 * bill); // "orders" is another word
    assertThat(order + bill + your.share("Orders are").orElseThrow()).isCloseTo(1, within(1e-9));
    assertThat(your.share("parcel")).hasValue(0);
    assertThat(replies.after("your order is l").share("ate.")).hasValue(1);
    assertThat(replies.after("My ").share("order")).isEmpty();
    assertThat(replies.after("Goodbye.").share(" See you")).as("it has ended").isEmpty();
  }

  @Test
  void whereCountsAloneSaveAsMuchTheModelIsNotHeard() {
    OfferPolicy alone =
        OfferPolicy.of(new OfferScale(true, OfferScale.DEFAULT.weights()), PlattScale.IDENTITY, 0);
    Candidate byModel =
        new Candidate(" is late", 0.9, OptionalDouble.empty(), OptionalDouble.empty(), "It");
    Candidate byCounts =
        new Candidate(" is here", 0, OptionalDouble.of(0.9), OptionalDouble.empty(), "It");
    assertThat(offers.offer("It", List.of(byModel, byCounts), alone).orElseThrow().text())
        .isEqualTo(" is here");
    offers.restart();
    assertThat(offers.offer("It", List.of(byModel), alone)).isEmpty();
  }
}
