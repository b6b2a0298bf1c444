package dev.repartee.finetune.gpt2;

import com.knuddels.jtokkit.Encodings;
import dev.repartee.engine.tokenizer.ByteAlphabet;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/**
 * GPT-2's own vocabulary, built without a download: from the tokens and ranks that jtokkit contains
 * as {@code r50k_base}, one token a line, Base64 and rank. Ranks are GPT-2's token ids.
 */
public final class StandardVocabulary {

  private static final String RESOURCE = "/com/knuddels/jtokkit/r50k_base.tiktoken";

  /** All but the tokens, the merges, and the id of the one special token, which comes last. */
  private static final String TOKENIZER =
      """
      {"version": "1.0", "truncation": null, "padding": null,
       "added_tokens": [{"id": 0, "content": "<|endoftext|>", "single_word": false,
         "lstrip": false, "rstrip": false, "normalized": true, "special": true}],
       "normalizer": null,
       "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
       "post_processor": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": true},
       "decoder": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": true},
       "model": {"type": "BPE", "dropout": null, "unk_token": null, "continuing_subword_prefix": "",
         "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false}}
      """;

  private StandardVocabulary() {}

  /** A tokenizer of GPT-2's 50,257 tokens; the caller closes it. */
  public static Gpt2Tokenizer tokenizer() {
    return Gpt2Tokenizer.of("the standard tokenizer", tokenizerJson());
  }

  /** The content of {@code tokenizer.json} in the format of Hugging Face's {@code tokenizers}. */
  static ObjectNode tokenizerJson() {
    List<String> tokens = read();
    return tokenizerJson(tokens, merges(tokens));
  }

  /**
   * A tokenizer for other tokens and their merges, each as {@code "left right"}, in the order in
   * which they apply.
   */
  static ObjectNode tokenizerJson(List<String> tokens, List<String> merges) {
    ObjectNode root = (ObjectNode) Json.COMPACT.readTree(TOKENIZER);
    ((ObjectNode) root.at("/added_tokens/0")).put("id", tokens.size());
    ObjectNode model = (ObjectNode) root.get("model");
    ObjectNode vocabulary = model.putObject("vocab");
    tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
    vocabulary.put("<|endoftext|>", vocabulary.size());
    merges.forEach(model.putArray("merges")::add);
    return root;
  }

  private static List<String> read() {
    List<String> tokens = new ArrayList<>();
    for (String line : Resources.text(Encodings.class, RESOURCE).lines().toList()) {
      String[] tokenAndRank = line.split(" ", 2);
      if (Integer.parseInt(tokenAndRank[1]) != tokens.size()) {
        throw new IllegalStateException(RESOURCE + " is out of order at: " + line);
      }
      tokens.add(ByteAlphabet.symbols(Base64.getDecoder().decode(tokenAndRank[0])));
    }
    return tokens;
  }

  /**
   * The merges of a byte-pair encoding, in rank order, each as {@code "left right"}. The merge that
   * makes a token has the token's rank and joins the two parts that all earlier merges leave of it.
   *
   * @param tokens in {@link ByteAlphabet}, in rank order; those of one character need no merge
   * @throws IllegalStateException naming the token that no two earlier tokens make
   */
  private static List<String> merges(List<String> tokens) {
    Map<String, Integer> earlier = new HashMap<>(); // rank by token
    List<String> merges = new ArrayList<>();
    for (String token : tokens) {
      List<String> parts = new ArrayList<>(token.chars().mapToObj(Character::toString).toList());
      while (parts.size() > 2) {
        int left = -1;
        int lowest = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < parts.size(); i++) {
          int rank = earlier.getOrDefault(parts.get(i) + parts.get(i + 1), Integer.MAX_VALUE);
          if (rank < lowest) {
            lowest = rank;
            left = i;
          }
        }
        if (left < 0) {
          throw new IllegalStateException("no two tokens of lower rank make '" + token + "'");
        }
        parts.set(left, parts.get(left) + parts.remove(left + 1));
      }
      if (parts.size() == 2) {
        merges.add(String.join(" ", parts));
      }
      earlier.put(token, earlier.size());
    }
    return merges;
  }
}
