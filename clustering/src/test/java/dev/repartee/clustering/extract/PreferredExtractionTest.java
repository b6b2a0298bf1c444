package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Quality;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code extract --prefer}: what good conversations say comes first. */
class PreferredExtractionTest {

  /** The customer's message, what the good conversations reply, and what the bad ones reply. */
  private record Situation(String customer, String good, String bad) {}

  private static final List<Situation> SITUATIONS =
      List.of(
          new Situation(
              "Where is my parcel?",
              "I am sorry for the wait, your parcel arrives by Friday.",
              "Your parcel arrives by Friday, just wait."),
          new Situation(
              "I forgot my password.",
              "No problem, I have sent you a link for a new password.",
              "Use the link for a new password."),
          new Situation(
              "The invoice is wrong.",
              "You are right, I have corrected your invoice for you.",
              "The invoice was corrected."),
          new Situation(
              "I want to cancel my contract.",
              "I have ended your contract, thank you for your time with us.",
              "Your contract is ended."));

  @TempDir private Path folder;

  /**
   * Of ten conversations in each situation, four have the good reply. One of ten ratings says the
   * opposite of the reply.
   */
  private static List<Conversation> conversations() {
    List<Conversation> all = new ArrayList<>();
    for (Situation situation : SITUATIONS) {
      for (int i = 0; i < 30; i++) {
        boolean good = i % 10 < 4;
        boolean praised = good ^ i % 10 == 9;
        all.add(
            new Conversation(
                    "c-" + all.size(),
                    Optional.of("agent-" + i % 5),
                    Optional.empty(),
                    List.of(
                        Message.customer(situation.customer()),
                        Message.agent(good ? situation.good() : situation.bad())))
                .withQuality(
                    new Quality(
                        Optional.of(praised ? 1.0 : 0.0),
                        Optional.of(praised).filter(_ -> all.size() % 2 == 0),
                        Optional.empty())));
      }
    }
    return all;
  }

  private Outcome extract(List<Conversation> conversations, String output, String... more) {
    Path file = folder.resolve(output + ".jsonl");
    ConversationWriter.write(file, conversations);
    Outcome outcome = Outcome.of(file, folder.resolve(output), more);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  /** In how many situations the first answer for it has the good wording. */
  private static long goodFirst(Outcome outcome) {
    return SITUATIONS.stream()
        .filter(
            situation ->
                outcome.answers().answers().stream()
                    .map(Answer::text)
                    .filter(List.of(situation.good(), situation.bad())::contains)
                    .findFirst()
                    .equals(Optional.of(situation.good())))
        .count();
  }

  private static Map<String, Long> counts(Outcome outcome) {
    Map<String, Long> counts = new TreeMap<>();
    for (Answer answer : outcome.answers().answers()) {
      for (Phrasing phrasing : answer.phrasings()) {
        counts.merge(phrasing.text(), phrasing.count(), Long::sum);
      }
    }
    return counts;
  }

  @Test
  void whatGoodConversationsSayComesFirst() {
    Outcome before = extract(conversations(), "before");
    Outcome after = extract(conversations(), "after", "--prefer");
    assertThat(goodFirst(before)).isZero();
    assertThat(goodFirst(after)).isEqualTo(SITUATIONS.size());
    assertThat(counts(after)).as("counts of uses stay").isEqualTo(counts(before));
    assertThat(counts(after)).containsEntry(SITUATIONS.getFirst().good(), 12L);
    assertThat(after.err()).contains("120 of 120 conversations say how good they were");
    assertThat(extract(conversations(), "few", "--prefer", "--max-answers=4").answers().answers())
        .extracting(Answer::text)
        .containsExactlyInAnyOrderElementsOf(SITUATIONS.stream().map(Situation::good).toList());
  }

  @Test
  void ratingsDecideNothingUnlessTheyAreAskedFor() throws IOException {
    extract(conversations(), "rated");
    extract(
        conversations().stream().map(one -> one.withQuality(Quality.UNKNOWN)).toList(), "unrated");
    for (String file : List.of("answers.json", "review.csv", "review-state.json", "public.csv")) {
      assertThat(folder.resolve("rated").resolve(file))
          .hasSameBinaryContentAs(folder.resolve("unrated").resolve(file));
    }
  }

  @Test
  void conversationsOfUnknownQualityCannotBePreferred() throws IOException {
    Path file = folder.resolve("c.jsonl");
    ConversationWriter.write(file, SmallCorpus.conversations());
    Outcome outcome = Outcome.of(file, folder.resolve("out"), "--prefer");
    assertThat(outcome.exitCode()).isEqualTo(2);
    assertThat(outcome.err())
        .contains("--prefer: no conversation in " + file + " has a rating", "conversations import");
    assertThat(Files.exists(folder.resolve("out"))).isFalse();
  }
}
