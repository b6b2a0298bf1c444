package dev.repartee.engine.tokenizer;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GPT-2's byte-level BPE tokenizer (Radford et al., "Language Models are Unsupervised Multitask
 * Learners", 2019): text to token ids and back. Encoding runs in Hugging Face's {@code tokenizers};
 * decoding is plain Java. Needs no network. Safe for use by many threads until it is closed.
 */
public final class Gpt2Tokenizer implements AutoCloseable {

  /** The file's name in a model folder, in the format of Hugging Face's {@code tokenizers}. */
  public static final String FILE = "tokenizer.json";

  private static final Logger LOG = LoggerFactory.getLogger(Gpt2Tokenizer.class);

  private static final char REPLACEMENT = '\uFFFD';

  /** DJL's defaults would cut at 512 tokens, pad, and frame the text in special tokens. */
  private static final Map<String, String> PLAIN =
      Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");

  static {
    // Otherwise the engine reports its use to its makers at the first start.
    System.setProperty("OPT_OUT_TRACKING", "true");
    // Otherwise a machine with a GPU downloads another build of the native library.
    String flavor = "RUST_FLAVOR";
    if (System.getProperty(flavor) == null) {
      System.setProperty(flavor, "cpu");
    }
  }

  private final Supplier<byte[]> file;
  private final byte[][] bytesOfId;
  private final HuggingFaceTokenizer encoder;

  private Gpt2Tokenizer(Supplier<byte[]> file, TokenizerJson json, HuggingFaceTokenizer encoder) {
    this.file = file;
    this.bytesOfId = json.bytesOfId();
    this.encoder = encoder;
  }

  /**
   * A tokenizer of the given {@code tokenizer.json}.
   *
   * @param name what errors call it
   * @throws UserException as {@link #read} does
   */
  public static Gpt2Tokenizer of(String name, JsonNode tokenizerJson) {
    return open(name, () -> Json.COMPACT.writeValueAsBytes(tokenizerJson), tokenizerJson);
  }

  /**
   * Reads a model folder's own tokenizer, which must be a byte-level BPE. A prefix space that it
   * may ask for is not added, as Hugging Face's {@code transformers} does for GPT-2.
   *
   * @throws UserException naming the file, when it is missing, damaged or another kind of tokenizer
   */
  public static Gpt2Tokenizer read(Path folder) {
    Path path = folder.resolve(FILE);
    if (!Files.isRegularFile(path)) {
      throw new UserException(
          path + " is missing; save it with Hugging Face's tokenizer.save_pretrained(FOLDER)");
    }
    try {
      byte[] file = Files.readAllBytes(path);
      return open(path.toString(), () -> file, Json.COMPACT.readTree(file));
    } catch (IOException e) {
      throw new UserException(path + " cannot be read: " + e.getMessage(), e);
    } catch (JacksonException e) {
      String place = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      throw new UserException(
          path + " is not JSON" + place + ": " + e.getOriginalMessage() + "; fetch it again", e);
    }
  }

  private static Gpt2Tokenizer open(String name, Supplier<byte[]> file, JsonNode root) {
    TokenizerJson json = new TokenizerJson(name, root);
    if (json.missingBytes() > 0) {
      LOG.warn("{} lacks {} of the 256 bytes; encoding loses them", name, json.missingBytes());
    }
    byte[] encoderJson = json.encoderJson().getBytes(StandardCharsets.UTF_8);
    try {
      InputStream in = new ByteArrayInputStream(encoderJson);
      return new Gpt2Tokenizer(file, json, HuggingFaceTokenizer.newInstance(in, PLAIN));
    } catch (IOException | RuntimeException e) {
      throw new UserException(name + " is not a usable tokenizer: " + e.getMessage(), e);
    }
  }

  /**
   * The token ids of {@code text}, never a special token: what looks like one, such as {@code
   * <|endoftext|>}, is ordinary text. A lone surrogate counts as U+FFFD.
   */
  public int[] encode(String text) {
    long[] ids = encoder.encode(wellFormed(text), false, false).getIds();
    return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
  }

  private static String wellFormed(String text) {
    StringBuilder mended = null;
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (Character.isSupplementaryCodePoint(text.codePointAt(i))) {
        i++; // a pair
        continue;
      }
      if (mended == null) {
        mended = new StringBuilder(text);
      }
      mended.setCharAt(i, REPLACEMENT);
    }
    return mended == null ? text : mended.toString();
  }

  /**
   * The text of {@code ids}: every string without lone surrogates comes back exactly. Bytes that
   * are no UTF-8, such as half of a character's tokens, become U+FFFD; special tokens become
   * nothing.
   *
   * @throws IllegalArgumentException naming an id that is outside the vocabulary
   */
  public String decode(int[] ids) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(ids.length * 4);
    for (int id : ids) {
      bytes.writeBytes(bytesOf(id));
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /**
   * The bytes that a token stands for, part of a UTF-8 text; empty for a special token.
   *
   * @throws IllegalArgumentException when {@code id} is outside the vocabulary
   */
  public byte[] bytes(int id) {
    return bytesOf(id).clone();
  }

  private byte[] bytesOf(int id) {
    if (id < 0 || id >= bytesOfId.length) {
      throw new IllegalArgumentException(
          "token id " + id + " is outside 0.." + (bytesOfId.length - 1));
    }
    return bytesOfId[id];
  }

  /** One more than the highest token id, special tokens included. */
  public int vocabularySize() {
    return bytesOfId.length;
  }

  /**
   * Writes {@link #FILE} into {@code folder}, byte for byte as it was read.
   *
   * @throws UserException naming the file, when it cannot be written
   */
  public void write(Path folder) {
    Path path = folder.resolve(FILE);
    try {
      AtomicFile.write(path, out -> out.write(file.get()));
    } catch (IOException e) {
      throw new UserException(path + " cannot be written: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    encoder.close();
  }

  /**
   * A checked {@code tokenizer.json}: what its tokens stand for, and the part of it that encodes
   * ordinary text.
   */
  static final class TokenizerJson {

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
     * The same tokenizer without anything but the encoding of ordinary text: no added tokens, so
     * that text cannot forge one, no truncation, padding, prefix space or random dropout.
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
}
