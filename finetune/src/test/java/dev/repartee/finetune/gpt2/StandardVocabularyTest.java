package dev.repartee.finetune.gpt2;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The vocabulary and the merges, by the checksums of the files that OpenAI published. */
class StandardVocabularyTest {

  private final JsonNode model = StandardVocabulary.tokenizerJson().get("model");

  @Test
  void mergesAreThoseOfOpenAisVocabBpe() {
    String vocabBpe =
        model
            .get("merges")
            .valueStream()
            .map(JsonNode::asString)
            .collect(Collectors.joining("\n", "#version: 0.2\n", "\n"));
    assertThat(sha256(vocabBpe))
        .isEqualTo("1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5");
  }

  @Test
  void vocabularyIsThatOfOpenAisEncoderJson() {
    String encoderJson =
        model
            .get("vocab")
            .propertyStream()
            .map(token -> quoted(token.getKey()) + ": " + token.getValue())
            .collect(Collectors.joining(", ", "{", "}"));
    assertThat(sha256(encoderJson))
        .isEqualTo("196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783");
  }

  /** As Python's json writes it: ASCII only. */
  private static String quoted(String token) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c <= '~') {
        quoted.append(c);
      } else {
        quoted.append("\\u%04x".formatted((int) c));
      }
    }
    return quoted.append('"').toString();
  }

  private static String sha256(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
