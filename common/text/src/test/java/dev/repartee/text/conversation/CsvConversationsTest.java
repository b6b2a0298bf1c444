package dev.repartee.text.conversation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvConversationsTest {

  private static final String HEADER = "conversation_id,timestamp,role,text,agent_id,domain\n";

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void setUp() {
    file = folder.resolve("export.csv");
  }

  private List<Conversation> read(String content) throws IOException {
    Files.writeString(file, content);
    return ConversationReader.readAll(List.of(file));
  }

  private AbstractThrowableAssert<?, ?> assertRefused(String content) {
    return assertThatThrownBy(() -> read(content)).isInstanceOf(UserException.class);
  }

  @Test
  void interleavedRowsAreOrderedByTimestampAndTiesKeepTheirOrder() throws IOException {
    List<Conversation> read =
        read(
            HEADER
                + "b,2024-03-01T10:00:02Z,agent,\"second, \"\"of\"\" b\",a-1,\n"
                + "a,1709287202,customer,one,,sales\n"
                + "b,2024-03-01T10:00:01Z,customer,first of b,,\n"
                + "a,1709287202000,agent,two,a-2,\n"
                + "a,2024-03-01 10:00:02,customer,three,,\n");
    assertThat(read)
        .containsExactly(
            new Conversation(
                "b",
                Optional.of("a-1"),
                Optional.empty(),
                List.of(Message.customer("first of b"), Message.agent("second, \"of\" b"))),
            new Conversation(
                "a",
                Optional.of("a-2"),
                Optional.of("sales"),
                List.of(Message.customer("one"), Message.agent("two"), Message.customer("three"))));
  }

  @Test
  void columnsMayStandInAnyOrderAndOthersAreIgnored() throws IOException {
    List<Conversation> read =
        read("\uFEFFrole, text ,x,timestamp,conversation_id\r\nagent,\"a\r\nb\",9,5,c\r\n\r\n");
    assertThat(read)
        .containsExactly(
            new Conversation(
                "c", Optional.empty(), Optional.empty(), List.of(Message.agent("a\r\nb"))));
  }

  @Test
  void gzipIsRead() throws IOException {
    Path gzip = folder.resolve("export.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      out.write((HEADER + "c,1,agent,hi,,\n").getBytes(UTF_8));
    }
    assertThat(ConversationReader.readAll(List.of(gzip))).hasSize(1);
  }

  @Test
  void allBadRowsAreReportedWithTheLineWhereTheyBegin() {
    assertRefused(
            HEADER
                + "c,1,agent,\"two\nlines\",,\n"
                + "\n"
                + "c,2,bot,hi,,\n"
                + "c,soon,agent,hi,,\n"
                + ",3,agent,hi,,\n"
                + "c,4,agent,no, quotes,,\n")
        .hasMessage(
            """
            %1$s:5: role must be 'customer' or 'agent' but is 'bot'
            %1$s:6: timestamp must be ISO-8601, epoch seconds or epoch milliseconds but is 'soon'
            %1$s:7: conversation_id is blank
            %1$s:8: row has 7 columns but the header has 6; quote texts that hold commas"""
                .formatted(file));
  }

  @Test
  void headerErrorsNameTheColumn() {
    assertRefused("conversation_id;timestamp;role;text\n")
        .hasMessageStartingWith(
            file + ":1: column conversation_id, timestamp, role, text is missing; found ");
    assertRefused("conversation_id,timestamp,role\n")
        .hasMessageContaining(
            "column text is missing; found conversation_id, timestamp, role; the first line must");
    assertRefused("text,conversation_id,timestamp,role,text\n")
        .hasMessage(file + ":1: column 'text' occurs twice");
    assertRefused("").hasMessageEndingWith("is empty");
    assertRefused(HEADER).hasMessageEndingWith("holds no conversations");
  }

  @Test
  void openQuoteNamesItsLine() {
    assertRefused(HEADER + "c,1,agent,hi,,\nc,2,agent,\"open,,\nc,3,agent,hi,,\n")
        .hasMessageStartingWith(file + ": not CSV: ")
        .hasMessageContaining("(startline 3)");
  }

  @Test
  void invalidUtf8NamesTheLine() throws IOException {
    Files.write(
        file, (HEADER + "c,1,agent,hi,,\nc,2,agent,gr\u00fc\u00dfe,,\n").getBytes(ISO_8859_1));
    assertThatThrownBy(() -> ConversationReader.readAll(List.of(file)))
        .hasMessage(file + ":3: not UTF-8; convert the file to UTF-8");
  }

  @Test
  void namesOfCustomerAndAgentAreReadFromTheFirstRowThatTellsThem() throws IOException {
    Conversation read =
        read("""
                conversation_id,timestamp,role,text,customer_name,agent_name
                a,1709287202,customer,Hi,,Ben
                a,1709287203,agent,Hello,Zoë Quill,Ben
                """)
            .getFirst();
    assertThat(read.customerName()).contains("Zoë Quill");
    assertThat(read.agentName()).contains("Ben");
  }
}
