package dev.repartee.text.privacy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.io.Resources;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Secrets that people say in a sentence, and the same cues without a secret, in six languages. */
class SaidSecretsTest {

  private final Redactor redactor = new Redactor();

  private static List<String> lines(String file) {
    return Resources.text(SaidSecretsTest.class, file)
        .lines()
        .filter(line -> !line.startsWith("#"))
        .map(line -> line.substring("en: ".length()))
        .toList();
  }

  @Test
  void nineOfTenSecretsAreGone() {
    List<String> said = lines("said-secrets.txt");
    List<String> missed =
        said.stream()
            .filter(
                line -> {
                  String secret = line.substring(line.indexOf('|') + 1, line.lastIndexOf('|'));
                  String redacted = redactor.redact(line.replace("|", "")).text();
                  return redacted.contains(secret.replace("\"", ""));
                })
            .toList();
    assertThat(said).hasSize(60);
    assertThat(missed).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void sentencesWithoutASecretStay() {
    List<String> said = lines("said-without-secrets.txt");
    List<String> changed =
        said.stream()
            .map(line -> redactor.redact(line).text())
            .filter(after -> !said.contains(after))
            .toList();
    assertThat(said).hasSize(60);
    assertThat(changed).hasSizeLessThanOrEqualTo(1);
  }
}
