package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.models.GateKeeper.Gates;
import dev.repartee.finetune.models.GateKeeper.Gates.Gate;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatesFileTest {

  @TempDir private Path folder;

  private Gates read(String yaml) throws IOException {
    Path file = folder.resolve("gates.yaml");
    Files.writeString(file, yaml);
    return Gates.read(file);
  }

  @Test
  void everyGate() throws IOException {
    Gates gates =
        read(
            """
            minimum: { saved: 30, advantage: 1.5, conversations: 60 }
            maximum: { complete_p95_ms: 40, size_mb: 300 }
            regression: { saved: 0.5 }
            experiment: { seconds_saved: -1 }
            """);
    assertThat(gates.bounds().keySet()).containsExactly(Gate.values());
    assertThat(gates.bounds())
        .containsEntry(Gate.ADVANTAGE, 1.5)
        .containsEntry(Gate.SECONDS_SAVED, -1.0);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          minimun: { saved: 3 }                        | unknown key 'minimun'; did you mean 'minimum'?
          minimum: { savd: 3 }                         | unknown key 'minimum.savd'; did you mean 'minimum.saved'?
          minimum: { saved: 130 }                      | minimum.saved must be between 0 and 100 but is 130
          minimum: { saved: lots }                     | minimum.saved must be a number but is a string
          minimum: 3                                   | minimum must hold keys
          regression: { saved: -1 }                    | regression.saved must be between 0 and 100 but is -1
          regression: { perplexity: 1 }                | unknown key 'regression.perplexity'
          experiment: { seconds_saved: 1e9 }           | experiment.seconds_saved must be between -3600 and 3600
          '{}'                                         | asks nothing
          '- a'                                        | must hold keys such as 'minimum:' but is an array
          'minimum: {'                                 | not YAML
          """)
  void whatIsWrongIsNamed(String yaml, String message) {
    assertThatThrownBy(() -> read(yaml))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("gates.yaml: ")
        .hasMessageContaining(message)
        .satisfies(
            e -> assertThat(((UserException) e).kind()).isEqualTo(UserException.Kind.WRONG_USAGE));
  }
}
