package dev.repartee.finetune.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.metric.Evaluation.Saving;
import dev.repartee.finetune.metric.Evaluation.Suggestions;
import dev.repartee.finetune.metric.EvaluationSettings.EvaluationProgress;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TypedTextSavedTest {

  private static Conversation conversation(String id, Message... messages) {
    return new Conversation(id, List.of(messages));
  }

  private static Evaluation evaluate(ScriptedPredictor predictor, Conversation... conversations) {
    return TypedTextSaved.measure(
            predictor, List.of(conversations), EvaluationSettings.DEFAULT, EvaluationProgress.NONE)
        .evaluation();
  }

  /** The cost of typing {@code reply} without suggestions. */
  private static Saving typing(String reply, Map<String, String> offers, Rule rule) {
    ScriptedPredictor predictor = new ScriptedPredictor(List.of(), offers);
    return evaluate(predictor, conversation("c", Message.agent(reply))).rules().get(rule.name());
  }

  private static void assertCost(Saving saving, int typed, int actions, int shown) {
    assertThat(List.of(saving.typed(), saving.actions(), saving.offersShown()))
        .containsExactly((long) typed, (long) actions, (long) shown);
  }

  /**
   * "Hello there friend" (18): typed "H", then "ello there" is right and taken. " friends" is wrong
   * at its end, so the last 7 are typed. "No." (3) is suggested.
   */
  @Test
  void figuresWorkedOutByHand() {
    ScriptedPredictor predictor =
        new ScriptedPredictor(
            List.of("Yes", "no"), Map.of("H", "ELLO there  ", "Hello there", " friends"));
    Evaluation evaluation =
        evaluate(
            predictor,
            conversation(
                "c",
                Message.customer("hi"),
                Message.agent("Hello there friend"),
                Message.customer("ok?"),
                Message.agent("No.")));

    assertThat(evaluation.replies()).isEqualTo(2);
    assertThat(evaluation.characters()).isEqualTo(21);
    Interval saved = new Interval(9.52, 9.52);
    assertThat(evaluation.suggestions()).isEqualTo(new Suggestions(1, 9.52, saved, 9.52));
    // 8 typed, 1 suggestion and 1 offer taken at 2 each, 2 offers and 2 x 2 replies read at 1.5
    Saving net = evaluation.rules().get("net");
    assertCost(net, 8, 2, 2);
    assertThat(net.repliesShown()).isEqualTo(4);
    assertThat(net.saved()).isEqualTo(0);
  }

  /**
   * An offer that goes on saying the same is read once, and taken by the steady agent a key later.
   */
  @Test
  void whatStoodThereAKeyAgoIsNotReadAgain() {
    Map<String, String> offers =
        Map.of("g", "ood evening", "go", "od evening", "goo", "d morning", "good", " Morning");
    Saving net = typing("good morning", offers, Rule.NET);
    assertCost(net, 3, 1, 2);
    assertThat(net.saved()).isEqualTo(33.33); // 1 - (3 + 2 + 1.5 x 2) / 12
    assertThat(net.offerPrecision()).isEqualTo(50);
    Saving steady = typing("good morning", offers, Rule.STEADY);
    assertCost(steady, 4, 1, 2);
    assertThat(steady.saved()).isEqualTo(25);
  }

  @Test
  void contextIsEveryMessageBeforeTheReply() {
    ScriptedPredictor predictor = new ScriptedPredictor(List.of(), Map.of());
    Message hello = Message.agent("Hello");
    Message hi = Message.customer("hi");
    evaluate(predictor, conversation("c", hello, hi, Message.agent("Yes?")));
    assertThat(predictor.contexts).containsExactly(List.of(), List.of(hello, hi));
    assertThat(predictor.openSessions).isZero();
  }

  @Test
  void everyRuleStartsAnewAndAsksForItsDraftsInOrder() {
    ScriptedPredictor predictor = new ScriptedPredictor(List.of(), Map.of("a", "bcde"));
    Evaluation evaluation = evaluate(predictor, conversation("c", Message.agent("abcde f")));
    List<String> typing = List.of("a", "ab", "abc", "abcd", "abcde", "abcde ");
    List<String> taking = List.of("a", "abcde", "abcde ");
    // net, then steady, which waits a key
    assertThat(predictor.attempts).containsExactly(taking, typing);
    assertThat(evaluation.latency().complete().count()).isEqualTo(9);
    assertThat(evaluation.latency().open().count()).isEqualTo(1);
  }

  @Test
  void anOfferIsTakenOnlyWhenAllOfItIsRightAndEndsAtAWordBoundary() {
    assertCost(typing("I don't know", Map.of("I", " don't kn"), Rule.NET), 12, 0, 1);
    assertCost(typing("I don't know", Map.of("I", " don"), Rule.NET), 12, 0, 1);
    assertCost(typing("I am sorry", Map.of("I", " am sorry!"), Rule.NET), 10, 0, 1);
    assertCost(typing("I am sorry", Map.of("I", " am sorry  "), Rule.NET), 1, 1, 1);
    assertCost(typing("I am", Map.of("I", " am"), Rule.NET), 4, 0, 1);
  }

  private static Evaluation mistyped(String reply, ScriptedPredictor predictor) {
    List<Conversation> one = List.of(conversation("c", Message.agent(reply)));
    EvaluationSettings settings = EvaluationSettings.DEFAULT.withTypos(0.2);
    return TypedTextSaved.measure(predictor, one, settings, EvaluationProgress.NONE).evaluation();
  }

  @Test
  void wrongKeysAreTypedAndDeletedAndEachIsAskedFor() {
    String text = "I will look into it for you right away";
    ReplyText reply = new ReplyText(text, 0.2);
    ScriptedPredictor predictor = new ScriptedPredictor(List.of(), Map.of());
    Evaluation evaluation = mistyped(text, predictor);
    assertThat(reply.keys()).isGreaterThan(text.length());
    assertThat(evaluation.characters()).isEqualTo(reply.keys());
    assertThat(evaluation.rules().get("net").saved()).isZero(); // as without suggestions
    assertThat(evaluation.rules().get("net").typed()).isEqualTo(reply.keys());
    List<String> drafts = predictor.attempts.getFirst();
    assertThat(drafts).hasSize(reply.keys() - 1).anyMatch(draft -> !text.startsWith(draft));
    for (int i = 1; i < drafts.size(); i++) {
      String before = drafts.get(i - 1);
      String after = drafts.get(i);
      assertThat(Math.abs(after.length() - before.length())).isOne();
      assertThat(after.startsWith(before) || before.startsWith(after)).isTrue();
    }
  }

  @Test
  void whatIsOfferedAfterAWrongKeyIsReadAndNotTaken() {
    String text = "I will look into it for you right away";
    ReplyText reply = new ReplyText(text, 0.2);
    int at =
        IntStream.range(1, reply.length())
            .filter(typed -> reply.wrongKeys(typed).length > 0)
            .findFirst()
            .orElseThrow();
    int[] keys = reply.wrongKeys(at);
    String wrong = reply.draft(at) + new String(keys, 0, keys.length);
    Map<String, String> offers = Map.of(wrong, reply.part(at + keys.length, reply.length()));
    Saving net = mistyped(text, new ScriptedPredictor(List.of(), offers)).rules().get("net");
    assertCost(net, reply.keys(), 0, 1);
  }

  @Test
  void charactersAreCodePoints() {
    Saving saving =
        typing("\ud83d\udc4d\ud83d\udc4d ok", Map.of("\ud83d\udc4d", "\ud83d\udc4d ok"), Rule.NET);
    assertCost(saving, 1, 1, 1);
    assertThat(saving.saved()).isEqualTo(10);
  }

  /** U+0130 becomes two characters in lower case, so positions would shift: case then counts. */
  @Test
  void caseCountsWhereLowerCasingChangesTheLength() {
    assertCost(typing("\u0130 Good day", Map.of("\u0130", " Good day"), Rule.NET), 10, 0, 1);
    assertCost(typing("\u0130 good day", Map.of("\u0130", " Good day"), Rule.NET), 1, 1, 1);
  }

  @Test
  void theSampleDependsOnIdsAlone() {
    List<Conversation> conversations =
        IntStream.range(0, 6).mapToObj(i -> conversation("c-" + i)).toList();
    List<String> order = List.of("c-5", "c-0", "c-2", "c-1", "c-4", "c-3");
    assertThat(TestSample.of(conversations.reversed(), Optional.empty()))
        .extracting(Conversation::id)
        .isEqualTo(order);
    assertThat(TestSample.of(conversations, Optional.of(2)))
        .extracting(Conversation::id)
        .isEqualTo(order.subList(0, 2));
  }

  @Test
  void progressCountsReplies() {
    List<String> seen = new ArrayList<>();
    TypedTextSaved.measure(
        new ScriptedPredictor(List.of(), Map.of()),
        List.of(conversation("c", Message.agent("a"), Message.customer("b"), Message.agent("c"))),
        EvaluationSettings.DEFAULT,
        (done, total) -> seen.add(done + "/" + total));
    assertThat(seen).containsExactly("1/2", "2/2");
  }

  @Test
  void jsonHasTheNamesOfTheDocuments() {
    ScriptedPredictor predictor = new ScriptedPredictor(List.of(), Map.of());
    String json =
        Json.COMPACT.writeValueAsString(
            evaluate(predictor, conversation("c", Message.agent("abcd"))));
    assertThat(json)
        .contains("\"rules\":{\"net\":{", "\"ci95\":{\"low\":", "\"offers_shown\":")
        .contains("\"offer_precision\":", "\"p50_ms\":", "\"calibration\":{\"offers\":");
    assertThat(Json.COMPACT.readValue(json, Evaluation.class).replies()).isEqualTo(1);
  }

  @Test
  void conversationsWithoutAgentTextAreRefused() {
    ScriptedPredictor predictor = new ScriptedPredictor(List.of(), Map.of());
    assertThatThrownBy(() -> evaluate(predictor, conversation("c", Message.customer("hi"))))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("hold no agent text");
  }
}
