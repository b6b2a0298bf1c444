package dev.repartee.text.conversation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.conversation.CsvLayout.TimeFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2024-03-01T10:00:01Z")),
                List.of(Message.customer("first of b"), Message.agent("second, \"of\" b"))),
            new Conversation(
                "a",
                Optional.of("a-2"),
                Optional.of("sales"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2024-03-01T10:00:02Z")),
                List.of(Message.customer("one"), Message.agent("two"), Message.customer("three"))));
  }

  @Test
  void columnsMayStandInAnyOrderAndOthersAreIgnored() throws IOException {
    Conversation read =
        read("\uFEFFrole, text ,x,timestamp,conversation_id\r\nagent,\"a\r\nb\",9,5,c\r\n\r\n")
            .getFirst();
    assertThat(read.id()).isEqualTo("c");
    assertThat(read.messages()).containsExactly(Message.agent("a\r\nb"));
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
            %1$s:5: role must be one of 'customer', 'agent' but is 'bot'; add --roles 'bot=ROLE' to 'conversations import', with customer, agent, bot or skip for ROLE
            %1$s:6: timestamp must be ISO-8601, RFC 1123, dd.MM.yyyy HH:mm, or seconds, milli- or microseconds since 1970, but is 'soon'; 'conversations import --time-format' names others
            %1$s:7: conversation_id is blank
            %1$s:8: row has 7 columns but the header has 6; quote texts that hold the separator or line ends\
            """
                .formatted(file));
  }

  @Test
  void headerErrorsNameTheColumn() {
    assertRefused("Ticket|Sent|From|Body\n")
        .hasMessageStartingWith(
            file + ":1: column conversation_id, timestamp, role, text is missing; found Ticket|")
        .hasMessageContaining("comma, semicolon or tab");
    assertRefused("conversation_id,timestamp,role\n")
        .hasMessageContaining(
            "column text is missing; found conversation_id, timestamp, role; cells are separated"
                + " by");
    assertRefused("text,conversation_id,timestamp,role,text\n")
        .hasMessage(file + ":1: column 'text' occurs twice; rename one");
    assertRefused("").hasMessageEndingWith("is empty");
    assertRefused(HEADER).hasMessageEndingWith("holds no conversations");
  }

  @Test
  void openQuoteNamesItsLine() {
    assertRefused(HEADER + "c,1,agent,hi,,\nc,2,agent,\"open,,\nc,3,agent,hi,,\n")
        .hasMessage(file + ":3: not CSV: look for a quote without its end, or text behind one");
  }

  @Test
  void aHeaderInAnotherEncodingIsRefusedForThat() throws IOException {
    Files.write(file, "Gespr\u00e4ch,timestamp,role,text\n".getBytes(ISO_8859_1));
    assertThatThrownBy(() -> ConversationReader.readAll(List.of(file)))
        .hasMessageStartingWith(file + ":1: not UTF-8");
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

  // Other layouts

  private static CsvLayout layout(Map<Column, String> columns, String... times) {
    return new CsvLayout(
        columns,
        Map.of("Kunde", Speaker.CUSTOMER, "Mitarbeiter", Speaker.AGENT, "System", Speaker.SKIP),
        Stream.of(times).map(TimeFormat::of).toList(),
        ZoneId.of("Europe/Berlin"),
        Map.of());
  }

  private static final Map<Column, String> GERMAN =
      Map.of(
          Column.ID, "Ticket",
          Column.TIME, "Gesendet",
          Column.ROLE, "Von",
          Column.TEXT, "Nachricht",
          Column.AGENT, "Autor",
          Column.CUSTOMER_NAME, "Autor");

  private ConversationCollector read(CsvLayout layout, String... contents) throws IOException {
    ConversationCollector collector = new ConversationCollector();
    BadLines bad = new BadLines("export", Optional.empty());
    CsvConversations csv = new CsvConversations(layout, collector, (text, place) -> text, bad);
    for (int i = 0; i < contents.length; i++) {
      Path part = folder.resolve("part-" + i + ".csv");
      Files.writeString(part, contents[i]);
      csv.read(LineSource.open(part));
    }
    bad.throwIfAny();
    csv.requireSkipped();
    return collector;
  }

  /** The same text twice in one file is what somebody wrote twice. */
  @Test
  void rowsOfExportsThatOverlapCountOnce() throws IOException {
    String header = "Ticket,Von,Gesendet,Nachricht,Autor\n";
    String january = "T1,Kunde,01.01.2024 10:00,ok,Zoe\nT1,Kunde,01.01.2024 10:00,ok,Zoe\n";
    ConversationCollector csv =
        read(
            layout(GERMAN, "dd.MM.yyyy HH:mm"),
            header + january,
            header + january + "T1,Mitarbeiter,01.01.2024 10:02,Gern.,Ben\n");
    assertThat(csv.conversations(false).findFirst().orElseThrow().messages())
        .extracting(Message::text)
        .containsExactly("ok", "ok", "Gern.");
    assertThat(csv.repeated()).isEqualTo(2);
  }

  @Test
  void theAuthorOfAMessageNamesNobodyElse() throws IOException {
    Conversation read =
        read(
                layout(GERMAN),
                """
                Ticket;Von;Gesendet;Nachricht;Autor
                T1;Kunde;1709287202;Hallo;
                T1;Mitarbeiter;1709287203;Guten Tag;Ben
                """)
            .conversations(false)
            .findFirst()
            .orElseThrow();
    assertThat(read.agentId()).contains("Ben");
    assertThat(read.customerName()).isEmpty();
  }

  @Test
  void rowsWithoutARoleCanBeLeftOut() throws IOException {
    String rows = "conversation_id,timestamp,role,text\nc,,,Ticket closed\nc,1,customer,Hi\n";
    assertRefused(rows).hasMessageContaining("role is blank").hasMessageContaining("--roles =ROLE");
    CsvLayout layout =
        new CsvLayout(Map.of(), Map.of("", Speaker.SKIP), List.of(), ZoneOffset.UTC, Map.of());
    assertThat(read(layout, rows).conversations(false).findFirst().orElseThrow().messages())
        .containsExactly(Message.customer("Hi"));
  }

  @Test
  void aBotsMessagesAreReadAndNotLearned() throws IOException {
    CsvLayout layout =
        new CsvLayout(Map.of(), Map.of("Bot", Speaker.BOT), List.of(), ZoneOffset.UTC, Map.of());
    String content = "conversation_id\ttimestamp\trole\ttext\nc\t1\tBot\tHi, I am a machine\n";
    assertThat(read(layout, content).conversations(false).findFirst().orElseThrow().messages())
        .containsExactly(new Message(Role.AGENT, "Hi, I am a machine", true));
  }

  @Test
  void longFieldsAreReadAndNotPrinted() throws IOException {
    String text = "x".repeat(1 << 20);
    assertThat(read(HEADER + "c,1,agent," + text + ",,\n").getFirst().messages())
        .containsExactly(Message.agent(text));
    assertThatThrownBy(() -> read(HEADER + "c,1," + text + ",hi,,\nc," + text + ",agent,hi,,\n"))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
  }

  @ParameterizedTest
  @CsvSource({
    "dd.MM.yyyy HH:mm, 03.11.2024 07:05, 2024-11-03T06:05:00Z",
    "M/d/yy h:mm a, 11/3/24 7:05 pm, 2024-11-03T18:05:00Z",
    "yyyy-MM-dd'T'HH:mm:ssXXX, 2024-11-03T07:05:06+00:00, 2024-11-03T07:05:06Z",
    "yyyy-MM-dd HH:mm:ss z, 2024-11-03 07:05:06 UTC, 2024-11-03T07:05:06Z",
    "dd MMM yyyy, 03 Nov 2024, 2024-11-02T23:00:00Z"
  })
  void timesAreReadByTheirFormat(String pattern, String text, String expected) {
    assertThat(layout(Map.of(), pattern).time(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "DD.MM.YYYY hh:mm",
        "dd.MM.YYYY",
        "DD.MM.yyyy",
        "dd.MM.yyyy hh:mm",
        "dd.mm.yyyy",
        "HH:mm",
        "bogus"
      })
  void formatsThatLoseADayOrAnHourAreRefused(String pattern) {
    assertThatThrownBy(() -> TimeFormat.of(pattern))
        .isInstanceOf(UserException.class)
        .hasMessageStartingWith("--time-format '" + pattern + "' ")
        .hasMessageEndingWith("for example 'dd.MM.yyyy HH:mm'");
  }
}
