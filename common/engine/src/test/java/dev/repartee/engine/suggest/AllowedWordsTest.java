package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.Completer.AllowedWords;
import dev.repartee.text.UserException;
import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which words a model may say: those of many conversations, of this one, and everyday English. */
class AllowedWordsTest {

  private static final List<Message> CONTEXT =
      List.of(Message.customer("My code is zq7-Plovrix, thanks"));

  private final AllowedWords sayable = new AllowedWords(Optional.of(words()), CONTEXT, Desk.NONE);

  /** Quorvex stands in as many conversations as it takes; Blenthorpe often, but in one fewer. */
  private static CommonWords words() {
    CommonWords.Counter counter = new CommonWords.Counter();
    for (int i = 0; i < CommonWords.LEAST_CONVERSATIONS; i++) {
      String rare = i == 0 ? "" : " Blenthorpe Blenthorpe Blenthorpe";
      counter.add(
          new Conversation(
              "c-" + i,
              Optional.empty(),
              Optional.empty(),
              List.of(Message.agent("The Quorvex is here" + rare))));
    }
    return counter.common();
  }

  @Test
  void unknownWordsAreBlocked() {
    assertThat(sayable.test("Is it the ", "Quorvex?")).isTrue();
    assertThat(sayable.test("Is it the ", "Blenthorpe?")).isFalse();
    assertThat(sayable.test("", "It is 4417 for you")).isFalse();
    assertThat(sayable.test("", "Thank you for your patience")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"please", "Please,", "(sorry)", "\"hello\"", "rose", "Quorvex!", "restart?"})
  void whatIsCommonAndNoNameIsSafe(String word) {
    assertThat(words().isSafe(word)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Rose",
        "Grace.",
        "Blenthorpe",
        "-AD",
        "^ad",
        "/ad",
        "@help",
        "#help",
        "ad/ad",
        "4417",
        "a1",
        "{name}",
        "help.me",
        "https://t.co/help",
        "you@me",
        "",
        "-",
        "Rose-Marie"
      })
  void namesNumbersLinksAndSignaturesAreNot(String word) {
    assertThat(words().isSafe(word)).isFalse();
  }

  @Test
  void thoseOfTheConversationAreNot() {
    assertThat(sayable.test("Your code is ", "ZQ7-plovrix.")).isTrue();
    assertThat(sayable.test("Blenthorpe it is: ", "Blenthorpe")).isTrue();
  }

  @Test
  void aWordThatIsBeingTypedIsJudgedAsTheWholeThatItWouldBecome() {
    assertThat(sayable.test("It is Blen", "thorpe")).isFalse();
    assertThat(sayable.test("It is zq7-Plo", "vrix")).isTrue();
    assertThat(sayable.test("It is Quor", "vex")).isTrue();
    assertThat(sayable.test("It is Blenthorpe", "")).as("typed, but not over").isFalse();
    assertThat(sayable.test("It is 44", "17")).isFalse();
  }

  @Test
  void withoutAWordListEverythingMayBeSaid() {
    assertThat(new AllowedWords(Optional.empty(), List.of(), Desk.NONE).test("", "Blenthorpe"))
        .isTrue();
  }

  @Test
  void theFileKeepsTheWordsAndAFolderWithoutOneHasNone(@TempDir Path folder) throws IOException {
    assertThat(CommonWords.read(folder)).isEmpty();
    words().write(folder);
    assertThat(Files.readAllLines(folder.resolve(CommonWords.FILE)))
        .isSorted()
        .startsWith("#unicode en")
        .contains("quorvex")
        .doesNotContain("blenthorpe");
    CommonWords read = CommonWords.read(folder).orElseThrow();
    assertThat(read.cover("quorvex", Set.of())).isTrue();
    assertThat(read.cover("blenthorpe", Set.of())).isFalse();
    assertThat(read.cover("blenthorpe", Set.of("blenthorpe"))).isTrue();
    assertThat(WordRule.words("H\u00e9l\u00e8ne's 2nd"))
        .containsExactly("h\u00e9l\u00e8ne", "s", "2nd");
  }

  @Test
  void everydayWordsOfTheLanguageThatIsSpokenAreCommon(@TempDir Path folder) throws IOException {
    CommonWords.Counter counter = new CommonWords.Counter();
    for (int i = 0; i < CommonWords.LEAST_CONVERSATIONS; i++) {
      counter.add(
          new Conversation(
              "nl-" + i,
              Optional.empty(),
              Optional.empty(),
              List.of(Message.customer("Ik heb een vraag over mijn pakket"))));
    }
    counter.common().write(folder);
    CommonWords read = CommonWords.read(folder).orElseThrow();
    assertThat(read.cover("De bestelling is klaar", Set.of())).isTrue();
    assertThat(read.cover("Fensterscheibe", Set.of())).isFalse();
  }

  @Test
  void aRuleThatIsNotKnownIsNamed(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve(CommonWords.FILE), "#later en\nword\n");
    assertThatThrownBy(() -> CommonWords.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("words.txt, line 1: must begin with '#unicode' but is '#later'");
  }

  @Test
  void aFileThatIsNoTextIsNamed(@TempDir Path folder) throws IOException {
    Files.write(folder.resolve(CommonWords.FILE), new byte[] {(byte) 0xC3, (byte) 0x28});
    assertThatThrownBy(() -> CommonWords.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("words.txt cannot be read");
  }
}
