package dev.repartee.clustering.review;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.clustering.answers.AnswerCandidate;
import dev.repartee.clustering.review.ReviewMemory.PastAnswer;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewFileTest {

  private static final List<AnswerCandidate> ALL =
      List.of(
          Candidates.of(10, "Hello, \"you\"; there!", "=Hello"),
          Candidates.of(6, "-Hi.\nHow are you?"),
          Candidates.of(2, "'@bye"));

  @TempDir private Path folder;
  private Path file;
  private Path state;
  private ReviewResult result;

  @BeforeEach
  void setUp() {
    file = folder.resolve(ReviewFile.NAME);
    state = folder.resolve(ReviewMemory.NAME);
    result = Review.apply(ALL, ReviewInput.NONE, 10);
  }

  private Map<String, Decision> read(String content) throws IOException {
    memory("a", "b", "c", "d").write(state);
    Files.writeString(file, content);
    return ReviewInput.load(file, state).decisions();
  }

  private static ReviewMemory memory(String... ids) {
    return new ReviewMemory(
        List.of(ids).stream()
            .map(
                id ->
                    new PastAnswer(
                        id,
                        "Text " + id,
                        Decision.NONE,
                        true,
                        Map.of(Phrasing.hash(id), 1L),
                        Map.of(Phrasing.hash("closed " + id), 1L)))
            .toList());
  }

  private void assertRefused(String content, String message) {
    assertThatThrownBy(() -> read(content))
        .isInstanceOf(UserException.class)
        .hasMessage(file + message);
  }

  @Test
  void writesWhatSpreadsheetsShowAndNeverRun() throws IOException {
    ReviewFile.write(file, result.rows(), Map.of("a-hello-you-there", "Where is it?"), 40);
    String text = Files.readString(file);
    assertThat(text)
        .startsWith(
            "\ufeffdecision,new_text,merge_into,note,id,text,messages,sentences,agents,"
                + "share_of_messages,domains,language,status,phrasings,customer_message\r\n")
        .contains(
            ",20,1,2,0.50000,bank 20,en,new,\"Hello, \"\"you\"\"; there! | =Hello\",Where is it?\r\n",
            ",\"'-Hi.\nHow are you?\",",
            ",''@bye,");
    ReviewFile.write(file, result.rows(), Map.of("a-hello-you-there", "Where is it?"), 40);
    assertThat(Files.readString(file)).isEqualTo(text);
  }

  @Test
  void readsWhateverASpreadsheetMadeOfIt() throws IOException {
    Map<String, Decision> wanted =
        Map.of(
            "a", Candidates.edit("Hello; you, \"there\""),
            "b", Candidates.merge("a"),
            "d", new Decision(Decision.Kind.NONE, "", "", "ask Ann"));
    assertThat(
            read(
                "\ufeffid,decision,new_text,merge_into,mine,note\r\n"
                    + "a, EDIT ,\"Hello; you, \"\"there\"\"\",,x,\r\n"
                    + "b,Merge,,a,,\r\nd,,,,,ask Ann\r\n,,,,,\r\n"))
        .isEqualTo(wanted);
    assertThat(
            read(
                "Decision;New_Text;Merge_Into;Note;ID\n"
                    + "edit;\"Hello; you, \"\"there\"\"\";;;a\n\nmerge;;a;;b\n;;;ask Ann;d\n"))
        .isEqualTo(wanted);
    assertThat(
            read(
                "decision\tnew_text\tmerge_into\tnote\tid\n"
                    + "edit\t\"Hello; you, \"\"there\"\"\"\t\t\ta\nmerge\t\t a\t\tb\n"
                    + "\t\t\task Ann\td\nreject\t\t\t\tc"))
        .containsAllEntriesOf(wanted)
        .containsEntry("c", Candidates.reject());
  }

  @Test
  void errorsNameFileLineColumnAndWhatToTry() {
    String top = "decision,new_text,merge_into,note,id\n";
    assertRefused(
        top + "\n\"approve\",,,\"two\nlines\",a\nkeep,,,,b",
        ":5: decision 'keep' is unknown; write approve, edit, reject, merge or nothing");
    assertRefused(
        top + "edit, ,,,a",
        ":2: new_text is empty though decision is edit; write the text to suggest instead");
    assertRefused(
        top + "approve,Hi,,,a",
        ":2: new_text is filled though decision is not edit; write edit or empty new_text");
    assertRefused(
        top + ",,b,,a",
        ":2: merge_into is filled but decision is empty; write merge or empty merge_into");
    assertRefused(
        top + "merge,,,,a",
        ":2: merge_into is empty though decision is merge; write the id to merge into");
    assertRefused(
        top + ",,,,a\n,,,,z", ":3: id 'z' is unknown; restore the row's id or remove the row");
    assertRefused(
        top + ",,,,a\n,,,,b\n,,,,a",
        ":4: id 'a' is already in " + file + ":2; remove one of the rows");
    assertRefused(top + "reject,,,x,", ":2: id is empty; restore the row's id or remove the row");
    assertRefused(
        "decision,new_text,id\n",
        ":1: column 'merge_into' is missing; restore it in the first line");
    assertRefused(
        "\n",
        ": is empty; remove it, or name the columns decision, new_text, merge_into, id in the first"
            + " line");
  }

  @Test
  void mergesMustEndAtAnAnswerThatStays() {
    String top = "decision,new_text,merge_into,note,id\n";
    assertRefused(
        top + "merge,,z,,a", ":2: merge_into 'z' is unknown; copy an id from the column id");
    assertRefused(
        top + "merge,,a,,a", ":2: merge_into 'a' is the row's own id; choose another answer");
    assertRefused(
        top + "merge,,b,,a\nmerge,,c,,b\nmerge,,a,,c",
        ":2: merge_into 'b' leads back to itself; choose one answer that stays");
    assertRefused(
        top + "merge,,b,,a\nreject,,,,b",
        ":2: merge_into 'b' is rejected; reject this one too or merge into an answer that stays");
    assertRefused(
        top + "merge,,b,,a\nmerge,,c,,b\nreject,,,,c",
        ":2: merge_into 'b' ends at 'c', which is rejected; reject this one too or merge into an"
            + " answer that stays");
  }

  @Test
  void otherEncodingsAreNamed() throws IOException {
    Files.write(file, "decision\u00fc".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> ReviewInput.load(file, state))
        .hasMessage(file + ": not UTF-8; save it as 'CSV UTF-8'");
  }

  @Test
  void memoryComesBackAsItWas() throws IOException {
    memory("a").write(state);
    assertThat(ReviewMemory.read(state).all()).isEqualTo(memory("a").all());
    result.memory().write(state);
    assertThat(state).content().doesNotContain("closed"); // where it says the same
    assertThat(ReviewMemory.read(state).all()).isEqualTo(result.memory().all());
    byte[] bytes = Files.readAllBytes(state);
    ReviewMemory.read(state).write(state);
    assertThat(state).hasBinaryContent(bytes);
    Files.writeString(state, "{\"format\":1,\"answers\":[{\"id\":\"a\"}]}");
    assertThatThrownBy(() -> ReviewMemory.read(state))
        .hasMessageStartingWith(state + ": answers[0]: text is missing; restore the file");
  }

  @Test
  void withoutAReviewTheMemorysDecisionsHold() {
    ReviewResult decided =
        Review.apply(
            ALL,
            new ReviewInput(
                result.memory(),
                Map.of(result.rows().getLast().answer().id(), Candidates.reject())),
            10);
    decided.memory().write(state);
    assertThat(ReviewInput.load(file, state).decisions()).hasSize(1);
    assertThat(ReviewInput.load(file, folder.resolve("none.json")).memory().isEmpty()).isTrue();
  }

  @Test
  void withoutAMemoryTheReviewItselfRecognisesAnswers() throws IOException {
    ReviewFile.write(file, result.rows(), Map.of(), 40);
    String text = Files.readString(file);
    Files.writeString(file, text.replaceFirst("\r\n\"\",,,,", "\r\nreject,,,,"));
    ReviewResult after = Review.apply(ALL, ReviewInput.load(file, state), 10);
    assertThat(after.answers()).hasSize(2);
    assertThat(after.changes().added()).isZero();
  }
}
