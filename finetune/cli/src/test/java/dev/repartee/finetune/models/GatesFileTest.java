package dev.repartee.finetune.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.finetune.models.Gates.Decide;
import dev.repartee.finetune.models.Gates.GoldenGate;
import dev.repartee.finetune.models.Gates.Regression;
import dev.repartee.registry.models.RegistryKind;
import dev.repartee.text.UserException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatesFileTest {

  @TempDir private Path folder;

  private Gates read(String yaml) throws IOException {
    Path file = folder.resolve("gates.yaml");
    Files.writeString(file, yaml);
    return Gates.read(file, RegistryKind.MODEL);
  }

  @Test
  void aShareIsMetWhereItIsReachedExactly() {
    GoldenGate gate = new GoldenGate(0.56, Optional.empty());
    assertThat(gate.allows(14, 25)).isTrue();
    assertThat(gate.allows(13, 25)).isFalse();
  }

  @Test
  void everyGate() throws IOException {
    Gates gates =
        read(
            """
                rule: word4
                minimum: { saved: 30, top3: 8.5, conversations: 60 }
                maximum: { perplexity: 12, complete_p95_ms: 40, size_mb: 300 }
                regression:
                  saved: 0.5
                  top3: { allowed: 1, decide: point }
                latency_regression: { complete_p95: 1.2 }
                canary: { max_leaked: 0, max_exposure: 10, file: canaries.jsonl }
                golden: { min_pass: 0.9 }
                require_same_data: false
                max_age_days: 30
                """);
    assertThat(gates.rule()).isEqualTo("word4");
    assertThat(gates.minimum().keySet())
        .containsExactly(Metric.SAVED, Metric.TOP3, Metric.CONVERSATIONS);
    assertThat(gates.maximum()).containsEntry(Metric.COMPLETE_P95_MS, 40.0);
    assertThat(gates.regression())
        .containsEntry(Metric.SAVED, new Regression(0.5, Decide.INTERVAL))
        .containsEntry(Metric.TOP3, new Regression(1, Decide.POINT));
    assertThat(gates.latencyRegression()).containsEntry(Metric.COMPLETE_P95_MS, 1.2);
    assertThat(gates.canary().orElseThrow().file()).contains(folder.resolve("canaries.jsonl"));
    assertThat(gates.golden().orElseThrow().minPass()).isEqualTo(0.9);
    assertThat(gates.requireSameData()).isFalse();
    assertThat(gates.maxAgeDays()).hasValue(30);
  }

  @Test
  void whatIsNotSaidIsStrict() throws IOException {
    Gates gates = read("minimum: { saved: 30 }");
    assertThat(gates.rule()).isEqualTo("net");
    assertThat(gates.requireSameData()).isTrue();
    assertThat(gates.maxAgeDays()).isEmpty();
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
          regression: { saved: { allow: 1 } }          | unknown key 'regression.saved.allow'; did you mean 'regression.saved.allowed'?
          regression: { saved: { decide: point } }     | regression.saved.allowed is missing
          regression: { top1: { allowed: 1, decide: x } } | regression.top1.decide must be one of interval, point but is 'x'
          regression: { perplexity: 1 }                | unknown key 'regression.perplexity'
          latency_regression: { complete_p95: 101 }    | latency_regression.complete_p95 must be between 0 and 100
          canary: { max_leaked: 0.5 }                  | canary.max_leaked must be a whole number but is 0.5
          canary: { file: a.jsonl }                    | canary must hold max_leaked or max_exposure
          golden: { min_pass: 90 }                     | golden.min_pass must be between 0 and 1 but is 90
          rule: whole5                                 | rule must be one of net, steady, net_read05, net_read25, net_aside, whole10, word4, whole4, word10, whole20 but is 'whole5'
          require_same_data: maybe                     | require_same_data must be true or false
          max_age_days: 30                             | asks nothing
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
