package dev.repartee.text.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import dev.repartee.text.privacy.PersonalData;
import dev.repartee.text.privacy.PublicFacts;
import dev.repartee.text.privacy.PublicFacts.Fact;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerSetFileTest {

  private static final Answer HELLO =
      new Answer("h", "Hello!", 7, 3, List.of(new Phrasing("Hello!", 5), new Phrasing("hello", 2)));
  private static final Answer BYE = new Answer("b", "Bye \ud83d\udc4b", 2, 2, List.of());

  private static final Answer RICH =
      new Answer(
          "r",
          "One moment, please.",
          12,
          3,
          List.of(new Phrasing("One moment, please.", 10)),
          new AnswerUse(
              4,
              Map.of("agent-2", 3L, "agent-1", 9L),
              Map.of("travel", 6L, "bank", 6L),
              Optional.of("en")),
          List.of(Phrasing.hash("one moment Ann"), Phrasing.hash("a moment Bob")));

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("answers.json");
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String content) throws IOException {
    Files.writeString(file, content);
    return assertThatThrownBy(() -> AnswerSetFile.read(file)).isInstanceOf(UserException.class);
  }

  @Test
  void readsWhatItWroteInTheSameOrder() throws IOException {
    AnswerSetFile.write(file, new AnswerSet(List.of(HELLO, RICH, BYE)));
    // Who used an answer is for the review alone.
    assertThat(AnswerSetFile.read(file))
        .isEqualTo(
            new AnswerSet(
                List.of(
                    HELLO,
                    new Answer(
                        RICH.id(),
                        RICH.text(),
                        RICH.count(),
                        RICH.agents(),
                        RICH.phrasings(),
                        new AnswerUse(4, Map.of(), Map.of(), Optional.of("en")),
                        RICH.hiddenPhrasings()),
                    BYE)));
    byte[] first = Files.readAllBytes(file);
    assertThat(Files.readString(file)).doesNotContain("agent-1", "bank");
    AnswerSetFile.write(file, AnswerSetFile.read(file));
    assertThat(file).hasBinaryContent(first);
  }

  @Test
  void publicFactsAreReadAsWritten() throws IOException {
    AnswerSet set =
        new AnswerSet(
            List.of(HELLO),
            PublicFacts.of(
                List.of(
                    new Fact(PersonalData.NAME, "Murray", 34, 11),
                    new Fact(PersonalData.TIME, "8 pm", 17, 9))));
    AnswerSetFile.write(file, set);
    assertThat(AnswerSetFile.read(file)).isEqualTo(set);
    assertThat(AnswerSetFile.read(file).facts().holds(PersonalData.TIME, "8PM")).isTrue();
    String wrong = "{\"format\":1,\"answers\":[],\"public\":[{\"kind\":\"%s\",\"value\":\"x\"%s}]}";
    assertRefused(wrong.formatted("card", ",\"conversations\":10,\"agents\":3"))
        .hasMessage(
            file
                + ": public[0]: kind must be one that can be public but is 'card'; remove the"
                + " value");
    assertRefused(wrong.formatted("age", "")).hasMessageContaining("public[0]: kind 'age' is");
    assertRefused(wrong.formatted("time", "")).hasMessageContaining("public[0]: conversations");
  }

  @Test
  void usesStandMostUsedFirst() {
    assertThat(RICH.use().byAgent().keySet()).containsExactly("agent-1", "agent-2");
    assertThat(RICH.use().byDomain().keySet()).containsExactly("bank", "travel");
  }

  @Test
  void wrongUseNamesFileAndField() throws IOException {
    String wrong =
        "{\"format\":1,\"answers\":[{\"id\":\"a\",\"text\":\"t\",\"count\":1,\"agents\":1,\"phrasings\":[],%s}]}";
    String place = file + ": answers[0]: ";
    assertRefused(wrong.formatted("\"sentences\":-1"))
        .hasMessage(place + "sentences must be at least 0 but is -1");
    assertRefused(wrong.formatted("\"hidden_phrasings\":[\"Ann\"]"))
        .hasMessage(place + "hidden_phrasings[0] must be 16 hex digits but is 'Ann'");
  }

  @Test
  void idsAreUnique() {
    assertThatThrownBy(() -> new AnswerSet(List.of(HELLO, BYE, HELLO)))
        .hasMessage("answers[2].id 'h' is already used by answers[0]");
  }

  @Test
  void wrongContentNamesFileAndField() throws IOException {
    String answer = "{\"id\":\"a\",\"text\":\"t\",\"count\":1,\"agents\":1,\"phrasings\":[%s]}";
    String file1 = "{\"format\":1,\"answers\":[%s]}";
    assertRefused("{\"answers\":[]}").hasMessage(file + ": format is missing");
    assertRefused("{\"format\":2,\"answers\":[]}")
        .hasMessage(file + ": format must be 1 but is 2; extract the answers again");
    assertRefused("{\"format\":1}").hasMessage(file + ": answers is missing");
    assertRefused(file1.formatted("{}")).hasMessage(file + ": answers[0]: phrasings is missing");
    assertRefused(file1.formatted(answer.formatted("").replace("\"t\"", "5")))
        .hasMessage(file + ": answers[0]: text must be a string but is a number");
    assertRefused(file1.formatted(answer.formatted("{\"text\":\"t\",\"count\":0}")))
        .hasMessage(
            file
                + ": answers[0]: phrasings[0]: count must be between 1 and 1099511627776 but is 0");
    assertRefused(file1.formatted(answer.formatted("") + "," + answer.formatted("")))
        .hasMessage(file + ": answers[1].id 'a' is already used by answers[0]");
    assertRefused("{\"format\":1,\n\"answers\":[").hasMessageStartingWith(file + ":2: not JSON: ");
    assertRefused("").isInstanceOf(UserException.class);
    Path missing = folder.resolve("none.json");
    assertThatThrownBy(() -> AnswerSetFile.read(missing)).hasMessage(missing + ": no such file");
  }
}
