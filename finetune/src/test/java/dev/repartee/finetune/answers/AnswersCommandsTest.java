package dev.repartee.finetune.answers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class AnswersCommandsTest {

  @TempDir private Path folder;

  private static CommandRun answers(String... arguments) {
    boolean json = List.of(arguments).contains("--json");
    return CommandRun.of(new AnswersCommand(), arguments, json ? List.of() : "--no-json");
  }

  private String file(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, content).toString();
  }

  private AnswerLibrary imported(String... arguments) {
    Path output = folder.resolve("imported");
    CommandRun run =
        CommandRun.of(new AnswersCommand(), "import", "--output", output, "--no-json", arguments);
    assertThat(run.exitCode()).as(run.err()).isZero();
    return AnswerLibraryFile.read(output.resolve("library.json"));
  }

  private CommandRun refused(String... arguments) {
    Path output = folder.resolve("refused");
    CommandRun run =
        CommandRun.of(new AnswersCommand(), "import", "--output", output, "--no-json", arguments);
    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(output).doesNotExist();
    return run;
  }

  // import

  @Test
  void tablesAreReadAsSpreadsheetsSaveThem() throws IOException {
    String excel =
        file(
            "excel.csv",
            "\ufeffText;ID;Valid From;Valid until;Language;Queue;Owner;Title;Folder\r\n"
                + "\"Hello {customer_name};\r\nwelcome\";hi;2026-01-01;2026-03-01T00:00:00+01:00;"
                + "de-AT;billing;a-3;Greeting;start\r\n;;;;;;;;\r\n");
    String plain = file("plain.csv", "id,text\nbye,\"Good \"\"bye\"\", then\"\n");
    AnswerLibrary library = imported("--csv", excel + "," + plain);
    assertThat(library.entries())
        .containsExactly(
            new Entry(
                "hi",
                Optional.of("Greeting"),
                "Hello {customer_name};\nwelcome",
                Optional.of("start"),
                Optional.of("billing"),
                Optional.of("de"),
                Optional.of(Instant.parse("2026-01-01T00:00:00Z")),
                Optional.of(Instant.parse("2026-02-28T23:00:00Z")),
                Optional.of("a-3")),
            new Entry("bye", "Good \"bye\", then"));
    assertThat(library.never()).isEmpty();
  }

  @Test
  void everyBadRowIsNamedAndNothingIsImported() throws IOException {
    String bad =
        file(
            "bad.csv",
            "id,text,queue,valid_from,valid_until,language\n"
                + "a,Fine,,,,\n"
                + ",No id,,,,\n"
                + "b,,,,,\n"
                + "c,\"two\nlines\",,tomorrow,,\n"
                + "d,Late,,2026-03-01,2026-02-01,\n"
                + "e,Where,,,,german\n"
                + "a,Again,,,,\n"
                + "f,Hello, you,,,,\n"
                + "g,Long,"
                + "q".repeat(65)
                + ",,,\n");
    String other = file("other.csv", "id,text\na,Once more\n");
    CommandRun run = refused("--csv", bad, "--csv", other);
    assertThat(run.err().lines())
        .containsExactly(
            "error: " + bad + ":3: id is blank",
            bad + ":4: text is blank",
            bad
                + ":5: valid_from must be ISO-8601, RFC 1123, dd.MM.yyyy HH:mm, or seconds, milli-"
                + " or microseconds since 1970, but is 'tomorrow'",
            bad
                + ":7: valid_until must be after valid_from (2026-03-01T00:00:00Z) but is"
                + " 2026-02-01T00:00:00Z",
            bad + ":8: language must be a tag such as 'en' or 'de-AT' but is 'german'",
            bad
                + ":9: id 'a' is already in "
                + bad
                + ":2; remove one, or give it another id or language",
            bad + ":10: row has 7 columns but the header has 6; quote texts that hold commas",
            bad + ":11: queue must have 1 to 64 characters but has 65; shorten it",
            other
                + ":2: id 'a' is already in "
                + bad
                + ":2; remove one, or give it another id or language");
  }

  @Test
  void rowsOfAnIdInOtherLanguagesAreItsTexts() throws IOException {
    String csv =
        file(
            "a.csv",
            """
            id,language,text,title,queue,valid_until
            r,en,We refund it.,Refund,billing,2030-01-01
            hi,,Hello!,,,
            r,nl-NL,Wij betalen het terug.,,,
            r,de,Wir zahlen es zur\u00fcck.,Refund,billing,2030-01-01
            """);
    AnswerLibrary library = imported("--csv", csv);
    assertThat(library.entries())
        .extracting(Entry::id, Entry::text, Entry::language, Entry::queue)
        .containsExactly(
            tuple("r", "We refund it.", Optional.of("en"), Optional.of("billing")),
            tuple("r", "Wij betalen het terug.", Optional.of("nl"), Optional.of("billing")),
            tuple("r", "Wir zahlen es zur\u00fcck.", Optional.of("de"), Optional.of("billing")),
            tuple("hi", "Hello!", Optional.empty(), Optional.empty()));
    String bad =
        file("b.csv", "id,language,text,queue\nr,en,a,billing\nr,nl,b,sales\nr,en,c,\nr,,d,\n");
    assertThat(refused("--csv", bad).err().lines())
        .containsExactly(
            "error: "
                + bad
                + ":3: queue must be as in "
                + bad
                + ":2 ('billing') but is 'sales'; leave it blank: the first row of an id says it",
            bad
                + ":4: id 'r' is already in "
                + bad
                + ":2; remove one, or give it another id or language",
            bad
                + ":5: id 'r' is already in "
                + bad
                + ":2; remove one, or give it another id or language");
  }

  @Test
  void wrongTablesAreNamed() throws IOException {
    assertThat(refused("--csv", file("a.csv", "id,txt\na,b\n")).err())
        .contains("a.csv:1: column 'txt' is unknown; name it one of id, title, text, folder");
    assertThat(refused("--csv", file("b.csv", "id\na\n")).err())
        .contains("b.csv:1: column 'text' is missing");
    assertThat(refused("--csv", file("c.csv", "id,text\na,b,c\n")).err())
        .contains("c.csv:2: row has 3 columns but the header has 2; quote texts that hold commas");
    assertThat(refused("--csv", file("d.csv", "id,text\na,\"b\n")).err())
        .contains("d.csv:2: not CSV: ", "a quote without its end");
    assertThat(refused("--csv", folder.resolve("none.csv").toString()).err())
        .contains("none.csv: no such file");
    Path latin = folder.resolve("latin.csv");
    Files.write(latin, "id,text\na,gr\u00fcn\n".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(refused("--csv", latin.toString()).err()).contains("not UTF-8; save it as");
    assertThat(refused("--never", file("never.txt", "ok\n\n!!\n")).err())
        .contains("never.txt:3: the phrase must have a letter or a number but is '!!'");
    assertThat(answers("import", "--output", "x").exitCode()).isEqualTo(2);
  }

  private static final String ANSWERS =
      """
      {"format": 1, "answers": [
        {"id": "a", "text": "Hello!", "count": 9, "agents": 3, "language": "en", "phrasings": []},
        {"id": "b", "text": "One moment.", "count": 8, "agents": 3, "phrasings": []},
        {"id": "c", "text": "Goodbye.", "count": 7, "agents": 3, "phrasings": []}]}
      """;

  @Test
  void approvedAnswersAreKeptAndRejectedOnesAreNeverSaid() throws IOException {
    file("run/answers.json", ANSWERS);
    String review =
        file(
            "run/review.csv",
            """
            decision,new_text,merge_into,note,id,text,phrasings
            approve,,,,a,Hello!,Hello! | Hi
            edit,One moment please.,,,b,One moment.,
            ,,,,c,Goodbye.,
            merge,,a,,d,Hi there,
            reject,,,,e,Whatever you say,
            approve,,,,f,Long gone,
            """);
    file("run/public.csv", "keep,kind,value\nyes,time,8 pm\nno,name,Murray\n");
    String never = file("never.txt", "50% off\nMurray\n");
    AnswerLibrary library = imported("--review", review, "--never", never);
    assertThat(library.entries())
        .extracting(Entry::id, Entry::text, Entry::language)
        .containsExactly(
            tuple("a", "Hello!", Optional.of("en")),
            tuple("b", "One moment please.", Optional.empty()),
            tuple("f", "Long gone", Optional.empty()));
    assertThat(library.never()).containsExactly("Whatever you say", "Murray", "50% off");
  }

  @Test
  void importSaysWhatToLookAt() throws IOException {
    String csv =
        file(
            "a.csv",
            """
            id,text,valid_until
            r1,We refund within 14 days.,
            r2,we refund within 14 days!,
            p,Call Ann on 0664 1234567.,
            o,Get 50% off now,
            x,Summer sale,2020-01-01
            """);
    String output = folder.resolve("out").toString();
    CommandRun run =
        answers("import", "--csv", csv, "--never", file("n.txt", "50% off"), "--output", output);
    assertThat(run.out().lines())
        .contains(
            Path.of(output, "library.json") + ": entries 5, never phrases 1",
            "  duplicate  r1 and r2  100% of their words",
            "  blocked    o  contains '50 off'",
            "  expired    x")
        .anyMatch(line -> line.startsWith("  personal   p  ") && line.contains("phone"));
    JsonNode json =
        answers("import", "--csv", csv, "--output", output, "--json").json().path("found");
    assertThat(json.path("entries").asInt()).isEqualTo(5);
    assertThat(json.at("/duplicates/0/other").asString()).isEqualTo("r2");
  }

  // diff

  private String library(String name, AnswerLibrary library) {
    AnswerLibraryFile.write(folder.resolve(name).resolve("library.json"), library);
    return folder.resolve(name).toString();
  }

  @Test
  void diffSaysWhatAnEditDoes() throws IOException {
    String older =
        library(
            "older",
            new AnswerLibrary(
                List.of(
                    new Entry("kept", "We are here for you."),
                    new Entry("edited", "Refunds take 14 days."),
                    new Entry("gone", "Ask in the shop.")),
                List.of("old phrase")));
    String newer =
        library(
            "newer",
            new AnswerLibrary(
                List.of(
                    new Entry("kept", "We are here for you."),
                    new Entry("edited", "Refunds take 7 days."),
                    new Entry("added", "We are here for you!")),
                List.of("50% off")));
    CommandRun run = answers("diff", older, newer);
    assertThat(run.exitCode()).as(run.err()).isZero();
    assertThat(run.out().lines())
        .containsExactly(
            older
                + " -> "
                + newer
                + ": 1 entries added, 1 removed, 1 changed, 1 as they were; never phrases: 1 added,"
                + " 1 removed",
            "  added      added  We are here for you!",
            "  removed    gone  Ask in the shop.",
            "  changed    edited  text: Refunds take 14 days. -> Refunds take 7 days.",
            "  never      50% off",
            "  allowed    old phrase",
            "  duplicate  kept and added  100% of their words");
    JsonNode json = answers("diff", older, newer, "--json").json();
    assertThat(json.at("/changed/0/field").asString()).isEqualTo("text");
    assertThat(json.at("/never_added/0").asString()).isEqualTo("50% off");
  }
}
