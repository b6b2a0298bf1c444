package dev.repartee.finetune.training;

import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.ConversationRedactor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What a run reads.
 *
 * @param conversations to train on
 * @param validation conversations; may be empty
 * @param answers the answer set's file
 * @param base what the person called the model to start from
 * @param baseFolder where it lies, unless it is random
 * @param redact whether personal data becomes placeholders before anything is learned
 */
record FinetuneInputs(
    List<Path> conversations,
    List<Path> validation,
    Optional<Path> answers,
    String base,
    Optional<Path> baseFolder,
    boolean redact) {

  FinetuneInputs {
    conversations = List.copyOf(conversations);
    validation = List.copyOf(validation);
  }

  /** What is done to each conversation before anything is learned from it. */
  UnaryOperator<Conversation> preparation() {
    if (!redact) {
      return UnaryOperator.identity();
    }
    ConversationRedactor redactor = new ConversationRedactor();
    return conversation -> redactor.redact(conversation).conversation();
  }

  /** The hashes of the data files, by option and file name. */
  SortedMap<String, String> dataHashes() throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    add(hashes, "conversations", conversations);
    add(hashes, "validation", validation);
    add(hashes, "answers", answers.stream().toList());
    return hashes;
  }

  /** The hashes of the base model's files that training reads; its name where it is random. */
  SortedMap<String, String> baseHashes() throws IOException {
    SortedMap<String, String> hashes = new TreeMap<>();
    if (baseFolder.isEmpty()) {
      hashes.put("base", base);
      return hashes;
    }
    try (Stream<Path> files = Files.list(baseFolder.get())) {
      add(hashes, "base", files.filter(FinetuneInputs::isOfModel).sorted().toList());
    }
    return hashes;
  }

  private static boolean isOfModel(Path file) {
    String name = file.getFileName().toString();
    return name.equals("config.json")
        || name.equals(Gpt2Tokenizer.FILE)
        || (name.startsWith("model") && name.contains(".safetensors"));
  }

  private static void add(SortedMap<String, String> hashes, String option, List<Path> files)
      throws IOException {
    // Numbered, since order counts and two folders may hold files of one name.
    for (int i = 0; i < files.size(); i++) {
      Path file = files.get(i);
      hashes.put("%s[%d] %s".formatted(option, i, file.getFileName()), hash(option, file));
    }
  }

  private static String hash(String option, Path file) throws IOException {
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UserException("--%s %s: no such readable file".formatted(option, file));
    }
    return Sha256.of(file);
  }
}
