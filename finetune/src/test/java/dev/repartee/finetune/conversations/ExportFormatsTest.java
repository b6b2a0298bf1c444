package dev.repartee.finetune.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/**
 * What desks export becomes the conversations that their authors had. The sample files are written
 * by hand, with the fields that the vendors document.
 */
class ExportFormatsTest {

  @TempDir private Path folder;

  private static Path sample(String name) {
    try {
      return Path.of(ExportFormatsTest.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  private Path output() {
    return folder.resolve("data");
  }

  private CommandRun run(Path file, String... more) {
    List<String> args =
        new ArrayList<>(List.of("import", "--conversations=" + file, "--output=" + output()));
    args.addAll(List.of(more));
    return CommandRun.of(new ConversationsCommand(), args);
  }

  private JsonNode imported(Path file, String... more) {
    CommandRun run = run(file, more);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return run.json();
  }

  private String refused(Path file, String... more) {
    CommandRun run = run(file, more);
    assertThat(run.exitCode()).as(run.out()).isNotZero();
    assertThat(output()).doesNotExist();
    return run.err();
  }

  private List<Conversation> conversations() {
    return ConversationReader.readAll(List.of(output().resolve(ImportCommand.FILE)));
  }

  private static Message machine(String text) {
    return new Message(Role.AGENT, text, true);
  }

  private static Map<String, Long> counts(JsonNode object) {
    Map<String, Long> counts = new TreeMap<>();
    object.properties().forEach(one -> counts.put(one.getKey(), one.getValue().asLong()));
    return counts;
  }

  /**
   * Of each desk: its samples, their conversations, and what is skipped and written by machines.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          google.json         | google         |                                                    | {AUTOMATED_AGENT=1}
          chatwoot.json       | chatwoot       | {activity=1, deleted=1, private notes=1}           | {bot=1, template=1}
          zendesk             | zendesk        | {chat events=1, private notes=1, system=1}         |
          zendesk-chats.json  | zendesk-chat   | {chat.memberjoin=2, chat.rating=1}                 | {Trigger=1}
          intercom.json       | intercom       | {assignment=1, close=1, private notes=1}           | {ai agent=1}
          zammad.json         | zammad         | {System=1, private notes=1}                        |
          amazon-connect.json | amazon-connect | {ATTACHMENT=1, EVENT=1}                            | {CUSTOM_BOT=1, SYSTEM=1}
          vcon.json           | vcon           | {recording=1}                                      |
          """)
  void aDesksExportBecomesItsConversations(
      String name, String format, String skipped, String machines) throws IOException {
    JsonNode json = imported(sample(name));
    assertThat(counts(json.path("formats"))).isEqualTo(Map.of(format, 1L));
    assertThat(counts(json.path("skipped"))).hasToString(skipped == null ? "{}" : skipped);
    assertThat(counts(json.path("machines"))).hasToString(machines == null ? "{}" : machines);
    Path file = output().resolve(ImportCommand.FILE);
    String expected = "expected/" + name.replace(".json", "") + ".jsonl";
    try (InputStream written = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(new String(written.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo(Files.readString(sample(expected)));
    }
  }

  private static final String DESK =
      """
      format: larch
      fits: {talks: '*'}
      id: talkId
      domain: topic
      messages: talks | calls
      role: by.kind
      author: by.nr
      author-name: by.name
      time: at
      text: said
      roles:
        - {is: note, when: {visible: false}}
        - {is: agent, when: {by.kind: staff}}
        - {is: customer, when: {by.kind: [guest, member]}}
        - {is: bot, when: {by.kind: robot*}}
      """;

  private static final String TALK =
      """
      {"talkId": 7, "topic": "rooms", "talks": [
        {"by": {"kind": "robot 1", "nr": 1}, "at": 1772355600, "said": "Welcome"},
        {"by": {"kind": "guest", "nr": 2, "name": "Ann"}, "at": 1772355601, "said": "Is there a pool?"},
        {"by": {"kind": "staff", "nr": 3, "name": "Bo"}, "at": 1772355602, "said": "ask her again", "visible": false},
        {"by": {"kind": "staff", "nr": 3, "name": "Bo"}, "at": 1772355603, "said": "Yes, on the roof."}]}
      """;

  @Test
  void aDeskThatNobodyHasYetIsReadByAMappingAlone() throws IOException {
    Path format = Files.writeString(folder.resolve("larch.yaml"), DESK);
    Path file = Files.writeString(folder.resolve("talks.json"), TALK);
    assertThat(refused(file)).contains("none of the known formats", "--format");
    JsonNode json = imported(file, "--format=" + format);
    assertThat(counts(json.path("formats"))).isEqualTo(Map.of("larch", 1L));
    assertThat(counts(json.path("skipped"))).isEqualTo(Map.of("private notes", 1L));
    assertThat(conversations())
        .containsExactly(
            new Conversation(
                "7",
                Optional.of("3"),
                Optional.of("rooms"),
                Optional.of("Ann"),
                Optional.of("Bo"),
                Optional.of(Instant.ofEpochSecond(1_772_355_600)),
                List.of(
                    machine("Welcome"),
                    Message.customer("Is there a pool?"),
                    Message.agent("Yes, on the roof."))));
    imported(sample("google.json"), "--format=" + format);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          domain: topic            | domian: topic            | larch.yaml:4: unknown field 'domian'; did you mean 'domain'?
          text: said               |                          | messages, role, text and roles must be given
          text: said               | text:                    | messages, role, text and roles must be given
          when: {by.kind: staff}   | when:                    | is and when must be given
          is: agent                | is: helper               | larch.yaml:13: Cannot deserialize value
          when: {by.kind: staff}   | when: {by.kind: {a: b}}  | larch.yaml:13: 'when' must hold texts
          role: by.kind            | role: $role              | role, author or customer refers to itself
          format: larch            | format: [                | larch.yaml:
          """)
  void whatIsWrongInAMappingIsNamed(String right, String wrong, String error) throws IOException {
    String mapping = DESK.replace(right, wrong == null ? "" : wrong);
    Path format = Files.writeString(folder.resolve("larch.yaml"), mapping);
    Path file = Files.writeString(folder.resolve("talks.json"), TALK);
    CommandRun run = run(file, "--format=" + format);
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("--format ", error, "docs/your-data.md");
    assertThat(run(file, "--format=" + folder.resolve("none.yaml")).err())
        .contains("none.yaml: no such readable file");
  }

  /** Its user is an agent, whose texts were learned. */
  @Test
  void zendesksAnswerBotIsReadAndNotLearned() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("tickets.json"),
            """
            {"tickets": [{"id": 1, "requester_id": 10, "comments": [
              {"author_id": 10, "plain_body": "Hi", "created_at": "2026-03-03T09:00:00Z", "via": {"channel": "answer_bot_for_web_widget"}},
              {"author_id": 20, "plain_body": "Try this article", "created_at": "2026-03-03T09:01:00Z", "via": {"channel": "answer_bot_for_web_widget"}},
              {"author_id": 21, "plain_body": "Did it help?", "created_at": "2026-03-03T09:02:00Z", "via": {"channel": "api"}},
              {"author_id": 22, "plain_body": "I am a person", "created_at": "2026-03-03T09:03:00Z", "via": {"channel": "web"}}]}],
             "users": [{"id": 20, "name": "Larch", "role": "agent"}, {"id": 21, "name": "Answer Bot", "role": "agent"},
               {"id": 22, "name": "Bo Bot", "role": "agent"}]}
            """);
    JsonNode json = imported(file);
    assertThat(counts(json.path("machines"))).isEqualTo(Map.of("20", 1L, "21", 1L));
    assertThat(conversations().getFirst().messages())
        .containsExactly(
            Message.customer("Hi"),
            machine("Try this article"),
            machine("Did it help?"),
            Message.agent("I am a person"));
  }

  /** Nothing in the export marks them. */
  @Test
  void anAgentWhoRepeatsLikeABotIsNamed() throws IOException {
    StringBuilder tickets = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      tickets.append(
          """
          {"id": %1$d, "requester_id": 10, "comments": [
            {"author_id": 77, "plain_body": "Hello, I am Larch. How can I help you?", "created_at": "2026-03-03T09:01:00Z"},
            {"author_id": 22, "plain_body": "The parcel number %1$d is on its way", "created_at": "2026-03-03T09:03:00Z"}]}
          """
              .formatted(i));
    }
    Path file = Files.writeString(folder.resolve("tickets.json"), tickets);
    JsonNode bots = imported(file).path("likely_bots");
    assertThat(bots).hasSize(1);
    assertThat(bots.path(0).path("agent").asString()).isEqualTo("77");
    assertThat(run(file, "--no-json").out())
        .contains(
            "30 messages of agent '77' are word by word the same texts to 100%, other agents' to"
                + " 0%")
        .contains("--roles '77=bot'", "--skip 'agent_id=77'");
    JsonNode json = imported(file, "--roles=77=bot");
    assertThat(json.path("likely_bots")).isEmpty();
    assertThat(counts(json.path("machines"))).isEqualTo(Map.of("77", 30L));
  }

  /** A copied person may be a customer or an agent: nothing in the tickets says which. */
  @Test
  void anAuthorWhoMayBeEitherIsAskedFor() {
    assertThat(refused(sample("zendesk/tickets.jsonl")))
        .contains(
            "conversation 36: '102' is neither customer nor agent",
            "add --roles '102=agent' (or =customer");
    imported(sample("zendesk/tickets.jsonl"), "--roles=102=skip");
    assertThat(conversations().get(1).messages()).hasSize(2);
  }

  /** The transcript of a call has no times of day. */
  @Test
  void amazonConnectCallsKeepTheirOrder() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("call.json"),
            """
            {"Channel": "VOICE", "CustomerMetadata": {"ContactId": "c-1"},
             "Participants": [{"ParticipantId": "AGENT", "ParticipantRole": "AGENT"}, {"ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER"}],
             "Transcript": [
               {"BeginOffsetMillis": 0, "EndOffsetMillis": 900, "Id": "1", "ParticipantId": "AGENT", "Content": "Hello"},
               {"BeginOffsetMillis": 1000, "EndOffsetMillis": 1900, "Id": "2", "ParticipantId": "CUSTOMER", "Content": "My card is gone"},
               {"BeginOffsetMillis": 2000, "EndOffsetMillis": 2900, "Id": "3", "ParticipantId": "AGENT", "Content": "I block it"}]}
            """);
    imported(file);
    assertThat(conversations().getFirst().startedAt()).isEmpty();
    assertThat(conversations().getFirst().messages())
        .containsExactly(
            Message.agent("Hello"),
            Message.customer("My card is gone"),
            Message.agent("I block it"));
  }

  @Test
  void aFolderAZipAndGzipHoldSeveralFormats() throws IOException {
    Path zip = folder.resolve("export.zip");
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
      for (String name : List.of("google.json", "vcon.json", "intercom.json")) {
        out.putNextEntry(new ZipEntry("chats/" + name));
        out.write(Files.readAllBytes(sample(name)));
      }
      out.putNextEntry(new ZipEntry("chats/photo.png"));
      out.putNextEntry(new ZipEntry("__MACOSX/._google.json"));
      out.putNextEntry(new ZipEntry("chats/amazon.json.gz"));
      GZIPOutputStream gzip = new GZIPOutputStream(out);
      gzip.write(Files.readAllBytes(sample("amazon-connect.json")));
      gzip.finish();
    }
    JsonNode json = imported(zip);
    assertThat(counts(json.path("formats")))
        .isEqualTo(Map.of("amazon-connect", 1L, "google", 1L, "intercom", 1L, "vcon", 1L));
    assertThat(json.path("ignored_files").asInt()).isOne();
    assertThat(conversations())
        .extracting(Conversation::id)
        .contains("chats/google", "5001")
        .hasSize(4);
  }

  @Test
  void theSameIdsOfTwoFormatsGetAPrefix() throws IOException {
    Path both = Files.createDirectory(folder.resolve("both"));
    Files.copy(sample("zammad.json"), both.resolve("zammad.json"));
    Files.writeString(
        both.resolve("old.csv"),
        "conversation_id,timestamp,role,text\n3,2025-01-01 10:00,customer,Hello there\n");
    JsonNode json = imported(both);
    assertThat(json.path("prefixed").asBoolean()).isTrue();
    assertThat(conversations()).extracting(Conversation::id).containsExactly("csv:3", "zammad:3");
  }

  @Test
  void theContentOfAFileCountsAndNotItsName() throws IOException {
    imported(
        Files.writeString(
            folder.resolve("export.json"),
            "conversation_id,timestamp,role,text\n3,2025-01-01 10:00,customer,Hello\n"));
    CommandRun check =
        CommandRun.of(
            new ConversationsCommand(),
            "check",
            "--conversations=" + Files.copy(sample("google.json"), folder.resolve("google.csv")));
    assertThat(check.err()).contains("google.csv: holds JSON, not CSV", "conversations import");
  }

  @Test
  void jsonOfNoKnownFormatIsRefusedWithItsFields() throws IOException {
    Path file = folder.resolve("x.json");
    Files.writeString(file, "{\"talks\": [{\"who\": \"a\", \"said\": \"b\"}], \"page\": 1}");
    assertThat(refused(file))
        .contains("JSON with the fields talks, page has none of the known formats: google,");
    Files.writeString(file, "{\"tickets\": [{\"id\": 1, \"comments\": [");
    assertThat(refused(file)).contains("x.json:1: not JSON", "export it again");
    Files.writeString(
        file, "{\"id\": \"a\", \"messages\": [{\"role\": \"customer\", \"text\": \"Hi\"}]}");
    assertThat(refused(file)).contains("is JSON Lines, which all commands read");
  }

  /** They would give a model that knows how conversations begin or end, and nothing else. */
  @Test
  void listsWithoutTheMessagesAreRefused() throws IOException {
    Path file = folder.resolve("list.json");
    Files.writeString(
        file,
        """
        {"type": "conversation.list", "conversations": [
          {"type": "conversation", "id": "1", "source": {"body": "<p>Hi</p>", "author": {"type": "user", "id": "u"}}},
          {"type": "conversation", "id": "2", "source": {"body": "<p>Hi</p>", "author": {"type": "user", "id": "u"}}}]}
        """);
    assertThat(refused(file)).contains("their first messages only", "(2 such lines)");
    Files.writeString(
        file,
        """
        {"data": {"meta": {}, "payload": [
          {"id": 4, "unread_count": 0, "messages": [{"id": 9, "content": "Bye", "message_type": 1, "conversation_id": 4}]}]}}
        """);
    assertThat(refused(file)).contains("their last messages only");
    Files.writeString(
        file,
        "{\"tickets\": [{\"id\": 1, \"subject\": \"x\", \"status\": \"open\", \"requester_id\":"
            + " 2}]}");
    assertThat(refused(file)).contains("a ticket without its comments");
  }

  // CSV

  private static final String ROWS =
      """
      conversation_id,timestamp,role,text
      a,2026-03-01 10:00,customer,"Grüße, mein Gerät lässt sich nicht öffnen, können Sie mir bitte dafür eine Lösung geben?"
      a,2026-03-01 10:01,agent,"Natürlich, drücken Sie für fünf Sekunden die große Taste, dann müsste es wieder möglich sein."
      """;

  @ParameterizedTest
  @CsvSource({
    "ISO-8859-1, false, windows-1252",
    "windows-1252, false, windows-1252",
    "UTF-16LE, true, UTF-16LE",
    "UTF-16BE, true, UTF-16BE",
    "UTF-16LE, false, UTF-16LE",
    "UTF-8, true, UTF-8",
    "UTF-8, false, UTF-8"
  })
  void encodingsAreRecognised(String encoding, boolean mark, String named) throws IOException {
    Path file = folder.resolve("export.csv");
    Files.write(file, ((mark ? "\uFEFF" : "") + ROWS).getBytes(Charset.forName(encoding)));
    JsonNode json = imported(file);
    assertThat(counts(json.path("encodings"))).isEqualTo(Map.of(named, 1L));
    assertThat(conversations().getFirst().messages().getFirst().text())
        .startsWith("Grüße, mein Gerät lässt");
  }

  @ParameterizedTest
  @CsvSource({
    "Shift_JIS, windows-31j",
    "EUC-JP, EUC-JP",
    "ISO-2022-JP, ISO-2022-JP",
    "UTF-16LE, UTF-16LE"
  })
  void japaneseEncodingsAreRecognised(String encoding, String named) throws IOException {
    Path file = folder.resolve("export.csv");
    String rows =
        """
        conversation_id,timestamp,role,text
        a,2026/03/01 10:00,customer,注文した商品がまだ届いていないのですが、いつ頃になりますか。
        a,2026/03/01 10:01,agent,ご迷惑をおかけして申し訳ございません。明日の午前中にお届けいたします。
        """;
    Files.write(file, rows.getBytes(Charset.forName(encoding)));
    JsonNode json = imported(file);
    assertThat(counts(json.path("encodings"))).isEqualTo(Map.of(named, 1L));
    assertThat(conversations().getFirst().messages())
        .extracting(Message::text)
        .containsExactly("注文した商品がまだ届いていないのですが、いつ頃になりますか。", "ご迷惑をおかけして申し訳ございません。明日の午前中にお届けいたします。");
  }

  @ParameterizedTest
  @CsvSource({
    "windows-1252, Jag får inte min försändelse på måndag",
    "windows-1250, Gdzie jest moja przesyłka? Czekam już tydzień",
    "windows-1251, 'Здравствуйте, чем могу помочь?'",
    "Shift_JIS, 予約を変更したいです",
    "GB18030, '您好，请稍等。我的订单在哪里？'"
  })
  void aLineIsOftenEnough(String encoding, String text) throws IOException {
    Path file = folder.resolve("export.csv");
    String rows = "conversation_id,timestamp,role,text\na,1,customer,\"" + text + "\"\n";
    Files.write(file, rows.getBytes(Charset.forName(encoding)));
    imported(file);
    assertThat(conversations().getFirst().messages()).containsExactly(Message.customer(text));
  }

  @Test
  void anEncodingCanBeGivenAndADamagedFileIsNotAnotherEncoding() throws IOException {
    Path file = folder.resolve("export.csv");
    Files.write(file, ROWS.getBytes(StandardCharsets.UTF_8));
    imported(file, "--encoding=ISO-8859-1");
    assertThat(conversations().getFirst().messages().getFirst().text()).startsWith("GrÃ¼ÃŸe");
    try (OutputStream out = Files.newOutputStream(file)) {
      out.write(ROWS.getBytes(StandardCharsets.UTF_8));
      out.write("a,2026-03-01 10:02,customer,na ".getBytes(StandardCharsets.UTF_8));
      out.write(0xfc);
      out.write('\n');
    }
    Files.delete(output().resolve(ImportCommand.FILE));
    Files.delete(output());
    assertThat(refused(file)).contains("export.csv:4: not UTF-8, as the rest of the file is");
    Files.write(
        file,
        "conversation_id,timestamp,role,text\na,1,agent,äöü ".getBytes(StandardCharsets.UTF_8));
    Files.write(file, new byte[] {(byte) 0xfc, '\n'}, StandardOpenOption.APPEND);
    assertThat(refused(file)).contains("export.csv:2: not UTF-8");
  }

  @Test
  void aColumnOfPrivateNotesMustBeNamed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("zendesk.csv"),
            """
            conversation_id,timestamp,role,text,Private
            a,2026-03-01 10:00,customer,Where is it?,FALSE
            a,2026-03-01 10:01,agent,he is always like that,TRUE
            a,2026-03-01 10:02,agent,On its way.,FALSE
            """);
    assertThat(refused(file))
        .contains("zendesk.csv:1: column 'Private' may mark notes", "add --skip 'Private=true'");
    assertThat(refused(file, "--skip=Private=yes"))
        .contains("--skip Private=yes is in no row; the column holds 'FALSE' (2), 'TRUE' (1)");
    JsonNode json = imported(file, "--skip=Private=true");
    assertThat(counts(json.path("skipped"))).isEqualTo(Map.of("Private=TRUE", 1L));
    assertThat(conversations().getFirst().messages())
        .extracting(Message::text)
        .containsExactly("Where is it?", "On its way.");
    imported(file, "--skip=Private=none");
    assertThat(conversations().getFirst().messages()).hasSize(3);
    String rows = Files.readString(file);
    for (String column : List.of("Comment is public", "part_type", "Intern", "öffentlich")) {
      Files.writeString(file, rows.replace("Private", column));
      assertThat(run(file).err()).contains("column '" + column + "' may mark notes");
    }
    Files.writeString(file, rows.replace("Private", "internal_id"));
    imported(file);
  }

  @Test
  void errorsOfAKindAreOneLineWithTheOptionThatMendsThem() throws IOException {
    StringBuilder rows = new StringBuilder("conversation_id,timestamp,role,text\n");
    for (int i = 0; i < 162; i++) {
      rows.append("c,1772355600,Notiz,intern\n").append("c,1772355600,customer,Hallo\n");
    }
    Path file = Files.writeString(folder.resolve("export.csv"), rows);
    String error = refused(file);
    assertThat(error.lines().filter(line -> line.contains("Notiz")))
        .singleElement()
        .asString()
        .contains(
            "export.csv:2: role must be",
            "add --roles 'Notiz=ROLE'",
            "with customer, agent, bot or skip for ROLE",
            "(162 such lines)");
  }

  /** Agents were proposed to be skipped. */
  @ParameterizedTest
  @CsvSource({
    "inbound, False, agent",
    "Is Customer, 0, agent",
    "is_agent, True, agent",
    "is_agent, no, customer",
    "direction, Inbound, customer",
    "direction, outgoing, agent",
    "direction, True, ROLE",
    "Absender, Kunde, ROLE"
  })
  void aRoleIsProposedByItsMeaningOrAskedFor(String column, String value, String role)
      throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("export.csv"),
            "conversation_id,timestamp,%s,text\na,1,%s,Hi\n".formatted(column, value));
    assertThat(refused(file, "--columns=role=" + column))
        .contains("add --roles '%s=%s'".formatted(value, role))
        .doesNotContain("=skip'");
  }

  @Test
  void badRowsUpToANumberAreLeftOutAndNamed() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("export.csv"),
            """
            conversation_id,timestamp,role,text
            a,1,customer,Hi
            a,yesterday,agent,Hello
            a,2,agent,"Hello, you"
            a,3,agent,Bye,now
            """);
    assertThat(refused(file)).contains("export.csv: --skip-bad 2 leaves out");
    assertThat(refused(file, "--skip-bad=1")).contains("export.csv:3: ", "export.csv:5: ");
    JsonNode json = imported(file, "--skip-bad=2");
    assertThat(json.path("bad").asInt()).isEqualTo(2);
    assertThat(json.at("/bad_rows/1").asString()).startsWith(file + ":5: row has 5 columns");
    assertThat(conversations().getFirst().messages())
        .containsExactly(Message.customer("Hi"), Message.agent("Hello, you"));
  }

  /** It advised to leave out all rows. */
  @Test
  void rolesThatAreNotNamedAreNoBadRowsAndAStarNamesAllOthers() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("export.csv"),
            """
            conversation_id,timestamp,role,text
            a,1,Ann,Hi
            a,2,staff,Hello
            a,3,Ben,Me too
            """);
    assertThat(refused(file)).contains("add --roles 'Ann=ROLE'").doesNotContain("--skip-bad");
    assertThat(imported(file, "--roles=staff=agent,*=customer").path("messages").asInt())
        .isEqualTo(3);
    assertThat(conversations().getFirst().messages())
        .containsExactly(
            Message.customer("Hi"), Message.agent("Hello"), Message.customer("Me too"));
  }

  /** It stopped the import, since nothing behind it was read. */
  @Test
  void aQuoteWithoutItsEndIsABadRow() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("export.csv"),
            """
            conversation_id,timestamp,role,text
            a,1,customer,"Two
            lines"
            a,2,agent,"Hello
            a,3,customer,"And ""you""?"
            a,4,agent,"No" end
            a,5,agent,"Bye"
            """);
    assertThat(refused(file)).contains("export.csv:4: not CSV: look for a quote without its end");
    JsonNode json = imported(file, "--skip-bad=2");
    assertThat(json.at("/bad_rows/0").asString()).startsWith(file + ":4: not CSV");
    assertThat(json.at("/bad_rows/1").asString()).startsWith(file + ":6: not CSV");
    assertThat(conversations().getFirst().messages())
        .extracting(Message::text)
        .containsExactly("Two\nlines", "And \"you\"?", "Bye");
  }

  /** Only JSON Lines can go on behind a line that is no JSON. */
  @Test
  void badLinesOfJsonAreLeftOut() throws IOException {
    String good =
        Files.readString(sample("vcon.json"), StandardCharsets.UTF_8).replaceAll("\\R\\s*", "");
    Path file = folder.resolve("vcons.jsonl");
    Files.writeString(file, "{\"vcon\": \"0.4\", \"dialog\": [\n" + good + "\n");
    assertThat(refused(file)).contains("vcons.jsonl:").contains(": not JSON");
    assertThat(imported(file, "--skip-bad=1").at("/bad_rows/0").asString())
        .startsWith(file + ":1: not JSON");
    assertThat(conversations()).hasSize(1);
  }

  @Test
  void theOrderOfDayAndMonthIsDecidedByAValueOrAskedFor() throws IOException {
    Path file = folder.resolve("export.csv");
    String start = "conversation_id,timestamp,role,text\na,03/04/2026 10:00,customer,Hello\n";
    Files.writeString(file, start);
    assertThat(refused(file))
        .contains(
            "timestamp: '03/04/2026 10:00' may have the day or the month first",
            "--time-format 'd/M/yyyy H:mm' or 'M/d/yyyy H:mm'");
    Files.writeString(file, start + "b,13/04/2026 9:30,customer,Hi\n");
    imported(file);
    assertThat(conversations().getFirst().startedAt())
        .contains(Instant.parse("2026-04-03T10:00:00Z"));
    Files.writeString(file, start + "b,04/13/2026 9:30,customer,Hi\n");
    imported(file);
    assertThat(conversations().getFirst().startedAt())
        .contains(Instant.parse("2026-03-04T10:00:00Z"));
  }

  @Test
  void aSignatureThatEndsManyOfAnAgentsMessagesIsCut() throws IOException {
    StringBuilder rows = new StringBuilder("conversation_id,timestamp,role,text,agent_id\n");
    List<String> replies =
        List.of("It ships today.", "Try again, please.", "No fee.", "Yes.", "Call us.", "Done.");
    for (int i = 0; i < replies.size(); i++) {
      rows.append("c%d,%d,customer,Question %d,\n".formatted(i, i, i));
      rows.append(
          "c%d,%d,agent,\"Hello,\n%s\nCan I do more for you?\n\nBest regards,\nBen Aris\nLarch\",b\n"
              .formatted(i, i, replies.get(i)));
      // Three lines that another agent repeats; sentences are no signature.
      rows.append(
          "c%d,%d,agent,\"%s\nThat is all.\nHave a nice day!\",c\n"
              .formatted(i, i + 1, replies.get(i)));
    }
    Path file = Files.writeString(folder.resolve("export.csv"), rows);
    JsonNode json = imported(file);
    assertThat(json.path("signatures").asInt()).isEqualTo(6);
    assertThat(conversations().getFirst().messages())
        .extracting(Message::text)
        .containsExactly(
            "Question 0",
            "Hello,\nIt ships today.\nCan I do more for you?",
            "It ships today.\nThat is all.\nHave a nice day!");
  }
}
