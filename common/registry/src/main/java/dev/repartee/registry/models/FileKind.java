package dev.repartee.registry.models;

import java.util.Set;

/**
 * The two kinds of files in a model folder. A version whose knowledge alone is new names the same
 * blobs as its ancestor for its weights.
 */
public enum FileKind {
  /** Made by a training: parameters, tokenizer, words, the card. */
  WEIGHTS,
  /** Made from conversations, feedback and libraries without training: what may be suggested. */
  KNOWLEDGE;

  private static final Set<String> KNOWLEDGE_FILES =
      Set.of(
          "memory.safetensors",
          "memory.json",
          "answers.json",
          "answer_head.safetensors",
          "answer_head.json",
          "library.json",
          "forgotten.json",
          "calibration.json",
          "knowledge.json");

  private static final String KNOWLEDGE_FOLDER = "memory/";

  /**
   * The kind of a file.
   *
   * @param path relative to the model folder, with {@code /} between its parts
   */
  public static FileKind of(String path) {
    return KNOWLEDGE_FILES.contains(path) || path.startsWith(KNOWLEDGE_FOLDER)
        ? KNOWLEDGE
        : WEIGHTS;
  }
}
