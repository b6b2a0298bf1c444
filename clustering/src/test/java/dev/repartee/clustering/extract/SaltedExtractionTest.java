package dev.repartee.clustering.extract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.privacy.SaltedCorpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Personal data that customers and agents wrote leaves the extraction in none of its files. */
class SaltedExtractionTest {

  @TempDir private Path folder;

  @Test
  void noneOfTwoThousandPlantedItemsIsInWhatIsWritten() throws IOException {
    SaltedCorpus corpus = SaltedCorpus.of(2000, 11);
    Path file = folder.resolve("salted.jsonl");
    ConversationWriter.write(file, corpus.conversations());
    Outcome outcome = Outcome.of(file, folder.resolve("out"));
    assertThat(outcome.exitCode()).as(outcome.err()).isZero();
    assertThat(outcome.answers().size()).isGreaterThan(20);
    for (String name : List.of("answers.json", "review.csv", "review-state.json")) {
      String written = Files.readString(outcome.output().resolve(name));
      assertThat(corpus.planted().stream().map(SaltedCorpus.Planted::value))
          .as(name)
          .noneMatch(value -> holds(written, value));
    }
  }

  /** As a word of its own: "Ann" is not in "cannot". */
  private static boolean holds(String written, String value) {
    return written.contains(value)
        && Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(value) + "(?![\\p{L}\\p{N}])")
            .matcher(written)
            .find();
  }
}
