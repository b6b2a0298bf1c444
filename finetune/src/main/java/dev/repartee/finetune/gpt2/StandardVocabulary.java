package dev.repartee.finetune.gpt2;

import com.knuddels.jtokkit.Encodings;
import dev.repartee.engine.tokenizer.ByteAlphabet;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GPT-2's own vocabulary, built without a download: from the tokens and ranks that jtokkit contains
 * as {@code r50k_base}, one token a line, Base64 and rank. Ranks are GPT-2's token ids.
 */
public final class StandardVocabulary {

  private static final String RESOURCE = "/com/knuddels/jtokkit/r50k_base.tiktoken";
  private static final String END_OF_TEXT = "<|endoftext|>";

  private StandardVocabulary() {}

  /** A tokenizer of GPT-2's 50,257 tokens; the caller closes it. */
  public static Gpt2Tokenizer tokenizer() {
    return Gpt2Tokenizer.of("the standard tokenizer", tokenizerJson());
  }

  /** The content of {@code tokenizer.json} in the format of Hugging Face's {@code tokenizers}. */
  static ObjectNode tokenizerJson() {
    List<String> tokens = read();
    return tokenizerJson(tokens, MergeRecovery.merges(tokens));
  }

  /**
   * The same for other tokens and their merges, each as {@code "left right"}, in the order in which
   * they apply.
   */
  static ObjectNode tokenizerJson(List<String> tokens, List<String> merges) {
    int endOfText = tokens.size();
    ObjectNode root = Json.COMPACT.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    root.putArray("added_tokens")
        .addObject()
        .put("id", endOfText)
        .put("content", END_OF_TEXT)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", true)
        .put("special", true);
    root.putNull("normalizer");
    putByteLevel(root, "pre_tokenizer");
    putByteLevel(root, "post_processor");
    putByteLevel(root, "decoder");
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token");
    model.put("continuing_subword_prefix", "").put("end_of_word_suffix", "");
    model.put("fuse_unk", false).put("byte_fallback", false);
    ObjectNode vocabulary = model.putObject("vocab");
    tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
    vocabulary.put(END_OF_TEXT, endOfText);
    ArrayNode inOrder = model.putArray("merges");
    merges.forEach(inOrder::add);
    return root;
  }

  private static void putByteLevel(ObjectNode root, String stage) {
    root.putObject(stage)
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", !stage.equals("post_processor"))
        .put("use_regex", true);
  }

  private static List<String> read() {
    List<String> tokens = new ArrayList<>();
    try (InputStream in = Encodings.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("jtokkit lacks " + RESOURCE);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        int space = line.indexOf(' ');
        if (Integer.parseInt(line, space + 1, line.length(), 10) != tokens.size()) {
          throw new IllegalStateException(RESOURCE + " is out of order at: " + line);
        }
        tokens.add(ByteAlphabet.symbols(Base64.getDecoder().decode(line.substring(0, space))));
      }
    } catch (IOException e) {
      throw new IllegalStateException(RESOURCE + " cannot be read", e);
    }
    return tokens;
  }

  /**
   * Recovers the merges of a byte-pair encoding from its tokens. The merge that makes a token has
   * the token's rank and joins the two parts that all earlier merges leave of it. So the token is
   * encoded with the merges of lower rank only, and the last two parts are its merge.
   */
  static final class MergeRecovery {

    private final List<String> tokens;
    private final Map<Long, Integer> earlier = new HashMap<>(); // rank of the token of two tokens
    private final int[] rankOfSymbol = new int[2 * ByteAlphabet.SIZE];
    private final List<String> merges = new ArrayList<>();

    private MergeRecovery(List<String> tokens) {
      this.tokens = tokens;
    }

    /**
     * The merges, in rank order, each as {@code "left right"}.
     *
     * @param tokens in {@link ByteAlphabet}, in rank order; tokens of one character come first and
     *     need no merge
     * @throws IllegalStateException naming the token that no two earlier tokens make
     */
    static List<String> merges(List<String> tokens) {
      MergeRecovery recovery = new MergeRecovery(tokens);
      for (int rank = 0; rank < tokens.size(); rank++) {
        recovery.add(tokens.get(rank), rank);
      }
      return recovery.merges;
    }

    private void add(String token, int rank) {
      if (token.length() == 1) {
        rankOfSymbol[token.charAt(0)] = rank;
        return;
      }
      int[] parts = token.chars().map(symbol -> rankOfSymbol[symbol]).toArray();
      for (int count = parts.length; count > 2; count--) {
        int left = lowestPair(parts, count);
        if (left < 0) {
          throw new IllegalStateException("no two tokens of lower rank make '" + token + "'");
        }
        parts[left] = earlier.get(pair(parts[left], parts[left + 1]));
        System.arraycopy(parts, left + 2, parts, left + 1, count - left - 2);
      }
      earlier.put(pair(parts[0], parts[1]), rank);
      merges.add(tokens.get(parts[0]) + ' ' + tokens.get(parts[1]));
    }

    private static long pair(int left, int right) {
      return ((long) left << Integer.SIZE) | right;
    }

    private int lowestPair(int[] parts, int count) {
      int lowest = Integer.MAX_VALUE;
      int left = -1;
      for (int i = 0; i < count - 1; i++) {
        int rank = earlier.getOrDefault(pair(parts[i], parts[i + 1]), Integer.MAX_VALUE);
        if (rank < lowest) {
          lowest = rank;
          left = i;
        }
      }
      return left;
    }
  }
}
