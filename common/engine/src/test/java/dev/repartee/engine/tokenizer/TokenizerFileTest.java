package dev.repartee.engine.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Reading and writing {@code tokenizer.json}. */
class TokenizerFileTest {

  private static final int SPACED_HI = 258;

  @TempDir Path folder;

  /** The 256 bytes, three merges and the given special token. */
  private static ObjectNode small(String special) {
    ObjectNode root = Json.COMPACT.createObjectNode();
    root.putArray("added_tokens")
        .addObject()
        .put("id", 260)
        .put("content", special)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    root.putObject("pre_tokenizer")
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true)
        .put("use_regex", true);
    ObjectNode model = root.putObject("model");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    ObjectNode vocabulary = model.putObject("vocab");
    for (int value = 0; value < ByteAlphabet.SIZE; value++) {
      vocabulary.put(ByteAlphabet.symbols(new byte[] {(byte) value}), value);
    }
    ArrayNode merges = model.putArray("merges");
    vocabulary.put("hi", 256).put("\u0120h", 257).put("\u0120hi", SPACED_HI).put(special, 260);
    merges.add("h i").add("\u0120 h").add("\u0120 hi");
    return root;
  }

  private Gpt2Tokenizer read(Consumer<ObjectNode> change) throws IOException {
    ObjectNode root = small("<|end|>");
    change.accept(root);
    Files.writeString(folder.resolve(Gpt2Tokenizer.FILE), Json.PRETTY.writeValueAsString(root));
    return Gpt2Tokenizer.read(folder);
  }

  private static ObjectNode model(ObjectNode root) {
    return (ObjectNode) root.get("model");
  }

  @Test
  void readsAUsersOwnAndWritesItBackByteForByte() throws IOException {
    try (Gpt2Tokenizer tokenizer = read(root -> {})) {
      assertThat(tokenizer.encode("hi hi")).containsExactly(256, SPACED_HI);
      assertThat(tokenizer.decode(new int[] {256, 260, SPACED_HI})).isEqualTo("hi hi");
      assertThat(tokenizer.vocabularySize()).isEqualTo(261);
      assertThat(tokenizer.bytes(259)).as("a gap in the ids").isEmpty();
      Path copy = folder.resolve("copy");
      tokenizer.write(copy);
      assertThat(copy.resolve(Gpt2Tokenizer.FILE))
          .hasSameBinaryContentAs(folder.resolve(Gpt2Tokenizer.FILE));
    }
  }

  @Test
  void aSpecialTokenThatIsAWholeWordCannotBeForgedEither() throws IOException {
    ObjectNode root = small("pad");
    model(root).put("ignore_merges", true); // looks whole words up in the vocabulary
    Files.writeString(folder.resolve(Gpt2Tokenizer.FILE), Json.COMPACT.writeValueAsString(root));
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder)) {
      assertThat(tokenizer.encode("pad")).doesNotContain(260).hasSize(3);
    }
  }

  @Test
  void ignoresWhatWouldCutPadOrChangeText() throws IOException {
    Consumer<ObjectNode> change =
        root -> {
          root.putObject("truncation")
              .put("direction", "Right")
              .put("max_length", 1)
              .put("strategy", "LongestFirst")
              .put("stride", 0);
          ((ObjectNode) root.get("pre_tokenizer")).put("add_prefix_space", true);
          model(root).put("dropout", 1.0);
        };
    try (Gpt2Tokenizer tokenizer = read(change)) {
      assertThat(tokenizer.encode("hi hi hi")).containsExactly(256, SPACED_HI, SPACED_HI);
    }
  }

  @Test
  void readsMergesThatAreWrittenAsPairs() throws IOException {
    Consumer<ObjectNode> change =
        root -> {
          ArrayNode merges = model(root).putArray("merges");
          merges.addArray().add("h").add("i");
        };
    try (Gpt2Tokenizer tokenizer = read(change)) {
      assertThat(tokenizer.encode("hi")).containsExactly(256);
    }
  }

  @Test
  void namesTheFileThatIsCutOff() throws IOException {
    Files.writeString(folder.resolve(Gpt2Tokenizer.FILE), "{\"model\": {\n\"vocab\": {\"a\"");
    assertThatThrownBy(() -> Gpt2Tokenizer.read(folder))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("tokenizer.json is not JSON (line 2)");
  }

  @Test
  void namesTheFieldThatIsWrong() {
    assertRejected(root -> root.remove("model"), "'model' is missing");
    assertRejected(root -> model(root).put("type", "WordPiece"), "'model.type' is 'WordPiece'");
    assertRejected(root -> model(root).putObject("vocab"), "'model.vocab' is empty");
    assertRejected(root -> model(root).remove("merges"), "'model.merges' is missing");
    assertRejected(
        root -> root.putObject("pre_tokenizer").put("type", "Metaspace"), "no 'ByteLevel'");
    assertRejected(
        root -> root.putObject("normalizer").put("type", "Lowercase"), "'normalizer' must be null");
    assertRejected(
        root -> model(root).put("end_of_word_suffix", "</w>"), "'model.end_of_word_suffix'");
  }

  @Test
  void namesTheTokenThatIsWrong() {
    assertRejected(root -> vocabulary(root).put("hi", -1), "token 'hi' has no id");
    assertRejected(root -> vocabulary(root).put("hi", "x"), "token 'hi' has no id");
    assertRejected(root -> vocabulary(root).put("hi", 2_000_000_000), "above the limit");
    assertRejected(root -> vocabulary(root).put("hi", 5), "two tokens of 'model.vocab' have id 5");
    assertRejected(root -> vocabulary(root).remove("hi"), "not a usable tokenizer");
  }

  private static ObjectNode vocabulary(ObjectNode root) {
    return (ObjectNode) root.get("model").get("vocab");
  }

  private void assertRejected(Consumer<ObjectNode> change, String message) {
    assertThatThrownBy(() -> read(change).close())
        .isInstanceOf(UserException.class)
        .hasMessageContaining("tokenizer.json")
        .hasMessageContaining(message);
  }
}
