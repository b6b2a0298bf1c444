package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.PublicFile;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PublicFactsExtractionTest {

  @TempDir private Path folder;
  private Path file;
  private Path output;

  @BeforeEach
  void write() throws IOException {
    file = folder.resolve("c.jsonl");
    output = folder.resolve("out");
    write(24);
  }

  private void write(int count) throws IOException {
    List<Conversation> conversations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      conversations.add(
          new Conversation(
              "c-" + i,
              Optional.of("agent-" + i % 3),
              Optional.empty(),
              List.of(
                  Message.customer("When is the show?"),
                  Message.agent("The show begins at " + (i % 2 == 0 ? "7:30 pm" : "9:15 pm")),
                  Message.agent("I have booked it for $" + (100 + i)),
                  Message.agent("Our hotline is 1-800-555-0199"))));
    }
    ConversationWriter.write(file, conversations);
  }

  private Outcome extract(String... options) {
    Outcome outcome = Outcome.of(file, output, options);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    return outcome;
  }

  private List<String> facts() {
    return AnswerSetFile.read(output.resolve("answers.json")).facts().facts().stream()
        .map(Fact::value)
        .toList();
  }

  @Test
  void publicValuesStandInAnswersAndInTheirList() throws IOException {
    extract();
    assertThat(facts()).containsExactly("7:30 pm", "9:15 pm", "1-800-555-0199");
    assertThat(Files.readString(output.resolve("answers.json")))
        .contains("\"Our hotline is 1-800-555-0199\"", "\"The show begins at 7:30 pm\"")
        .contains("\"The show begins at 9:15 pm\"", "I have booked it for {money}");
    assertThat(Files.readString(output.resolve("public.csv")))
        .isEqualTo(
            """
            \ufeffkeep,kind,value,conversations,agents,id\r
            yes,time,7:30 pm,12,3,p-80ede1d8\r
            yes,time,9:15 pm,12,3,p-86fedaf6\r
            yes,phone,1-800-555-0199,24,3,p-8957a319\r
            """);
  }

  @Test
  void ownTermsGoWithTheAnswers() throws IOException {
    Path terms = Files.writeString(folder.resolve("terms.txt"), "# ours\nQuillmail\n");
    extract("--terms", terms.toString());
    assertThat(facts()).contains("Quillmail", "1-800-555-0199");
    assertThat(AnswerSetFile.read(output.resolve("answers.json")).facts().facts())
        .contains(Fact.term("Quillmail"));
    Files.writeString(terms, "Quillmail\nMaria\n");
    assertThat(Outcome.of(file, output, "--terms", terms.toString()).err())
        .contains("terms.txt: line 2: 'Maria' is a given name");
  }

  @Test
  void whatASupervisorStrikesIsReplacedAndStaysListed() throws IOException {
    extract();
    Path list = output.resolve("public.csv");
    Files.writeString(list, Files.readString(list).replace("yes,phone", "No ,phone"));
    for (int i = 0; i < 2; i++) {
      extract();
      assertThat(facts()).containsExactly("7:30 pm", "9:15 pm");
      assertThat(Files.readString(output.resolve("answers.json")))
          .contains("Our hotline is {phone}")
          .doesNotContain("555-0199");
      assertThat(Files.readString(list)).contains("no,phone,1-800-555-0199,24,3,p-8957a319\r\n");
    }
    Files.writeString(list, Files.readString(list).replace("no,phone", "yes,phone"));
    extract();
    assertThat(facts()).contains("1-800-555-0199");
  }

  @Test
  void aStruckValueLeavesApprovedAndEditedTexts() throws IOException {
    extract();
    Path review = output.resolve("review.csv");
    Files.writeString(
        review,
        Files.readString(review)
            .replaceFirst("\"\",,,,(a-[0-9a-f]+,Our hotline)", "approve,,,,$1")
            .replaceFirst(
                "\"\",,,,(a-[0-9a-f]+,I have booked)", "edit,Booked: call 1-800-555-0199.,,,$1"));
    Path list = output.resolve("public.csv");
    Files.writeString(list, Files.readString(list).replace("yes,phone", "no,phone"));
    extract();
    for (String file : List.of("answers.json", "review.csv", "review-state.json")) {
      assertThat(Files.readString(output.resolve(file))).as(file).doesNotContain("555-0199");
    }
    assertThat(Files.readString(output.resolve("answers.json")))
        .contains("\"Our hotline is {phone}\"", "\"Booked: call {phone}.\"");
    assertThat(Files.readString(review)).contains("approve,,,,a-", "edit,Booked: call {phone}.,");
  }

  @Test
  void decisionsHoldWhenValuesBecomePublicAndWhenTheyAreStruck() throws IOException {
    write(9);
    extract();
    Path review = output.resolve("review.csv");
    Files.writeString(
        review,
        Files.readString(review)
            .replaceFirst("\"\",,,,(a-[0-9a-f]+,Our hotline is .phone)", "reject,,,,$1")
            .replaceFirst("\"\",,,,(a-[0-9a-f]+,The show begins)", "edit,Soon.,,,$1"));
    for (int count : new int[] {24, 9, 24}) {
      write(count);
      extract();
      assertThat(facts()).hasSize(count == 9 ? 0 : 3);
      assertDecided(review);
    }
    Path list = output.resolve("public.csv");
    Files.writeString(list, Files.readString(list).replace("yes,", "no,"));
    extract();
    assertThat(facts()).isEmpty();
    assertDecided(review);
  }

  private void assertDecided(Path review) throws IOException {
    assertThat(AnswerSetFile.read(output.resolve("answers.json")).answers())
        .extracting(Answer::text)
        .containsExactlyInAnyOrder("Soon.", "I have booked it for {money}");
    assertThat(Files.readString(review))
        .contains("reject,,,,", "edit,Soon.,,,")
        .doesNotContain(",new,", ",gone,");
  }

  /** Or a strike would stand beside another value, and this one would stay public. */
  @Test
  void aStruckValueThatASpreadsheetChangedIsRefused() throws IOException {
    extract();
    Path list = output.resolve("public.csv");
    String read = Files.readString(list);
    Files.writeString(list, read.replace("yes,time,7:30 pm", "no,time,7:30:00 PM"));
    assertThatThrownBy(() -> PublicFile.struck(list))
        .hasMessageStartingWith(list + ":2: value '7:30:00 PM' is not what was written there");
    Files.writeString(list, read.replace("yes,time,7:30 pm", "yes,time,7:30:00 PM"));
    assertThat(PublicFile.struck(list).facts()).isEmpty();
  }

  @Test
  void aMistakeInTheListIsReportedWithItsLine() throws IOException {
    extract();
    Path list = output.resolve("public.csv");
    Files.writeString(list, Files.readString(list).replace("yes,phone", "maybe,phone"));
    Outcome outcome = Outcome.of(file, output);
    assertThat(outcome.exitCode()).isOne();
    assertThat(outcome.err()).contains("public.csv:4: keep 'maybe' is unknown; write yes or no");
  }
}
