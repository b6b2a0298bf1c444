package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BaselineTest {

  private static Conversation conversation(Message... messages) {
    return new Conversation("c", Optional.empty(), Optional.empty(), List.of(messages));
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

  private static ReplySession session(Baseline baseline, String customer) {
    ReplyPredictor predictor = baseline.train(TRAINING);
    return predictor.open(List.of(Message.customer(customer)));
  }

  @Test
  void idsNameThem() {
    for (Baseline baseline : Baseline.values()) {
      assertThat(Baseline.named(baseline.id())).contains(baseline);
    }
    assertThat(Baseline.named("bm25")).isEmpty();
    assertThat(Baseline.values())
        .extracting(Baseline::id)
        .containsExactly("freq", "knn", "lm5", "knn+lm5");
  }

  /** Zero of zero characters saved chose a threshold before. */
  @Test
  void validationWithoutRepliesIsRefused() {
    List<Conversation> validation = List.of(conversation(Message.customer("hi")));
    BaselinePredictor baseline = Baseline.FREQ.train(TRAINING);
    assertThatThrownBy(() -> baseline.gated(validation))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--validation: none of the 1 conversation(s) has a reply");
  }

  @Test
  void neighboursAnswerByContextAndFrequentRepliesByDraft() {
    ReplySession parcel = session(Baseline.KNN, "a late parcel");
    assertThat(parcel.answers("", 1))
        .extracting(Suggestion::text)
        .containsExactly("I am sorry for the delay");
    assertThat(parcel.answers("", 9))
        .extracting(Suggestion::score)
        .isSortedAccordingTo((a, b) -> Double.compare(b, a));
    assertThat(parcel.answers("", 9).stream().mapToDouble(Suggestion::score).sum())
        .isCloseTo(1, within(1e-9));
    assertThat(parcel.complete("i am sorry for the t")).map(Suggestion::text).contains("rouble");
    // Nothing in common but who wrote last, so nothing was found; "You are welcome" is frequent.
    ReplyPredictor predictor = Baseline.KNN.train(TRAINING);
    ReplySession strange = predictor.open(List.of(Message.agent("x"), Message.agent("y")));
    assertThat(strange.answers("", 9)).isEmpty();
    assertThat(strange.complete("y")).map(Suggestion::text).contains("ou are welcome");
  }

  @Test
  void wordsGoOnWhileEachIsLikely() {
    ReplySession session = session(Baseline.LM5, "whatever");
    assertThat(session.answers("", 3)).isEmpty();
    // After "for the" both words were seen once, which is too rare to go on with.
    assertThat(session.complete("I a")).contains(Suggestion.completion("m sorry for the", 1));
    assertThat(session.complete("I am sorry for the")).contains(Suggestion.completion("", 1));
    assertThat(session.complete("I am sorry for the t"))
        .contains(Suggestion.completion("rouble", 1));
    assertThat(session.complete("You are welcome ")).isEmpty();
    assertThat(session.complete("q")).isEmpty();
  }

  @Test
  void unknownWordsBeforeFallBackToTheWordAlone() {
    ReplySession session = session(Baseline.LM5, "whatever");
    assertThat(session.complete("Zounds, we")).map(Suggestion::text).contains("lcome");
  }

  @Test
  void hybridTakesTheNeighboursFirst() {
    ReplySession session = session(Baseline.KNN_LM5, "a late parcel");
    assertThat(session.answers("", 1))
        .extracting(Suggestion::text)
        .containsExactly("I am sorry for the delay");
    assertThat(session.complete("I am")).map(Suggestion::text).contains(" sorry for the delay");
    assertThat(session.complete("Well, we")).map(Suggestion::text).contains("lcome");
  }
}
