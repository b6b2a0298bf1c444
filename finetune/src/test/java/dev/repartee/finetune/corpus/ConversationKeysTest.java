package dev.repartee.finetune.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which conversations a model was trained on, as its folder says it. */
class ConversationKeysTest {

  private static final String LONG =
      " I looked it up: the parcel left our house in the north this morning and will be with you"
          + " tomorrow before noon, or on the day after it at the latest.";

  private static final String HELLO = "Hello!" + LONG;
  private static final Conversation HI = conversation("c-1", "Hi", HELLO);
  private static final Conversation BYE = conversation("c-2", "Bye", "Good bye!" + LONG);

  @TempDir private Path folder;

  /** The customer's messages and the agent's in turn. */
  private static Conversation conversation(String id, String... texts) {
    return new Conversation(
        id,
        IntStream.range(0, texts.length)
            .mapToObj(i -> i % 2 == 0 ? Message.customer(texts[i]) : Message.agent(texts[i]))
            .toList());
  }

  private static ConversationKeys keys(Conversation... conversations) {
    return ConversationKeys.of(Stream.of(conversations));
  }

  /** WOZ 2.0 holds CamRest676 under other ids, and the base had read it. */
  @Test
  void aConversationIsKnownUnderAnotherIdAndAlsoWhenSomeOfItIsOther() {
    ConversationKeys keys = keys(HI, BYE);
    assertThat(keys.contains(conversation("x", "hi!", HELLO.toUpperCase(Locale.ROOT)))).isTrue();
    assertThat(keys.contains(conversation("c-1", "Yo", HELLO))).isFalse();
    assertThat(keys.contains(conversation("c-1", "Hi", "Hallo!" + LONG))).isFalse();
    String[] most = {"Hi", HELLO, "Bye", "Good bye!" + LONG, "Is it open?", text(1)};
    assertThat(keys(HI, BYE).contains(conversation("x", most))).as("two thirds").isTrue();
    assertThat(keys(HI).contains(conversation("x", most))).as("one third").isFalse();
    assertThat(keys(HI).with(keys(BYE)).contains(conversation("x", most))).isTrue();
  }

  private static String text(int number) {
    return "This is a text of many words, namely " + number;
  }

  /** What a script prescribes stands in every conversation of a center. */
  @Test
  void whatThreeConversationsHoldMarksNone() {
    Conversation more = conversation("c-3", "Hi", HELLO, "And then?", "Well," + LONG);
    ConversationKeys keys = keys(HI, more, conversation("c-4", "Hi", HELLO));
    assertThat(keys.contains(HI)).isFalse();
    assertThat(keys.contains(more)).isTrue();
    assertThat(keys.contains(conversation("x", "Hi", HELLO, "And then?", text(2)))).isFalse();
  }

  @Test
  void ofALongConversationEightPairsAreKeptAndTheSameOnesAreCompared() throws IOException {
    String[] texts =
        IntStream.range(0, 60).mapToObj(ConversationKeysTest::text).toArray(String[]::new);
    ConversationKeys keys = keys(conversation("c-1", texts));
    keys.write(folder);
    assertThat(folder.resolve(ConversationKeys.FILE)).hasSize(8 * Long.BYTES);
    assertThat(keys.contains(conversation("x", texts))).isTrue();
  }

  /** Two customers may well begin alike. */
  @Test
  void aShortConversationIsNotRecognized() {
    Conversation open =
        conversation("c-1", "Is it open?", "Yes, it is open until six.", "Ok", "Yes.");
    assertThat(keys(open, conversation("empty")).contains(open)).isFalse();
    assertThat(keys(open).contains(conversation("empty"))).isFalse();
  }

  /** Keys of different models must be comparable. */
  @Test
  void theFileIsTheFirstEightBytesOfEachHashInOrder() throws IOException {
    keys(HI, BYE, HI).write(folder);
    // printf 'hi\377hello i looked it up the ...' | sha256sum, and of the other; the last bit is 0
    assertThat(folder.resolve(ConversationKeys.FILE))
        .hasBinaryContent(HexFormat.of().parseHex("a0a7b19ece48df96c577267ff8f3fa5e"));
    ConversationKeys read = ConversationKeys.read(folder).orElseThrow();
    assertThat(read.contains(HI)).isTrue();
    assertThat(read.contains(BYE)).isTrue();
  }

  @Test
  void aFolderWithoutTheFileSaysNothingAndADamagedOneIsNamed() throws IOException {
    assertThat(ConversationKeys.read(folder)).isEmpty();
    Files.write(folder.resolve(ConversationKeys.FILE), new byte[12]);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> ConversationKeys.read(folder))
        .withMessageContaining("trained-on.bin: has 12 bytes");
  }

  @Test
  void whatIsKnownIsCountedAndNamed() {
    ConversationKeys keys = keys(HI, BYE);
    assertThatExceptionOfType(UserException.class)
        .isThrownBy(() -> keys.requireNew("a.jsonl", Stream.of(BYE, HI), "are in b.jsonl too"))
        .withMessageStartingWith(
            "a.jsonl: 2 of its conversations are in b.jsonl too, such as 'c-2'; what is")
        .withMessageContaining("split --new-to");
    assertThatCode(
            () ->
                keys.requireNew(
                    "a.jsonl", Stream.of(conversation("c-3", "Hi", text(3))), "are in b too"))
        .doesNotThrowAnyException();
  }

  /** Another set of detectors would change them, and names stand in first messages. */
  @Test
  void keysAreOfConversationsAsTheyStandInTheFile() throws IOException {
    Path file = folder.resolve("train.jsonl");
    ConversationWriter.write(file, List.of(HI, BYE));
    ConversationFiles redacted =
        new ConversationFiles(
            List.of(file),
            List.of(),
            1,
            one -> one.withMessages(List.of(Message.customer("[TEXT]"))));
    ConversationKeys keys = redacted.trainingKeys();
    assertThat(Stream.of(HI, BYE).filter(keys::contains)).as("one is set aside").hasSize(1);
  }
}
