package dev.repartee.finetune.conversations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.corpus.ConversationKeys;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** From a help desk's export to files to train, validate and test on. */
class ConversationsCommandsTest {

  private static final String HEADER = "Ticket;From;Sent;Body;Author;Queue\n";

  private static final List<String> OPTIONS =
      List.of(
          "--columns",
          "id=Ticket,role=From,text=Body,time=Sent,agent=Author,domain=Queue",
          "--roles=Kunde=customer,Mitarbeiter=agent,System, intern=skip",
          "--time-format=dd.MM.yyyy HH:mm",
          "--time-zone=Europe/Berlin");

  @TempDir private Path folder;
  private Path export;
  private Path output;

  @BeforeEach
  void name() {
    export = folder.resolve("export.csv");
    output = folder.resolve("data");
  }

  private static CommandRun conversations(String command, String... args) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(args));
    return CommandRun.of(new ConversationsCommand(), all);
  }

  private CommandRun imported(String content, String... more) throws IOException {
    Files.writeString(export, content);
    List<String> args = new ArrayList<>(List.of("--conversations=" + export, "--output=" + output));
    args.addAll(OPTIONS);
    args.addAll(List.of(more));
    return conversations("import", args.toArray(String[]::new));
  }

  private Path file() {
    return output.resolve(ImportCommand.FILE);
  }

  // import

  @Test
  void copiesAreDroppedAndCounted() throws IOException {
    StringBuilder rows = new StringBuilder(HEADER);
    for (int i = 1; i <= 4; i++) {
      String said =
          """
          T-%1$d;Kunde;0%1$d.03.2024 09:00;Where is the parcel that I ordered for my sister on Monday?;Zoe;
          T-%1$d;Mitarbeiter;0%1$d.03.2024 09:01;It left our house in Kiel this morning, as the depot says;a-%1$d;
          T-%1$d;Kunde;0%1$d.03.2024 09:02;Then she has it before her birthday, which is what matters;Zoe;
          """
              .formatted(i);
      rows.append(i == 3 ? said + "T-3;Mitarbeiter;03.03.2024 09:03;Surely!;a-3;\n" : said);
    }
    CommandRun run = imported(rows.toString());
    assertThat(run.json().path("copies").asInt()).as(run.err()).isEqualTo(3);
    assertThat(ConversationReader.readAll(List.of(file())))
        .extracting(Conversation::id)
        .containsExactly("T-3");
  }

  @Test
  void anExportBecomesJsonLines() throws IOException {
    CommandRun run =
        imported(
            HEADER
                + "T-2;Mitarbeiter;02.03.2024 09:01;\"Guten Tag;\r\n"
                + "was ist \"\"los\"\"?\";a-1;Technik\n"
                + "T-1;Kunde;01.03.2024 09:00;Hallo;Zoe;\n"
                + "T-2;Kunde;02.03.2024 09:00;Hilfe!;Zoe;Technik\n"
                + "T-1;System, intern;;angelegt;;\n"
                + "T-3;Kunde;03.03.2024 09:00; ;Zoe;\n"
                + "T-2;Kunde;02.03.2024 09:01;in derselben Minute;Zoe;Technik\n"
                + "T-2;Mitarbeiter;02.03.2024 09:02;\"\";a-2;Technik\n"
                + "T-2;Mitarbeiter;02.03.2024 09:03;Gern!;a-2;Technik\n");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ConversationReader.readAll(List.of(file())))
        .containsExactly(
            new Conversation(
                "T-1",
                Optional.of("Zoe"), // no agent wrote; nothing is learned from it
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2024-03-01T08:00:00Z")),
                List.of(Message.customer("Hallo"))),
            new Conversation(
                "T-2",
                Optional.of("a-1"),
                Optional.of("Technik"),
                Optional.empty(),
                Optional.empty(),
                Optional.of(Instant.parse("2024-03-02T08:00:00Z")),
                List.of(
                    Message.customer("Hilfe!"),
                    Message.agent("Guten Tag;\r\nwas ist \"los\"?"),
                    Message.customer("in derselben Minute"),
                    new Message(Role.AGENT, "Gern!", false, Optional.of("a-2")))));
    JsonNode json = run.json();
    assertThat(json.path("rows").asInt()).isEqualTo(8);
    assertThat(json.path("conversations").asInt()).isEqualTo(2);
    assertThat(json.path("messages").asInt()).isEqualTo(5);
    assertThat(json.at("/skipped/System, intern").asInt()).isOne();
    assertThat(json.path("empty_texts").asInt()).isEqualTo(2);
    assertThat(json.path("empty_conversations").asInt()).isOne();
    assertThat(json.path("several_agents").asInt()).isOne();
  }

  @Test
  void badRowsAreNamedTogetherAndNothingIsWritten() throws IOException {
    CommandRun run =
        imported(
            HEADER
                + "T-1;Kunde;01.03.2024 09:00;\"two\nlines\";;\n"
                + "T-1;Chef;01.03.2024 09:00;Hallo;;\n"
                + "T-1;Kunde;2024-03-01;Hallo;;\n"
                + "T-1;Kunde;01.03.2024 09:00;Hallo; Welt;;\n");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains(
            "export.csv:4: From must be one of 'Kunde', 'Mitarbeiter', 'System, intern',"
                + " 'customer', 'agent' but is 'Chef'",
            "export.csv:5: Sent must be written as dd.MM.yyyy HH:mm but is '2024-03-01'",
            "export.csv:6: row has 7 columns but the header has 6");
    assertThat(output).doesNotExist();
  }

  @Test
  void whatIsNoTableOfMessagesIsRefused() throws IOException {
    assertThat(imported("").err()).contains("export.csv: is empty");
    assertThat(imported(HEADER).err()).contains("no messages in 0 rows; look at --roles");
    assertThat(imported(HEADER + "T;System, intern;;x;;\n").err())
        .contains("no messages in 1 rows");
    assertThat(imported("Ticket;From;Sent;Body;Author\n").err())
        .contains("export.csv:1: column Queue is missing; found Ticket, From,", "--columns");
    assertThat(imported(HEADER + "T;Kunde;01.03.2024 09:00;\"open;;\n").err())
        .contains("not CSV", "quote without its end");
    assertThat(output).doesNotExist();
  }

  @Test
  void messagesWithoutTextAreNoResult() throws IOException {
    CommandRun run = imported(HEADER + "T1;Kunde;01.07.2024 10:00; ;;\n");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("no message is left of 1 rows; look at --columns");
    assertThat(output).doesNotExist();
  }

  @Test
  void aConfigMayNameSeveralTimeFormatsAndRolesInCapitals() throws IOException {
    Files.writeString(
        export,
        """
        conversation_id,timestamp,role,text
        a,01.07.2024 10:00,Kunde,Hi
        a,2024-07-01 10:01,Bearbeiter,Hello
        """);
    Path config =
        Files.writeString(
            folder.resolve("import.yaml"),
            """
            time-format: ['dd.MM.yyyy HH:mm', 'yyyy-MM-dd HH:mm']
            roles: [Kunde=Customer, Bearbeiter=Agent]
            """);
    CommandRun run =
        conversations(
            "import", "--conversations=" + export, "--output=" + output, "--config=" + config);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ConversationReader.readAll(List.of(file())).getFirst().messages())
        .containsExactly(Message.customer("Hi"), Message.agent("Hello"));
  }

  @Test
  void wrongOptionsEndWithTwo() throws IOException {
    for (String option :
        List.of(
            "--columns=body=Text",
            "--encoding=utf-99",
            "--skip=private",
            "--roles=Bot=robot",
            "--time-format=DD.MM.YYYY",
            "--time-zone=Mars")) {
      CommandRun run = imported(HEADER, option);
      assertThat(run.exitCode()).as(option).isEqualTo(2);
      assertThat(run.err()).as(option).contains(option.substring(0, option.indexOf('=')));
    }
    Path ours = written(conversation("a", Message.customer("Hi")));
    CommandRun lines = conversations("import", "--conversations=" + ours, "--output=" + output);
    assertThat(lines.exitCode()).isEqualTo(2);
    assertThat(lines.err()).contains("is JSON Lines, which all commands read");
  }

  private CommandRun forum(String tickets, String comments, String... more) throws IOException {
    Path tables = Files.createDirectories(folder.resolve("tables"));
    Files.writeString(tables.resolve("1-comments.csv"), comments);
    Files.writeString(tables.resolve("2-tickets.csv"), tickets);
    List<String> args =
        new ArrayList<>(
            List.of(
                "--conversations=" + tables,
                "--output=" + output,
                "--columns=id=nr,ticket=about,title=title,text=body|content,time=at,role=by,domain=topic",
                "--roles=*=author",
                "--skip=spam=yes",
                "--skip=lang=not en",
                "--least-answered=2"));
    args.addAll(List.of(more));
    return conversations("import", args.toArray(String[]::new));
  }

  private static final String TICKETS =
      """
      nr,at,title,body,by,topic,lang,spam
      1,2024-03-01 09:00:00 +0000,No sound,<p>It is <b>quiet</b>.<script>alert(1)</script></p>,zoe,audio,en,no
      2,2024-03-01 10:00:00 +0000,Too loud,How do I stop it?,max,audio,en,no
      3,2024-03-01 11:00:00 +0000,Zu laut,Wie?,eva,audio,de,no
      4,2024-03-01 12:00:00 +0000,Buy this,Now!,bot,audio,en,yes
      5,2024-03-01 13:00:00 +0000,Hello?,Nobody here,kim,audio,en,no
      """;

  private static final String COMMENTS =
      """
      nr,about,at,content,by,spam
      1,1,2024-03-01 08:59:00 +0000,"<p>Turn
      it up</p>",ann,no
      2,1,2024-03-01 09:05:00 +0000,Thanks!,zoe,no
      3,1,2024-03-01 09:06:00 +0000,Same here!,max,no
      4,1,2024-03-01 09:07:00 +0000,Turn it up too,ben,no
      5,2,2024-03-01 10:01:00 +0000,<dl><dd>Turn it down</dd></dl>,ben,no
      6,2,2024-03-01 10:02:00 +0000,Or off,ann,no
      7,3,2024-03-01 11:01:00 +0000,Leiser,ann,no
      8,99,2024-03-01 11:01:00 +0000,Which one?,ann,no
      9,2,2024-03-01 10:03:00 +0000,Buy this,bot,yes
      """;

  @Test
  void ticketsAndCommentsBecomeConversationsOfWhoAsked() throws IOException {
    CommandRun run = forum(TICKETS, COMMENTS);
    assertThat(run.exitCode()).as(run.err()).isZero();
    List<Conversation> read = ConversationReader.readAll(List.of(file()));
    assertThat(read).extracting(Conversation::id).containsExactly("1", "2");
    assertThat(read.getFirst().agentId()).contains("ann");
    assertThat(read.getFirst().domain()).contains("audio");
    assertThat(read.getFirst().messages())
        .as("the ticket is first, and a third person ends it")
        .containsExactly(
            Message.customer("No sound\nIt is quiet."),
            Message.agent("Turn it up"),
            Message.customer("Thanks!"));
    assertThat(read.get(1).messages())
        .containsExactly(
            Message.customer("Too loud\nHow do I stop it?"),
            Message.agent("Turn it down"),
            new Message(Role.AGENT, "Or off", false, Optional.of("ann")));
    JsonNode json = run.json();
    assertThat(json.path("skipped"))
        .isEqualTo(
            Json.COMPACT.readTree(
                """
                {"because of third persons": 2, "comments of tickets that were not read": 2,
                 "lang=de": 1, "no agent answered": 1, "spam=yes": 2}\
                """));
    assertThat(json.path("answered_others"))
        .isEqualTo(Json.COMPACT.readTree("{\"ann\": 2, \"ben\": 2, \"max\": 1}"));
    CommandRun others =
        forum(
            TICKETS,
            COMMENTS,
            "--skip-third-persons",
            "--roles=ann=customer,*=author",
            "--no-json");
    assertThat(others.out())
        .contains("answered others:", "  max: 1", "2 of the 3 authors above are agents");
    assertThat(ConversationReader.readAll(List.of(file())).getFirst().messages())
        .containsExactly(
            Message.customer("No sound\nIt is quiet."),
            Message.customer("Thanks!"),
            Message.agent("Turn it up too"));
  }

  @Test
  void brokenTablesOfTicketsAreNamed() throws IOException {
    String row = "2024-03-01 09:00:00 +0000";
    assertThat(forum(TICKETS + "1," + row + ",Again,?,zoe,audio,en,no\n", COMMENTS).err())
        .contains(
            "2-tickets.csv:7: the id of a ticket or comment must be its own but is '1' again");
    assertThat(forum(TICKETS, COMMENTS + "2,1," + row + ",Thank you,zoe,no\n").err())
        .contains("1-comments.csv:12: the id of a ticket or comment must be its own");
    assertThat(
            forum(TICKETS, COMMENTS + "10,," + row + ",Hi,ann,no\n11,2," + row + ",Hi,,no\n").err())
        .contains(
            "1-comments.csv:12: about is blank", "1-comments.csv:13: by is blank; add --roles");
    assertThat(forum(TICKETS.replace("title,", "subject,"), COMMENTS).err())
        .contains("2-tickets.csv:1: column title is missing; found nr, at, subject");
    assertThat(forum(TICKETS, COMMENTS.replace("content", "words")).err())
        .contains("1-comments.csv:1: column body|content is missing");
    assertThat(forum(TICKETS, COMMENTS.replace("spam", "private")).err())
        .contains("1-comments.csv:1: column 'private' may mark notes that no customer saw");
    assertThat(forum(TICKETS, COMMENTS, "--skip=langs=de").err())
        .contains("--skip langs=de is in no row; the column holds nothing;");
    assertThat(forum(TICKETS, COMMENTS + "12,2,\"" + row + ",Hi,ann,no\n").err())
        .contains("1-comments.csv:12: not CSV: look for a quote without its end");
    assertThat(forum(TICKETS, COMMENTS.replace("about", "ticket")).err())
        .contains("1-comments.csv:1: column title, topic is missing");
    assertThat(forum(TICKETS, COMMENTS, "--roles=ann=customer,ben=customer").err())
        .contains("look at --columns, and at --least-answered", "no agent answered=3");
    assertThat(forum(TICKETS, COMMENTS.replaceAll("(?m)^\\d,", "$0x")).err())
        .contains("no message is left of 14 rows", "comments of tickets that were not read=8");
    assertThat(output).doesNotExist();
    assertThat(forum(TICKETS, COMMENTS.replace("spam", "private"), "--skip=private=yes").exitCode())
        .isZero();
    Files.writeString(folder.resolve("tables/3.json"), "{}");
    assertThat(forum(TICKETS, COMMENTS).err()).contains("3.json: is JSON; --roles '*=author'");
  }

  @Test
  void aTableOfCommentsMayNameRoles() throws IOException {
    Path tables = Files.createDirectories(folder.resolve("tables"));
    String at = "2024-03-01 09:00";
    Files.writeString(tables.resolve("t.csv"), "id,at,text\n1," + at + ",Hello?\n");
    Files.writeString(
        tables.resolve("c.csv"), "id,of,at,text,role,who\n1,1," + at + ",Hi!,agent,ann\n");
    CommandRun run =
        conversations(
            "import",
            "--conversations=" + tables,
            "--output=" + output,
            "--columns=id=id,ticket=of,time=at,agent=who");
    assertThat(run.exitCode()).as(run.err()).isZero();
    Conversation read = ConversationReader.readAll(List.of(file())).getFirst();
    assertThat(read.agentId()).contains("ann");
    assertThat(read.messages()).containsExactly(Message.customer("Hello?"), Message.agent("Hi!"));
  }

  /** Exports of many days overlap, are in any order, and what they name may change. */
  @Test
  void tablesOfManyDaysAreOne() throws IOException {
    Path days = Files.createDirectories(folder.resolve("days"));
    String comments = "\ufeffreply,case,at,body,by\r\n";
    String tickets = "case,at,body,by,lang,subject\r\n";
    String day = "2024-03-0";
    Files.writeString(
        days.resolve("a.csv"),
        comments + "1,7," + day + "2 10:00,First,ann\r\n2,8," + day + "2 11:00,Second,ann\r\n");
    Files.writeString(
        days.resolve("b.csv"),
        tickets
            + ("7," + day + "1 10:00,,zoe,en,Only a subject\r\n")
            + ("8," + day + "1 10:00,Body,max,en-GB,\r\n9," + day + "1 11:00,Was?,eva,de,\r\n"));
    Files.writeString(days.resolve("c.csv"), comments + "2,8," + day + "2 11:00,Edited,ann\r\n");
    Files.writeString(days.resolve("d.csv"), tickets + "7," + day + "1 10:00,Edited,zoe,en,\r\n");
    CommandRun run =
        conversations(
            "import",
            "--conversations=" + days,
            "--output=" + output,
            "--columns=id=reply|case,ticket=case,title=subject,text=body,time=at,role=by",
            "--roles=*=author",
            "--skip=lang=not en",
            "--skip=lang=not en-GB",
            "--least-answered=1");
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.json().path("skipped"))
        .isEqualTo(Json.COMPACT.readTree("{\"because of third persons\": 0, \"lang=de\": 1}"));
    assertThat(ConversationReader.readAll(List.of(file())))
        .extracting(Conversation::messages)
        .containsExactly(
            List.of(Message.customer("Only a subject"), Message.agent("First")),
            List.of(Message.customer("Body"), Message.agent("Second")));
    assertThat(run.json().path("repeated").asInt()).as("edited since, by their ids").isEqualTo(2);
  }

  // check

  private static Conversation conversation(String id, Message... messages) {
    return new Conversation(
        id,
        Optional.of("a-" + id.length() % 2),
        Optional.of("billing"),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Instant.parse("2024-03-01T00:00:00Z").plusSeconds(60L * id.hashCode())),
        List.of(messages));
  }

  private Path written(Conversation... conversations) {
    Path file = folder.resolve("conversations.jsonl.gz");
    ConversationWriter.write(file, List.of(conversations));
    return file;
  }

  @Test
  void checkingSaysWhatIsThereAndWhatIsOdd() {
    Message question = Message.customer("Hello, where is my order? My mail is jo@example.org");
    Path file =
        written(
            conversation("a", question, Message.agent("It is on the way to you.")),
            conversation("b", question, Message.agent("It is on the way, to you!")),
            conversation("c", Message.customer("Wo ist denn meine Bestellung, bitte?")),
            conversation(
                "d",
                Message.agent("One moment<br>please"),
                Message.agent("FÃ¼r Sie gerne"),
                Message.agent(" "),
                new Message(Role.AGENT, "I am a bot\u0007", true)));
    CommandRun run = conversations("check", "--conversations=" + file);
    assertThat(run.exitCode()).as(run.err()).isZero();
    JsonNode json = run.json();
    assertThat(json.path("conversations").asInt()).isEqualTo(4);
    assertThat(json.path("messages").asInt()).isEqualTo(9);
    assertThat(json.path("customer_messages").asInt()).isEqualTo(3);
    assertThat(json.path("replies").asInt()).isEqualTo(4);
    assertThat(json.at("/languages/en").asInt()).isGreaterThanOrEqualTo(2);
    assertThat(json.at("/languages/de").asInt()).isOne();
    assertThat(json.at("/domains/billing").asInt()).isEqualTo(4);
    assertThat(json.at("/personal_data/found/email").asInt()).isEqualTo(2);
    assertThat(json.path("first_start").asString()).startsWith("2024-03-01T");
    assertThat(json.path("conversations_of_agents").toString()).isEqualTo("{\"a-1\":3}");
    assertThat(json.path("amount").asString()).isEqualTo("too_little");
    Map<String, Long> odd = new HashMap<>();
    json.path("odd")
        .forEach(one -> odd.put(one.path("name").asString(), one.path("count").asLong()));
    assertThat(odd)
        .isEqualTo(
            Map.of(
                "same_messages", 1L,
                "no_reply", 1L,
                "no_customer", 1L,
                "empty_text", 1L,
                "control_characters", 1L,
                "wrong_encoding", 1L,
                "html", 1L));
    assertThat(run.out()).doesNotContain("example.org", "order");
  }

  /** Answers alone show that rows answer one another; a question may have none. */
  @Test
  void threadsAreAdvisedWhereAnswersStandAlone() {
    Path file =
        written(
            conversation("a", Message.customer("Hello?")),
            conversation("b", Message.agent("Hello, what is it?")));
    assertThat(conversations("check", "--conversations=" + file).json().path("odd"))
        .filteredOn(finding -> finding.path("text").asString().contains("reply-to"))
        .extracting(finding -> finding.path("examples").toString())
        .containsExactly("[\"b\"]");
  }

  @Test
  void wordsThatMayBeTheTeamsOwnAreNamed() throws IOException {
    List<Conversation> all = new ArrayList<>();
    all.add(conversation("hi", Message.customer("Hi Quillmail, it is slow")));
    for (int i = 0; i < 10; i++) {
      all.add(conversation("c-" + i, Message.customer("I use Quillmail, visit " + i)));
    }
    Path file = written(all.toArray(Conversation[]::new));
    assertThat(conversations("check", "--conversations=" + file, "--no-json").out())
        .contains("quillmail (own words? see --terms)");
    Path terms = Files.writeString(folder.resolve("terms.txt"), "Quillmail");
    JsonNode json = conversations("check", "--conversations=" + file, "--terms=" + terms).json();
    assertThat(json.path("term_candidates")).isEmpty();
    assertThat(json.at("/personal_data/found/agent_name").isMissingNode()).isTrue();
  }

  @Test
  void aLanguageWithoutDetectorsIsNamed() {
    Message swedish =
        Message.customer(
            "Hej, jag har en fråga om min beställning, var är den nu? Kan ni hjälpa mig att få"
                + " den?");
    Message dutch =
        Message.customer("Hallo, ik heb een vraag over mijn bestelling, waar is die nu?");
    Path file = written(conversation("a", swedish), conversation("b", dutch));
    assertThat(conversations("check", "--conversations=" + file, "--no-json").out())
        .contains("1 CONVERSATIONS IN A LANGUAGE WITHOUT DETECTORS: ", "(such as a)", "sv 50.0%");
    assertThat(conversations("check", "--conversations=" + file).json().path("odd"))
        .filteredOn(finding -> finding.path("name").asString().equals("no_detectors"))
        .extracting(finding -> finding.path("examples").toString())
        .containsExactly("[\"a\"]");
  }

  @Test
  void exchangedRolesAreSuspected() {
    List<Conversation> exchanged = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      exchanged.add(
          conversation(
              "c" + i,
              Message.customer("Thank you for calling, how may I help you today?"),
              Message.agent("My problem is the number " + i + " of all of my problems")));
    }
    Path file = written(exchanged.toArray(Conversation[]::new));
    assertThat(conversations("check", "--conversations=" + file).json().path("odd"))
        .extracting(finding -> finding.path("name").asString())
        .contains("roles_exchanged");
  }

  @Test
  void whatCannotBeReadEndsWithOne() throws IOException {
    Files.writeString(
        folder.resolve("twice.jsonl"),
        "{\"id\":\"a\",\"messages\":[]}\n{\"id\":\"a\",\"messages\":[]}\n");
    CommandRun run = conversations("check", "--conversations=" + folder.resolve("twice.jsonl"));
    assertThat(run.exitCode()).isOne();
    assertThat(run.err()).contains("twice.jsonl:2: id 'a' is already used in line 1");
  }

  // split

  private static Conversation numbered(int i) {
    return new Conversation(
        "c-" + i,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(Instant.ofEpochSecond(1_700_000_000L + 60L * ((i * 37) % 1000))),
        List.of(Message.customer("question " + i / 2), Message.agent("answer " + i / 2)));
  }

  private Map<String, List<Conversation>> split(int count, String... more) {
    Path file =
        written(
            Stream.iterate(0, i -> i + 1)
                .limit(count)
                .map(ConversationsCommandsTest::numbered)
                .toArray(Conversation[]::new));
    List<String> args = new ArrayList<>(List.of("--conversations=" + file, "--output=" + output));
    args.addAll(List.of(more));
    CommandRun run = conversations("split", args.toArray(String[]::new));
    assertThat(run.exitCode()).as(run.err()).isZero();
    Map<String, List<Conversation>> sides = new HashMap<>();
    for (String side : List.of("train", "validation", "test")) {
      Path written = output.resolve(side + ".jsonl.gz");
      sides.put(side, ConversationReader.readAll(List.of(written)));
      assertThat(run.json().path(side).path("conversations").asInt())
          .isEqualTo(sides.get(side).size());
      assertThat(run.json().path(side).path("file").asString()).isEqualTo(written.toString());
      assertThat(run.json().at("/" + side + "/started/0").asString())
          .isEqualTo(oldest(sides.get(side)).toString());
    }
    return sides;
  }

  private static Map<String, String> sideOfId(Map<String, List<Conversation>> sides) {
    Map<String, String> sideOf = new HashMap<>();
    sides.forEach((side, all) -> all.forEach(one -> sideOf.put(one.id(), side)));
    return sideOf;
  }

  @Test
  void byIdSidesStayAndTheSameMessagesStayTogether() {
    Map<String, List<Conversation>> sides = split(400);
    Map<String, String> sideOf = sideOfId(sides);
    assertThat(sideOf).hasSize(400);
    assertThat(sides.get("train")).hasSizeBetween(290, 350);
    assertThat(sides.get("test")).hasSizeBetween(20, 65);
    for (int i = 0; i < 400; i += 2) {
      assertThat(sideOf.get("c-" + i)).isEqualTo(sideOf.get("c-" + (i + 1)));
    }
    assertThat(sideOfId(split(600))).containsAllEntriesOf(sideOf);
    assertThat(split(400, "--shares=50,25,25").get("test")).hasSizeBetween(70, 130);
  }

  @Test
  void byTimeTheLatestAreTestedOn() {
    Map<String, List<Conversation>> sides = split(400, "--method=time");
    assertThat(sides.get("train")).hasSizeBetween(310, 330);
    Map<String, String> sideOf = sideOfId(sides);
    for (int i = 0; i < 400; i += 2) {
      assertThat(sideOf.get("c-" + i)).isEqualTo(sideOf.get("c-" + (i + 1)));
    }
    // Of two with the same messages the older one decides.
    assertThat(oldest(sides.get("test"))).isAfterOrEqualTo(oldest(sides.get("validation")));
    assertThat(oldest(sides.get("validation"))).isAfter(oldest(sides.get("train")));
  }

  @Test
  void whatIsNewToFilesAndModelsIsWrittenAlone() throws IOException {
    String reply = "I looked it up for you: the parcel left our house this morning, and will be ";
    String other = "That sauce needs two hours on a small flame, and the lid stays on, says ";
    List<Conversation> all = new ArrayList<>();
    for (String text : List.of("with you at noon.", "in the north at noon.", "in our shop.")) {
      Message question = Message.customer("Hello, where is my parcel, and how do I cook? " + text);
      all.add(conversation(text, question, Message.agent(reply + text + other + text)));
    }
    Path read = folder.resolve("read.jsonl");
    ConversationWriter.write(read, all.subList(0, 1));
    ConversationKeys.of(all.subList(1, 2).stream()).write(folder);
    String from = "--conversations=" + written(all.toArray(Conversation[]::new));
    CommandRun run =
        conversations("split", from, "--output=" + output, "--new-to=" + read + "," + folder);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(ConversationReader.readAll(List.of(output.resolve("new.jsonl.gz"))))
        .isEqualTo(all.subList(2, 3));
    assertThat(conversations("split", from, "--output=" + output, "--new-to=" + output).err())
        .contains("nor a model that names its training data");
  }

  /** The product overflowed. */
  @Test
  void manyMillionsAreCutWhereTheSharesSay() {
    assertThat(SplitCommand.first(30_000_000, 80)).isEqualTo(24_000_000);
    assertThat(SplitCommand.first(10, 100)).isEqualTo(9);
  }

  private static Instant oldest(List<Conversation> conversations) {
    return conversations.stream()
        .map(one -> one.startedAt().orElseThrow())
        .min(Instant::compareTo)
        .orElseThrow();
  }

  @Test
  void aSplitDoesNotWriteOverWhatItReads() {
    split(400);
    Path train = output.resolve("train.jsonl.gz");
    List<Conversation> before = ConversationReader.readAll(List.of(train));
    CommandRun run =
        conversations("split", "--conversations=" + train, "--output=" + output + "/../data");
    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.err()).contains("train.jsonl.gz would be overwritten", "give another folder");
    assertThat(ConversationReader.readAll(List.of(train))).isEqualTo(before);
  }

  @Test
  void aSplitThatCannotBeIsRefusedBeforeAnythingIsWritten() {
    Path file = written(numbered(0), numbered(2));
    String from = "--conversations=" + file;
    CommandRun few = conversations("split", from, "--output=" + output);
    assertThat(few.exitCode()).isOne();
    assertThat(few.err()).contains("2 conversations leave none in", "try other --shares");
    CommandRun shares = conversations("split", from, "--output=" + output, "--shares=80,30");
    assertThat(shares.exitCode()).isEqualTo(2);
    assertThat(shares.err()).contains("--shares must be three whole numbers");
    Path timeless =
        written(
            new Conversation(
                "x", Optional.empty(), Optional.empty(), List.of(Message.agent("Hi"))));
    CommandRun time =
        conversations(
            "split", "--conversations=" + timeless, "--output=" + output, "--method=time");
    assertThat(time.exitCode()).isEqualTo(2);
    assertThat(time.err()).contains("conversation 'x' has no started_at");
    assertThat(output).doesNotExist();
  }
}
