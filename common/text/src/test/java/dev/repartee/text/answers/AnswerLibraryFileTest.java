package dev.repartee.text.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnswerLibraryFileTest {

  private static final Instant JANUARY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");

  private static final Entry REFUND =
      new Entry(
          "refund-1",
          Optional.of("Refund"),
          "Hello {customer_name}, order {order_number} is refunded.",
          Optional.of("billing"),
          Optional.of("billing"),
          Optional.of("en-GB"),
          Optional.of(JANUARY),
          Optional.of(MARCH),
          Optional.of("a-3"));
  private static final Entry HELLO = new Entry("hello", "Hello \ud83d\udc4b");

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve(AnswerLibraryFile.FILE);
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String content) throws IOException {
    Files.writeString(file, content);
    return assertThatThrownBy(() -> AnswerLibraryFile.read(file)).isInstanceOf(UserException.class);
  }

  private AbstractThrowableAssert<?, ?> assertEntryRefused(String fields) throws IOException {
    return assertRefused(
        "{\"format\":1,\"entries\":[{\"id\":\"a\",\"text\":\"t\"},{%s}]}".formatted(fields));
  }

  @Test
  void readsWhatItWroteInTheSameOrder() throws IOException {
    AnswerLibrary library =
        new AnswerLibrary(List.of(REFUND, HELLO), List.of("50% off", "Nope", "50% off"));
    assertThat(library.never()).containsExactly("50% off", "Nope");
    AnswerLibraryFile.write(file, library);
    assertThat(AnswerLibraryFile.read(file)).isEqualTo(library);
    byte[] first = Files.readAllBytes(file);
    AnswerLibraryFile.write(file, AnswerLibraryFile.read(file));
    assertThat(file).hasBinaryContent(first);
    AnswerLibraryFile.write(file, AnswerLibrary.EMPTY);
    assertThat(AnswerLibraryFile.read(file)).isEqualTo(AnswerLibrary.EMPTY);
  }

  @Test
  void allButIdAndTextMayBeMissing() throws IOException {
    Files.writeString(
        file,
        """
        {"format": 1, "later": true, "entries": [
          {"id": "a", "text": "t", "title": null, "queue": " ", "colour": "red"},
          {"id": "b", "text": "u", "language": "de_AT", "valid_until": "2026-03-01T01:00:00+01:00"}]}
        """);
    AnswerLibrary library = AnswerLibraryFile.read(file);
    assertThat(library.never()).isEmpty();
    assertThat(library.entries().getFirst()).isEqualTo(new Entry("a", "t"));
    assertThat(library.entries().get(1).language()).contains("de");
    assertThat(library.entries().get(1).validUntil()).contains(MARCH);
  }

  @Test
  void aTextMayBeInSeveralLanguages() throws IOException {
    Files.writeString(
        file,
        """
        {"format": 1, "entries": [
          {"id": "a", "title": "Refund", "queue": "billing",
           "text": {"en-GB": "We refund it.", "nl": "Wij betalen het terug."}},
          {"id": "b", "text": {"de": "Danke!"}}]}
        """);
    AnswerLibrary library = AnswerLibraryFile.read(file);
    assertThat(library.entries())
        .extracting(Entry::id, Entry::title, one -> one.language().orElseThrow(), Entry::text)
        .containsExactly(
            tuple("a", Optional.of("Refund"), "en", "We refund it."),
            tuple("a", Optional.of("Refund"), "nl", "Wij betalen het terug."),
            tuple("b", Optional.empty(), "de", "Danke!"));
    assertThat(library.byAnswer()).hasSize(2);
    AnswerLibraryFile.write(file, library);
    assertThat(file)
        .content()
        .containsIgnoringWhitespaces(
            """
            "text": {"en": "We refund it.", "nl": "Wij betalen het terug."}, "queue": "billing"}
            """)
        .containsIgnoringWhitespaces("\"text\": \"Danke!\", \"language\": \"de\"");
    assertThat(AnswerLibraryFile.read(file)).isEqualTo(library);
  }

  @Test
  void whatIsWrongInALanguageIsNamedWithIt() throws IOException {
    String place = file + ": entries[1] 'b': text.";
    assertEntryRefused("\"id\":\"b\",\"text\":{\"en\":\"t\",\"nl\":\" \"}")
        .hasMessage(place + "nl: is blank");
    assertEntryRefused("\"id\":\"b\",\"text\":{\"nl\":[]}")
        .hasMessage(place + "nl: must be a string but is an array");
    assertEntryRefused("\"id\":\"b\",\"text\":{\"dutch\":\"t\"}")
        .hasMessage(place + "dutch: language must be a tag such as 'en' or 'de-AT' but is 'dutch'");
    assertEntryRefused("\"id\":\"b\",\"text\":{\"de\":\"t\",\"de-AT\":\"u\"}")
        .hasMessage(place + "de-AT: is the same language as 'de'");
    assertEntryRefused("\"id\":\"b\",\"text\":{\"nl\":\"" + "x".repeat(4001) + "\"}")
        .hasMessage(place + "nl: text must have 1 to 4000 characters but has 4001; shorten it");
    assertEntryRefused("\"id\":\"b\",\"text\":{}").hasMessageContaining("text has no language");
    assertEntryRefused("\"id\":\"b\",\"language\":\"de\",\"text\":{\"en\":\"t\"}")
        .hasMessageContaining("'b': language is given beside a text that names its own");
    assertEntryRefused("\"id\":\"a\",\"text\":{\"en\":\"t\",\"nl\":\"u\"}")
        .hasMessage(file + ": entries[1].id 'a' is already used by entries[0]");
  }

  @Test
  void entriesOfOneIdDifferInNothingButTheirText() {
    Entry dutch = REFUND.in("nl", "Terugbetaald.");
    AnswerLibrary library = new AnswerLibrary(List.of(REFUND, HELLO, dutch), List.of());
    assertThat(library.entries()).containsExactly(REFUND, dutch, HELLO);
    for (Entry other :
        List.of(REFUND, dutch.in("en", "Again."), new Entry("refund-1", "Another title."))) {
      List<Entry> entries = List.of(REFUND, dutch, other);
      assertThatThrownBy(() -> new AnswerLibrary(entries, List.of()))
          .hasMessageContaining("the id 'refund-1' twice");
    }
  }

  @Test
  void anEntryIsValidFromItsFirstMomentUntilBeforeItsLast() {
    assertThat(REFUND.isValidAt(JANUARY.minusNanos(1))).isFalse();
    assertThat(REFUND.isValidAt(JANUARY)).isTrue();
    assertThat(REFUND.isValidAt(MARCH.minusNanos(1))).isTrue();
    assertThat(REFUND.isValidAt(MARCH)).isFalse();
    assertThat(REFUND.isExpiredAt(MARCH)).isTrue();
    assertThat(REFUND.isExpiredAt(JANUARY.minusNanos(1))).isFalse();
    assertThat(HELLO.isValidAt(Instant.EPOCH)).isTrue();
  }

  @Test
  void whatIsWrongIsNamedByFileEntryAndField() throws IOException {
    String place = file + ": entries[1] 'b': ";
    assertEntryRefused("\"text\":\"t\"").hasMessage(file + ": entries[1]: id is missing");
    assertEntryRefused("\"id\":\"b\"").hasMessage(place + "text is missing");
    assertEntryRefused("\"id\":\"b\",\"text\":\" \"").hasMessage(place + "text is blank");
    assertEntryRefused("\"id\":\"b\",\"text\":5")
        .hasMessage(place + "text must be a string but is a number");
    assertEntryRefused("\"id\":\"a\",\"text\":\"t\"")
        .hasMessage(file + ": entries[1].id 'a' is already used by entries[0]");
    String rest = "\"id\":\"b\",\"text\":\"t\",";
    assertEntryRefused(rest + "\"queue\":\"" + "q".repeat(65) + "\"")
        .hasMessage(place + "queue must have 1 to 64 characters but has 65; shorten it");
    assertEntryRefused(rest + "\"language\":\"german\"")
        .hasMessage(place + "language must be a tag such as 'en' or 'de-AT' but is 'german'");
    assertEntryRefused(rest + "\"valid_from\":\"tomorrow\"")
        .hasMessage(
            place + "valid_from must be a time such as '2026-01-31T08:00:00Z' but is 'tomorrow'");
    assertEntryRefused(
            rest
                + "\"valid_from\":\"2026-03-01T00:00:00Z\",\"valid_until\":\"2026-03-01T00:00:00Z\"")
        .hasMessage(
            place
                + "valid_until must be after valid_from (2026-03-01T00:00:00Z) but is"
                + " 2026-03-01T00:00:00Z");
  }

  @Test
  void wrongContentNamesFileAndField() throws IOException {
    assertRefused("{\"entries\":[]}").hasMessage(file + ": format is missing");
    assertRefused("{\"format\":2,\"entries\":[]}")
        .hasMessage(file + ": format must be 1 but is 2; import the library again");
    assertRefused("{\"format\":1}").hasMessage(file + ": entries is missing");
    assertRefused("{\"format\":1,\"entries\":[],\"never\":[\"x\",7]}")
        .hasMessage(file + ": never[1] must be a string but is a number");
    assertRefused("{\"format\":1,\"entries\":[],\"never\":[\"x\",\"!?\"]}")
        .hasMessage(file + ": never[1] must have a letter or a number but is '!?'; remove it");
    assertRefused("{\"format\":1,\n\"entries\":[").hasMessageStartingWith(file + ":2: not JSON: ");
    Path missing = folder.resolve("none.json");
    assertThatThrownBy(() -> AnswerLibraryFile.read(missing))
        .hasMessage(missing + ": no such file");
  }

  @Test
  void thereMayNotBeTooMany() {
    List<String> phrases = Collections.nCopies(AnswerLibrary.MAX_NEVER + 1, "x");
    assertThatThrownBy(() -> new AnswerLibrary(List.of(), phrases))
        .hasMessage(
            "never may have at most 20000 elements but has 20001; remove those that are not used");
    List<Entry> entries = Collections.nCopies(AnswerLibrary.MAX_ENTRIES + 1, HELLO);
    assertThatThrownBy(() -> new AnswerLibrary(entries, List.of()))
        .hasMessageStartingWith("entries may have at most 20000");
    assertThatThrownBy(() -> new Entry("a", "x".repeat(4001)))
        .hasMessage("text must have 1 to 4000 characters but has 4001; shorten it");
  }

  @ParameterizedTest
  @CsvSource({
    "50% off, Get 50 % OFF today!, true",
    "50% off, 'Get 50, offer', false",
    "off, special offer, false",
    "off, 'That is off.', true",
    "don’t call us, Please don't call us again, true",
    "call us again, call us, false",
    "'call us', 'call me, call us', true",
    "\u4e94\u6298, \u73b0\u5728\u4e94\u6298\u4f18\u60e0, true",
    "\u4e94\u6298, \u4e94\u6b21\u6298\u6263, false",
  })
  void aPhraseIsFoundByItsWords(String phrase, String text, boolean found) {
    assertThat(new NeverPhrases(List.of("something else", phrase)).isIn(text)).isEqualTo(found);
  }

  @Test
  void theFoundPhraseIsNamed() {
    NeverPhrases never = new NeverPhrases(List.of("Call us!", "call us back"));
    assertThat(never.find("We will not CALL us back")).contains("call us");
    assertThat(new NeverPhrases(List.of()).isIn("anything")).isFalse();
  }
}
