package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.CountedPredictor.WordCounts;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaselineTest {

  private static Conversation conversation(Message... messages) {
    return new Conversation("c", List.of(messages));
  }

  private static final List<Conversation> TRAINING =
      List.of(
          conversation(
              Message.customer("my parcel is late"),
              Message.agent("I am sorry for the delay"),
              Message.customer("thanks"),
              Message.agent("You are welcome")),
          conversation(
              Message.customer("parcel lost?"), Message.agent("I am sorry for the trouble")),
          conversation(Message.customer("many thanks"), Message.agent("You are welcome")));

  private static ReplySession session(ReplyPredictor predictor, String customer) {
    return predictor.open(List.of(Message.customer(customer)));
  }

  /** Zero of zero characters saved chose a threshold before. */
  @Test
  void validationWithoutRepliesIsRefused() {
    List<Conversation> validation = List.of(conversation(Message.customer("hi")));
    for (Baseline baseline : Baseline.values()) {
      assertThatThrownBy(() -> baseline.train(TRAINING, validation))
          .isInstanceOf(UserException.class)
          .hasMessageStartingWith("--validation: none of the 1 conversation(s) has a reply");
    }
  }

  private static Map<String, Double> after(String draft) {
    WordCounts words = new WordCounts();
    TRAINING.forEach(words::count);
    return words.after(draft);
  }

  /** A word seen once after each of four matches: half, and half of the rest each time. */
  @Test
  void wordsAreCountedAsWittenAndBellHaveIt() {
    assertThat(after("I am sorry for the d")).containsOnly(entry("elay", 31 / 32.0));
    // Seen twice, also at the reply's beginning: a third of the shorter match's each time.
    assertThat(after("I am s").get("orry")).isCloseTo(80 / 81.0, within(1e-9));
    assertThat(after("I am s").get("orry for the")).isGreaterThan(0.8);
    assertThat(after("zounds, we")).containsKey("lcome");
    assertThat(after("q")).isEmpty();
    // Nothing that follows "welcome" begins so: the word alone counts.
    assertThat(after("you are welcome s").get("orry")).isCloseTo(2 / 3.0, within(1e-9));
  }

  @Test
  void neighboursAddTheirReplies() {
    ReplySession session =
        session(new CountedPredictor(TRAINING, false, Calibration.NONE), "a late parcel");
    assertThat(session.answers("", 9))
        .extracting(Suggestion::text)
        .contains("I am sorry for the delay");
  }

  /** Calibrated as a model is, it shows no more than what saves time. */
  @Test
  void theRuleIsTheEnginesOwn() {
    try (ReplyPredictor counted = Baseline.WORDS_KNN.train(TRAINING, TRAINING)) {
      assertThat(counted.open(TRAINING.getFirst().messages().subList(0, 1)).complete("I am s"))
          .isPresent();
    }
  }

  @Test
  void ofThreeNothingIsSaidThatFewerConversationsHave() {
    List<Conversation> training = new ArrayList<>(TRAINING);
    Conversation rare =
        conversation(Message.customer("x"), Message.agent("Depot Quixborough is open"));
    training.add(rare);
    training.add(conversation(Message.customer("many thanks"), Message.agent("You are welcome")));
    assertThat(completed(training, false)).contains("borough is open");
    assertThat(completed(training, true)).isEmpty();
    try (CountedPredictor three = new CountedPredictor(training, true, Calibration.NONE)) {
      assertThat(session(three, "thanks, my parcel").answers("", 9))
          .extracting(Suggestion::text)
          .containsExactly("You are welcome");
    }
    training.addAll(List.of(rare, rare));
    assertThat(completed(training, true)).contains("borough is open");
  }

  private static Optional<String> completed(List<Conversation> training, boolean ofThree) {
    try (CountedPredictor predictor = new CountedPredictor(training, ofThree, Calibration.NONE)) {
      return session(predictor, "thanks").complete("Depot Quix").map(Suggestion::text);
    }
  }

  /** Of two contexts alike, the one of the agent who asks counts four times. */
  @Test
  void anAgentsOwnRepliesCountMore() {
    List<Conversation> training =
        List.of(by("a", "Hello there"), by("b", "Good day"), by("c", "Good day"));
    Neighbours neighbours = Neighbours.of(training);
    List<Message> context = List.of(Message.customer("my parcel is late"));
    assertThat(neighbours.replies(context, Desk.NONE).getFirst().text()).isEqualTo("Good day");
    assertThat(neighbours.replies(context, Desk.ofAgent(Optional.of("a"))).getFirst().text())
        .isEqualTo("Hello there");
  }

  private static Conversation by(String agent, String reply) {
    return new Conversation(
        agent,
        Optional.of(agent),
        Optional.empty(),
        List.of(Message.customer("my parcel is late"), Message.agent(reply)));
  }
}
