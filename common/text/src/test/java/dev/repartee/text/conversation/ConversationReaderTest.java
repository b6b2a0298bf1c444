package dev.repartee.text.conversation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConversationReaderTest {

  private static final String GOOD =
      """
      {"id": "c-1", "agent_id": "a-3", "domain": "billing", "extra": {"x": [1]},
       "messages": [{"role": "customer", "text": "Hi \\u00e4"}, {"role": "agent", "text": ""}]}
      """
              .replace("\n", "")
          + "\n";

  @TempDir private Path folder;

  private Path file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private Path jsonl(String content) throws IOException {
    return file("conversations.jsonl", content.getBytes(UTF_8));
  }

  private static byte[] gzip(String content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content.getBytes(UTF_8));
    }
    return bytes.toByteArray();
  }

  private static String good(String id) {
    return GOOD.replace("c-1", id);
  }

  private static AbstractThrowableAssert<?, ?> assertRefused(Path... files) {
    return assertThatThrownBy(() -> ConversationReader.readAll(List.of(files)))
        .isInstanceOf(UserException.class);
  }

  @Test
  void readsJsonLinesAndIgnoresUnknownKeysBlankLinesAndTheByteOrderMark() throws IOException {
    Path file =
        jsonl("\uFEFF\n" + GOOD + "  \r\n\n" + good("c-2").replace("\"a-3\"", "null").strip());
    List<Conversation> read = ConversationReader.readAll(List.of(file));
    assertThat(read).extracting(Conversation::id).containsExactly("c-1", "c-2");
    assertThat(read.getFirst())
        .isEqualTo(
            new Conversation(
                "c-1",
                Optional.of("a-3"),
                Optional.of("billing"),
                List.of(Message.customer("Hi \u00e4"), Message.agent(""))));
    assertThat(read.getLast().agentId()).isEmpty();
  }

  @Test
  void readsAndWritesWhatIsContextOnly() throws IOException {
    Path file =
        jsonl(
            """
            {"id":"c","messages":[{"role":"agent","text":"a","context_only":true},{"role":"agent","text":"b"}]}
            """);
    List<Conversation> read = ConversationReader.readAll(List.of(file));
    assertThat(read.getFirst().messages())
        .extracting(Message::isLearned)
        .containsExactly(false, true);
    Path written = folder.resolve("written.jsonl");
    ConversationWriter.write(written, read);
    assertThat(Files.readString(written)).isEqualTo(Files.readString(file));
    assertRefused(jsonl(Files.readString(file).replace("true", "1")))
        .hasMessageContaining("context_only must be true or false")
        .hasMessageContaining("messages[0]");
  }

  @Test
  void readsAndWritesWhoOfSeveralAgentsWrote() throws IOException {
    Path file =
        jsonl(
            """
            {"id":"c","agent_id":"a-1","messages":[{"role":"agent","text":"a","agent_id":"a-2"},{"role":"agent","text":"b"}]}
            """);
    Conversation read = ConversationReader.readAll(List.of(file)).getFirst();
    assertThat(read.messages())
        .extracting(read::agentOf)
        .containsExactly(Optional.of("a-2"), Optional.of("a-1"));
    Path written = folder.resolve("written.jsonl");
    ConversationWriter.write(written, List.of(read));
    assertThat(Files.readString(written)).isEqualTo(Files.readString(file));
    assertRefused(jsonl(Files.readString(file).replace("\"a-2\"", "2")))
        .hasMessageContaining("agent_id")
        .hasMessageContaining("messages[0]");
  }

  @Test
  void readsGzipOfSeveralMembers() throws IOException {
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(gzip(GOOD));
    both.write(gzip(good("c-2")));
    Path file = file("c.jsonl.gz", both.toByteArray());
    assertThat(ConversationReader.readAll(List.of(file))).hasSize(2);
  }

  @Test
  void streamsWithoutReadingAhead() throws IOException {
    Path file = jsonl(GOOD + good("c-2") + "broken\n");
    try (Stream<Conversation> stream = ConversationReader.stream(file)) {
      assertThat(stream.limit(1)).hasSize(1);
    }
    Path other = file("other.jsonl", good("c-3").getBytes(UTF_8));
    try (Stream<Conversation> stream = ConversationReader.stream(List.of(other, file))) {
      Iterator<Conversation> each = stream.iterator();
      assertThat(List.of(each.next().id(), each.next().id(), each.next().id()))
          .containsExactly("c-3", "c-1", "c-2");
    }
  }

  @Test
  void allBadLinesAreReportedAtOnce() throws IOException {
    String noId = "{\"messages\": []}\n";
    String badId = "{\"id\": 7, \"messages\": []}\n";
    String badMessages = "{\"id\": \"x\", \"messages\": {\"role\": 1}}\n";
    String badText = "{\"id\": \"y\", \"messages\": [{\"role\": \"agent\", \"text\": null}]}\n";
    String badMessage = "{\"id\": \"z\", \"messages\": [\"hi\"]}\n";
    Path file =
        jsonl(noId + badId + GOOD + badMessages + badText + badMessage + "[]\n{\"id\"\n" + GOOD);
    assertRefused(file)
        .hasMessageContaining(file + ":1: id is missing\n")
        .hasMessageContaining(file + ":2: id must be a string but is a number\n")
        .hasMessageContaining(file + ":4: messages must be an array but is an object\n")
        .hasMessageContaining(file + ":5: text must be a string but is null (messages[0])\n")
        .hasMessageContaining(file + ":6: must be an object but is a string (messages[0])\n")
        .hasMessageContaining(file + ":7: must be an object but is an array; write one")
        .hasMessageContaining(file + ":8: not one whole JSON object: ")
        .hasMessageEndingWith(file + ":9: id 'c-1' is already used in line 3");
  }

  @Test
  void tenBadLinesAreNamedAndTheOthersCounted() throws IOException {
    Path file = jsonl("{}\n".repeat(1050));
    assertRefused(file)
        .hasMessageContaining(file + ":10: id is missing")
        .hasMessageNotContaining(":11:")
        .hasMessageEndingWith(file + ": 1,040 more bad lines");
  }

  /** A megabyte of gzip may be a line of gigabytes. */
  @Test
  void aLineWithoutEndAndALongMessageAreRefused() throws IOException {
    String open = "{\"id\": \"c-1\", \"messages\": [{\"role\": \"agent\", \"text\": \"";
    Path bomb = file("b.jsonl.gz", gzip(GOOD.replace("c-1", "c-0") + open + "a".repeat(1 << 24)));
    assertRefused(bomb)
        .hasMessageStartingWith(bomb + ":2: a line, row or conversation of more than 16,777,216");
    Path table =
        file(
            "b.csv.gz",
            gzip(
                "conversation_id,timestamp,role,text\nc-1,0,agent,\""
                    + "a".repeat(1023).concat("\n").repeat((1 << 14) + 1)));
    assertRefused(table).hasMessageStartingWith(table + ":2: a line, row or conversation of more");
    Path message = jsonl(open + "a".repeat((1 << 22) + 1) + "\"}]}\n");
    assertRefused(message)
        .hasMessage(message + ":1: text has more than 4,194,304 characters; cut it (messages[0])");
  }

  /** What is wrong is said in logs, which others read. */
  @Test
  void noErrorQuotesWhatCustomersWrote() throws IOException {
    for (String bad :
        List.of(
            "{\"id\": \"c\", \"messages\": secret}",
            "{\"id\": \"c\", \"secret",
            "{\"id\": \"c\", \"messages\": [{\"role\": \"agent\", \"text\": 0secret}]}",
            "{\"id\": \"c\", \"messages\": [{\"role\": \"agent\", \"text\": 4111}]}",
            "secret 4111")) {
      Path file = jsonl(GOOD + bad + "\n");
      assertRefused(file)
          .hasMessageStartingWith(file + ":2: ")
          .hasMessageNotContainingAny("secret", "4111", "Source");
    }
    Path table = file("t.csv", "c-1,2026-01-01,agent,The secret is 4111\n".getBytes(UTF_8));
    assertRefused(table).hasMessageContaining("found ..., ..., agent, ...;");
  }

  @Test
  void invalidUtf8NamesTheLine() throws IOException {
    Path file = file("c.jsonl", (GOOD + good("gr\u00fc\u00dfe")).getBytes(ISO_8859_1));
    assertRefused(file)
        .hasMessage(
            file
                + ":2: not UTF-8; convert the file, for example by 'iconv -f WINDOWS-1252 -t UTF-8', or -f UTF-16");
  }

  @Test
  void truncatedAndDamagedGzip() throws IOException {
    byte[] whole = gzip(GOOD + good("c-2"));
    Path truncated = file("t.jsonl.gz", Arrays.copyOf(whole, whole.length - 12));
    assertRefused(truncated).hasMessageContaining("the gzip data ends early; copy or export");
    whole[whole.length - 6] ^= 1;
    Path damaged = file("d.jsonl.gz", whole);
    assertRefused(damaged).hasMessageContaining("the gzip data is damaged");
    Path cutInHeader = file("h.jsonl.gz", Arrays.copyOf(whole, 5));
    assertRefused(cutInHeader).hasMessageContaining("h.jsonl.gz: the gzip data is damaged");
    Path plain = file("p.jsonl.gz", GOOD.getBytes(UTF_8));
    assertRefused(plain).hasMessageContaining("p.jsonl.gz: is not gzip");
  }

  @Test
  void missingEmptyAndBlankFilesAndFolders() throws IOException {
    assertRefused(folder.resolve("none.jsonl")).hasMessageEndingWith("none.jsonl: no such file");
    assertRefused(folder).hasMessageContaining("is a folder");
    assertRefused(jsonl("")).hasMessageEndingWith("conversations.jsonl: is empty");
    assertRefused(jsonl("\n \n")).hasMessageEndingWith("holds no conversations");
    assertRefused(file("e.jsonl.gz", gzip(""))).hasMessageEndingWith("holds no conversations");
  }

  @Test
  void filesThatShareAConversationAreRefused() throws IOException {
    Path one = file("1.jsonl", GOOD.getBytes(UTF_8));
    Path two = file("2.jsonl", (good("c-2") + GOOD).getBytes(UTF_8));
    assertRefused(one, two)
        .hasMessage(
            two + ": conversation 'c-1' is also in " + one + "; give each conversation once");
  }

  @Test
  void readsWhatTheWriterWrites() throws IOException {
    List<Conversation> conversations =
        List.of(
            new Conversation("1", Optional.empty(), Optional.empty(), List.of()),
            new Conversation(
                "2",
                Optional.of("a"),
                Optional.of("d"),
                List.of(Message.agent("\ud83d\udc4d \ud800 lone\n\"quoted\""))));
    for (String name : List.of("new/w.jsonl", "w.jsonl.gz")) {
      Path file = folder.resolve(name);
      ConversationWriter.write(file, conversations);
      assertThat(ConversationReader.readAll(List.of(file))).isEqualTo(conversations);
    }
    assertThat(folder.resolve("new")).isDirectoryNotContaining("glob:**.tmp");
  }

  @Test
  void namesOfCustomerAndAgentAreWrittenAndRead() {
    List<Conversation> conversations =
        List.of(
            new Conversation(
                "a",
                Optional.empty(),
                Optional.empty(),
                Optional.of("Zoë Quill"),
                Optional.of("Ben"),
                Optional.of(Instant.parse("2024-03-01T10:00:01Z")),
                List.of(Message.agent("Hi"))));
    Path file = folder.resolve("names.jsonl");
    ConversationWriter.write(file, conversations);
    assertThat(file).content().contains("\"customer_name\":\"Zoë Quill\",\"agent_name\":\"Ben\"");
    assertThat(ConversationReader.readAll(List.of(file))).isEqualTo(conversations);
  }
}
