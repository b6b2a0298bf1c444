package dev.repartee.finetune.hub;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Makes {@code tokenizer.json} of the two files that GPT-2 was published with. Without it a model
 * with a vocabulary of its own would be trained on the tokens of another.
 */
final class BpeFiles {

  static final String VOCABULARY = "vocab.json";
  static final String MERGES = "merges.txt";
  private static final String END_OF_TEXT = "<|endoftext|>";

  private BpeFiles() {}

  /**
   * Writes {@code tokenizer.json} into {@code folder}, which holds the two files.
   *
   * @throws UserException naming the file that cannot be read or written
   */
  static void makeTokenizer(Path folder) {
    Path vocabulary = folder.resolve(VOCABULARY);
    try {
      JsonNode ids = Json.COMPACT.readTree(Files.readString(vocabulary));
      if (!ids.isObject()) {
        throw new UserException(vocabulary + " must be an object of tokens and their ids");
      }
      List<String> merges =
          Files.readAllLines(folder.resolve(MERGES)).stream()
              .filter(line -> !line.isBlank() && !line.startsWith("#version"))
              .toList();
      AtomicFile.writeString(
          folder.resolve(Gpt2Tokenizer.FILE),
          Json.COMPACT.writeValueAsString(tokenizer((ObjectNode) ids, merges)));
    } catch (JacksonException e) {
      throw new UserException(vocabulary + " is no JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new UserException(folder + ": tokenizer.json cannot be made: " + e.getMessage(), e);
    }
  }

  private static ObjectNode tokenizer(ObjectNode ids, List<String> merges) {
    ObjectNode root = Json.COMPACT.createObjectNode().put("version", "1.0");
    root.putNull("truncation").putNull("padding");
    ArrayNode added = root.putArray("added_tokens");
    if (ids.has(END_OF_TEXT)) {
      added
          .addObject()
          .put("id", ids.path(END_OF_TEXT).asInt())
          .put("content", END_OF_TEXT)
          .put("single_word", false)
          .put("lstrip", false)
          .put("rstrip", false)
          .put("normalized", true)
          .put("special", true);
    }
    root.putNull("normalizer");
    for (String stage : List.of("pre_tokenizer", "post_processor", "decoder")) {
      root.putObject(stage)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", !stage.equals("post_processor"));
    }
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.putNull("dropout").putNull("unk_token").put("continuing_subword_prefix", "");
    model.put("end_of_word_suffix", "").put("fuse_unk", false).set("vocab", ids);
    ArrayNode pairs = model.putArray("merges");
    merges.forEach(pairs::add);
    return root;
  }
}
