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
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which conversations a model was trained on, as its folder says it. */
class ConversationKeysTest {

  private static final Conversation HI = conversation("c-1", "Hi");
  private static final Conversation BYE = conversation("c-2", "Bye");

  @TempDir private Path folder;

  private static Conversation conversation(String id, String... texts) {
    return new Conversation(
        id, Optional.empty(), Optional.empty(), Stream.of(texts).map(Message::customer).toList());
  }

  private static ConversationKeys keys(Conversation... conversations) {
    return ConversationKeys.of(Stream.of(conversations));
  }

  @Test
  void idAndFirstMessageTogetherAreAConversation() {
    ConversationKeys keys = keys(HI, conversation("empty"));
    assertThat(keys.contains(conversation("c-1", "Hi", "and more"))).isTrue();
    assertThat(keys.contains(conversation("empty"))).isTrue();
    assertThat(keys.contains(conversation("c-1", "Hello"))).isFalse();
    assertThat(keys.contains(conversation("c-2", "Hi"))).isFalse();
    assertThat(keys.contains(conversation("c-", "1Hi"))).as("where one ends counts").isFalse();
    assertThat(keys.with(keys(BYE)).contains(BYE)).isTrue();
    assertThat(keys.with(keys(BYE)).contains(HI)).isTrue();
  }

  /** Files of earlier versions must stay comparable. */
  @Test
  void theFileIsTheFirstEightBytesOfEachHashInOrder() throws IOException {
    keys(HI, BYE, HI).write(folder);
    // printf 'c-1\377Hi' | sha256sum, and of the other
    assertThat(folder.resolve(ConversationKeys.FILE))
        .hasBinaryContent(HexFormat.of().parseHex("e7c49dc67232fcea1dacf60d5824eed2"));
    ConversationKeys read = ConversationKeys.read(folder).orElseThrow();
    assertThat(read.contains(HI)).isTrue();
    assertThat(read.contains(BYE)).isTrue();
    assertThat(read.contains(conversation("c-3", "Hi"))).isFalse();
  }

  @Test
  void aMillionConversations() throws IOException {
    new ConversationKeys(LongStream.range(0, 1_000_000).map(i -> i * 0x9E3779B97F4A7C15L))
        .with(keys(HI))
        .write(folder);
    assertThat(folder.resolve(ConversationKeys.FILE)).hasSize(1_000_001L * Long.BYTES);
    assertThat(ConversationKeys.read(folder).orElseThrow().contains(HI)).isTrue();
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
            "a.jsonl: 2 of its conversations are in b.jsonl too, such as 'c-2'; leave them out");
    assertThatCode(
            () -> keys.requireNew("a.jsonl", Stream.of(conversation("c-3", "Hi")), "are in b too"))
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
            0.5,
            1,
            one -> one.withMessages(List.of(Message.customer("[TEXT]"))));
    ConversationKeys keys = redacted.trainingKeys();
    assertThat(Stream.of(HI, BYE).filter(keys::contains)).as("one is set aside").hasSize(1);
  }
}
