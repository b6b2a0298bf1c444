package dev.repartee.common.tokenizer;

import com.knuddels.jtokkit.Encodings;
import dev.repartee.common.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * GPT-2's own {@code tokenizer.json}, made from the ranks that jtokkit carries as {@code r50k_base}
 * (one token a line, Base64 and rank). Ranks are GPT-2's token ids.
 */
final class StandardRanks {

  private static final String RESOURCE = "/com/knuddels/jtokkit/r50k_base.tiktoken";
  private static final String END_OF_TEXT = "<|endoftext|>";

  private StandardRanks() {}

  /** The content of {@code tokenizer.json} in the format of Hugging Face's {@code tokenizers}. */
  static ObjectNode tokenizerJson() {
    List<String> tokens = read();
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
    ArrayNode merges = model.putArray("merges");
    MergeRecovery.merges(tokens).forEach(merges::add);
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
}
