package dev.repartee.engine.tokenizer;

import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A checked {@code tokenizer.json}: what its tokens stand for, and the part of it that encodes
 * ordinary text.
 */
final class TokenizerJson {

  /** Far above any vocabulary; keeps a damaged id from asking for all memory. */
  private static final int MAX_ID = 4_000_000;

  private static final byte[] NOTHING = {};

  private final String name;
  private final JsonNode root;
  private final Set<String> special = new TreeSet<>();
  private final byte[][] bytesOfId;

  /**
   * Checks that this is a byte-level BPE as GPT-2's is.
   *
   * @param name what errors call the file
   * @throws UserException naming the field that is missing, damaged, or of another kind of
   *     tokenizer
   */
  TokenizerJson(String name, JsonNode root) {
    this.name = name;
    this.root = root;
    checkKind();
    JsonNode vocabulary = root.path("model").path("vocab");
    JsonNode added = root.path("added_tokens");
    this.bytesOfId = new byte[highestId(vocabulary, added) + 1][];
    readVocabulary(vocabulary);
    readAddedTokens(added);
    for (int id = 0; id < bytesOfId.length; id++) {
      if (bytesOfId[id] == null) {
        bytesOfId[id] = NOTHING; // ids may have gaps
      }
    }
  }

  private void checkKind() {
    JsonNode model = root.path("model");
    check(model.isObject(), "'model' is missing");
    // Files from before tokenizers 0.10, such as GPT-2's first, do not state the type.
    String type = model.path("type").asString("BPE");
    check(type.equals("BPE"), "'model.type' is '" + type + "' but must be 'BPE'");
    check(model.path("vocab").isObject(), "'model.vocab' is missing or no object");
    check(!model.path("vocab").isEmpty(), "'model.vocab' is empty");
    check(model.path("merges").isArray(), "'model.merges' is missing or no array");
    for (String field : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
      String value = model.path(field).asString("");
      check(value.isEmpty(), "'model." + field + "' is '" + value + "' but must be empty");
    }
    check(
        byteLevelStages(root.path("pre_tokenizer")).findAny().isPresent(),
        "'pre_tokenizer' has no 'ByteLevel'");
    // Decoding could not give back what a normalizer changed.
    JsonNode normalizer = root.path("normalizer");
    check(normalizer.isNull() || normalizer.isMissingNode(), "'normalizer' must be null");
  }

  private void check(boolean holds, String problem) {
    if (!holds) {
      throw new UserException(
          name + ": " + problem + "; a byte-level BPE tokenizer as GPT-2's is needed");
    }
  }

  private static Stream<JsonNode> byteLevelStages(JsonNode stage) {
    return stage.findParents("type").stream()
        .filter(node -> node.path("type").asString("").equals("ByteLevel"));
  }

  private int highestId(JsonNode vocabulary, JsonNode added) {
    int highest = 0;
    for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
      highest = Math.max(highest, id(token.getKey(), token.getValue()));
    }
    for (JsonNode token : added) {
      String content = token.path("content").asString("");
      check(!content.isEmpty(), "'added_tokens' has an entry without 'content'");
      highest = Math.max(highest, id(content, token.path("id")));
    }
    return highest;
  }

  private int id(String token, JsonNode id) {
    check(
        id.canConvertToInt() && id.isIntegralNumber() && id.intValue() >= 0,
        "token '" + token + "' has no id that is a whole number from 0 on");
    check(
        id.intValue() <= MAX_ID,
        "token '" + token + "' has id " + id.intValue() + ", above the limit of " + MAX_ID);
    return id.intValue();
  }

  private void readVocabulary(JsonNode vocabulary) {
    for (Map.Entry<String, JsonNode> token : vocabulary.properties()) {
      int id = token.getValue().intValue();
      check(bytesOfId[id] == null, "two tokens of 'model.vocab' have id " + id);
      bytesOfId[id] = ByteAlphabet.bytes(token.getKey());
    }
  }

  private void readAddedTokens(JsonNode added) {
    for (JsonNode token : added) {
      String content = token.path("content").asString();
      boolean isSpecial = token.path("special").asBoolean(false);
      if (isSpecial) {
        special.add(content);
      }
      bytesOfId[token.path("id").intValue()] =
          isSpecial ? NOTHING : content.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The bytes of every token by id; empty for special tokens and for ids that no token has. */
  byte[][] bytesOfId() {
    return bytesOfId;
  }

  /** How many of the 256 bytes have no token, so that text loses them. */
  long missingBytes() {
    long present =
        Arrays.stream(bytesOfId)
            .filter(bytes -> bytes.length == 1)
            .map(b -> b[0])
            .distinct()
            .count();
    return ByteAlphabet.SIZE - present;
  }

  /**
   * The same tokenizer without anything but the encoding of ordinary text: no added tokens, so that
   * text cannot forge one, no truncation, padding, prefix space or random dropout.
   */
  String encoderJson() {
    ObjectNode encoder = Json.COMPACT.createObjectNode().put("version", "1.0");
    encoder.putNull("truncation").putNull("padding").putArray("added_tokens");
    JsonNode preTokenizer = root.path("pre_tokenizer").deepCopy();
    // Transformers does the same for GPT-2, whatever the file says.
    byteLevelStages(preTokenizer).forEach(s -> ((ObjectNode) s).put("add_prefix_space", false));
    encoder.putNull("normalizer").set("pre_tokenizer", preTokenizer);
    encoder.putNull("post_processor").putNull("decoder");
    ObjectNode vocabulary = Json.COMPACT.createObjectNode();
    vocabulary.setAll((ObjectNode) root.path("model").path("vocab"));
    vocabulary.remove(special);
    ObjectNode model = encoder.putObject("model");
    model.setAll((ObjectNode) root.path("model"));
    model.put("type", "BPE").putNull("dropout").set("vocab", vocabulary);
    return Json.COMPACT.writeValueAsString(encoder);
  }
}
