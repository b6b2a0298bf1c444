package dev.repartee.finetune.hub;

import dev.repartee.text.json.Json;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** A byte-level BPE of the 256 bytes and two merges. */
final class TinyTokenizer {

  private static final List<String> MERGES = List.of("h e", "he l");

  private TinyTokenizer() {}

  private static ObjectNode vocabulary() {
    ObjectNode ids = Json.COMPACT.createObjectNode();
    // GPT-2's alphabet: what is printable stands for itself, the others for U+0100 on.
    int next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable = (value > 32 && value < 127) || (value > 160 && value != 173);
      ids.put(String.valueOf((char) (printable ? value : next++)), ids.size());
    }
    MERGES.forEach(pair -> ids.put(pair.replace(" ", ""), ids.size()));
    return ids.put("<|endoftext|>", ids.size());
  }

  /** {@code tokenizer.json}. */
  static String json() {
    ObjectNode root = Json.COMPACT.createObjectNode().put("version", "1.0");
    root.putArray("added_tokens")
        .addObject()
        .put("id", 258)
        .put("content", "<|endoftext|>")
        .put("special", true);
    root.putObject("pre_tokenizer")
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true);
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.set("vocab", vocabulary());
    MERGES.forEach(model.putArray("merges")::add);
    return Json.COMPACT.writeValueAsString(root);
  }
}
