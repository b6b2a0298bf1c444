package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.clustering.review.ReviewFile;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.testing.Repository;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVPrinter;
import org.apache.commons.csv.CSVRecord;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a supervisor decided holds when the answers are extracted from more conversations. */
@Tag("slow")
class ReviewedExtractionTest {

  private static final CSVFormat CSV =
      CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).get();

  @TempDir private Path folder;

  private Outcome extract(List<Conversation> conversations) {
    Path file = folder.resolve("conversations.jsonl");
    ConversationWriter.write(file, conversations);
    return Outcome.of(file, folder.resolve("out"));
  }

  private List<CSVRecord> rows() throws IOException {
    String text = Files.readString(folder.resolve("out").resolve(ReviewFile.NAME)).substring(1);
    try (CSVParser parser = CSVParser.parse(text, CSV)) {
      return parser.getRecords();
    }
  }

  /**
   * Decides about every fifth row, as a spreadsheet would save it; returns what was decided, by id.
   */
  private Map<String, String> decide() throws IOException {
    List<CSVRecord> rows = rows();
    Map<String, String> decided = new HashMap<>();
    StringBuilder text = new StringBuilder();
    try (CSVPrinter printer =
        new CSVPrinter(text, CSVFormat.DEFAULT.builder().setDelimiter(';').get())) {
      printer.printRecord(rows.getFirst().toMap().keySet());
      String[] kinds = {"approve", "edit", "reject", "merge"};
      for (int i = 0; i < rows.size(); i++) {
        Map<String, String> row = new LinkedHashMap<>(rows.get(i).toMap());
        if (i % 5 == 4) {
          String kind = kinds[i / 5 % kinds.length];
          row.put("decision", kind.toUpperCase(Locale.ROOT));
          row.put("new_text", kind.equals("edit") ? "Better " + i : "");
          row.put("merge_into", kind.equals("merge") ? rows.getFirst().get("id") : "");
          decided.put(row.get("id"), kind + row.get("new_text"));
        }
        printer.printRecord(row.values());
      }
    }
    Files.writeString(folder.resolve("out").resolve(ReviewFile.NAME), text);
    return decided;
  }

  @Test
  void everyDecisionIsKeptOnAFifthMoreConversations() throws IOException {
    List<Conversation> all =
        ConversationReader.readAll(
            Stream.of("train", "valid", "test")
                .map(name -> Repository.file("scripts/samples/" + name + ".jsonl"))
                .toList());
    String target = extract(all.subList(0, 530)).answers().answers().getFirst().id();
    Map<String, String> decided = decide();
    assertThat(decided).hasSizeGreaterThan(40);

    Outcome outcome = extract(all);
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    Map<String, Answer> answers = new HashMap<>();
    outcome.answers().answers().forEach(answer -> answers.put(answer.id(), answer));
    Map<String, CSVRecord> rows = new HashMap<>();
    rows().forEach(row -> rows.put(row.get("id"), row));
    decided.forEach(
        (id, decision) -> {
          assertThat(rows.get(id).get("decision") + rows.get(id).get("new_text"))
              .isEqualTo(decision);
          if (decision.startsWith("edit")) {
            assertThat(answers.get(id).text()).isEqualTo(decision.substring(4));
          } else {
            assertThat(answers.containsKey(id)).isEqualTo(decision.equals("approve"));
          }
        });
    assertThat(answers).containsKey(target);
    assertThat(outcome.summary().get("changes").get("decisions").get("merge").asInt())
        .isEqualTo((int) decided.values().stream().filter("merge"::equals).count());
  }
}
