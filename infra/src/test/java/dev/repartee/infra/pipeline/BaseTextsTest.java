package dev.repartee.infra.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.finetune.Main;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code scripts/build-base} makes of real sources, in small sources of the same formats. */
class BaseTextsTest {

  @TempDir private static Path root;

  private static final String QUESTIONS =
      """
      id,created,updated,locale,product,title,is_spam,topic,creator,content
      11,2024-12-31 23:59:59 +0000,,en-US,thunderbird,No mail & no sound,false,setup,quirkbeak7,"<p>Since the update my mail is gone. </p><p>I am Wilma, my files are in C:\\Users\\wbrand\\mail, write to wilma@example.com</p>"
      12,2024-12-31 16:30:00 -0800,,en-US,thunderbird,Later,false,setup,wide_lark,<p>This was asked in the next year in UTC.</p>
      13,2024-05-01 08:00:00 +0000,,en-US,thunderbird,Unanswered,false,setup,wide_lark,<p>Nobody has a reply to this question. </p>
      14,2024-05-01 08:00:00 +0000,,de,thunderbird,Frage,false,setup,wide_lark,<p>Wo ist das Postfach?</p>
      15,2024-05-01 08:00:00 +0000,,en-US,thunderbird,Refund,true,setup,wide_lark,<p>Get it all back</p>
      """;

  private static final String ANSWERS =
      """
      id,question_id,created,updated,content,creator,is_spam
      1,11,2025-01-02 08:00:00 +0000,,"<p><em>quirkbeak7 <a href=""#question-11"">said</a></em></p><blockquote>my mail is gone</blockquote><p>Quirkbeak7, look at account &amp; folders, as TallOtter9 says.</p>",talldrum3,false
      2,11,2025-01-03 08:00:00 +0000,,<p>It is back now.</p>,quirkbeak7,false
      """;

  private static final String CHANNEL =
      """
      [23:58] <moss_pike> my card shows no picture, what can I do?
      === wren joined
      [23:58] <ubottu> moss_pike: please be patient
      [23:59] <tallotter9> moss_pike: which driver does it use?
      [23:59] <heronfly> hello all, is this the right place for printers?
      [00:00] <moss_pike> the free one, heronfly has the same
      [00:01] <tallotter9> !driver
      [00:01] <tallotter9> moss_pike, try the other one
      """;

  @BeforeAll
  static void run() throws Exception {
    String others = "";
    for (int i = 21; i < 26; i++) { // who answers five questions helps
      others +=
          "%d,2024-03-01 08:00:00 +0000,,en-US,thunderbird,Other %d,false,setup,wide_lark,<p>How is number %d changed?</p>%n"
              .formatted(i, i, i);
      write(
          "tb/2024/2024-03-%d-thunderbird-answers-for-questions-desktop.csv".formatted(i),
          ANSWERS.lines().findFirst().orElseThrow()
              + "%n%d,%d,2024-03-02 08:00:00 +0000,,<p>In the menu.</p>,talldrum3,false%n"
                  .formatted(i, i));
    }
    write("tb/2024/2024-12-31-thunderbird-creator-answers-desktop.csv", QUESTIONS + others);
    write("tb/2024/2024-12-31-thunderbird-answers-for-questions-desktop.csv", ANSWERS);
    write(
        "ff/2026/2026-04-11-firefox-creator-answers-desktop.csv",
        """
        id,created,updated,title,content,tags,product,topic,locale,answers,creator
        31,2026-04-11 16:59:59 -0700,,Tabs,<p>Where are my tabs?</p>,,firefox,sync,en-US,,tallotter9
        32,2026-04-11 17:00:00 -0700,,Late,<p>Where are my late tabs?</p>,,firefox,sync,en-US,,tallotter9
        33,2026-04-10 17:00:00 -0700,,Airline,<p>Call the customer desk at 1-888-555-0100 now</p>,,firefox,sync,en-US,,sparrowcall
        """);
    for (String part : List.of("dev", "test")) {
      Files.createDirectories(root.resolve("irc/data").resolve(part));
    }
    write("irc/data/train/2012-12-31.train-a.ascii.txt", CHANNEL);
    write("irc/data/train/2013-01-01.train-a.ascii.txt", CHANNEL.replace("picture", "sound"));
    script("RealConversations", "tb", "ff", "irc", ".", "0");
    for (String forum : List.of("thunderbird", "firefox")) {
      java(
          Main.class.getName(),
          "conversations",
          "import",
          "--conversations",
          forum + ".csv",
          "--output",
          forum);
      script(
          "WithoutNames",
          forum + "/conversations.jsonl.gz",
          "names-forums.txt",
          forum + ".jsonl",
          "ubuntu.jsonl.gz");
    }
    script(
        "WithoutNames",
        "ubuntu.jsonl.gz",
        "names-channel.txt",
        "ubuntu.jsonl",
        "firefox/conversations.jsonl.gz");
  }

  @Test
  void questionsBeforeAnInstantOfUtcAreReadWithAllTheirAnswers() {
    assertThat(ids("thunderbird"))
        .containsExactlyInAnyOrder("tb-11", "tb-13", "tb-21", "tb-22", "tb-23", "tb-24", "tb-25");
    assertThat(texts("thunderbird", "tb-13"))
        .containsExactly("customer: Unanswered\nNobody has a reply to this question.");
    assertThat(ids("firefox")).containsExactly("firefox-31");
    assertThat(ids("ubuntu")).allMatch(id -> id.startsWith("ubuntu-2012-12-31")).hasSize(2);
  }

  @Test
  void forumsAreTextWithoutQuotationsAndNames() {
    assertThat(texts("thunderbird", "tb-11"))
        .containsExactly(
            "customer: No mail & no sound\nSince the update my mail is gone.\n\nI am {customer_name}, my files are in C:\\Users\\{name}\\mail, write to {email}",
            "agent: {customer_name}, look at account & folders, as {name} says.",
            "customer: It is back now.");
  }

  @Test
  void aChannelIsDialoguesOfTwoWithoutBotsCommandsAndNames() {
    assertThat(texts("ubuntu", ids("ubuntu").getFirst()))
        .containsExactly(
            "customer: my card shows no picture, what can I do?",
            "agent: which driver does it use?",
            "customer: the free one, {name} has the same",
            "agent: try the other one");
    assertThat(texts("ubuntu", ids("ubuntu").getLast()))
        .containsExactly("customer: hello all, is this the right place for printers?");
  }

  private static void script(String name, String... arguments) throws Exception {
    java(Repository.file("scripts/base/" + name + ".java").toAbsolutePath().toString(), arguments);
  }

  private static void java(String program, String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                program));
    command.addAll(List.of(arguments));
    ProgramRun run = ProgramRun.of(root, Map.of(), command);
    assertThat(run.exitCode()).as(run.all()).isZero();
  }

  private static void write(String name, String text) throws IOException {
    Path file = root.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static List<Conversation> read(String source) {
    try (var all = ConversationReader.stream(root.resolve(source + ".jsonl"))) {
      return all.toList();
    }
  }

  private static List<String> ids(String source) {
    return read(source).stream().map(Conversation::id).toList();
  }

  private static List<String> texts(String source, String id) {
    return read(source).stream()
        .filter(one -> one.id().equals(id))
        .flatMap(one -> one.messages().stream())
        .map(message -> message.role().id() + ": " + message.text())
        .toList();
  }
}
