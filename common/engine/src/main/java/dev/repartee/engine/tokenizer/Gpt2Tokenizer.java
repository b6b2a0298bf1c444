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
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

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
}
