package dev.repartee.finetune.corpus;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The files that conversations come from.
 *
 * @param training files
 * @param validation files; empty to set a share of the training conversations aside
 * @param validationShare that share, above 0 and below 1
 * @param seed of the choice which conversations are set aside
 * @param preparation what is done to each conversation before anything is learned from it
 */
public record Sources(
    List<Path> training,
    List<Path> validation,
    double validationShare,
    long seed,
    UnaryOperator<Conversation> preparation) {

  public Sources {
    training = List.copyOf(training);
    validation = List.copyOf(validation);
  }

  /** A reader of conversations that are prepared. */
  Reader prepared(Reader reader) {
    return (conversation, number) -> reader.read(preparation.apply(conversation), number);
  }

  /** Takes a conversation and its number in the files' order, counted from 0. */
  @FunctionalInterface
  interface Reader {
    void read(Conversation conversation, int number) throws IOException;
  }

  /**
   * Reads the files in order, one conversation held at a time.
   *
   * @throws UserException when two files share a conversation's id, or one cannot be read
   */
  static int read(List<Path> files, Reader reader) throws IOException {
    Map<String, Path> fileOfId = new HashMap<>();
    int number = 0;
    for (Path file : files) {
      try (Stream<Conversation> conversations = ConversationReader.stream(file)) {
        for (Iterator<Conversation> each = conversations.iterator(); each.hasNext(); number++) {
          Conversation conversation = each.next();
          Path earlier = fileOfId.putIfAbsent(conversation.id(), file);
          if (earlier != null) {
            throw new UserException(
                "%s: conversation '%s' is also in %s; give each conversation once"
                    .formatted(file, conversation.id(), earlier));
          }
          reader.read(conversation, number);
        }
      }
    }
    return number;
  }

  /** The numbers of the training conversations that are set aside for validation. */
  BitSet setAside() throws IOException {
    BitSet aside = new BitSet();
    if (!validation.isEmpty()) {
      return aside;
    }
    int count = read(training, (conversation, number) -> {});
    if (count < 2) {
      throw new UserException(
          "--conversations hold %d conversation(s); at least 2 are needed to set one aside, or name"
                  .formatted(count)
              + " a file with --validation");
    }
    int wanted = Math.clamp(Math.round(count * validationShare), 1, count - 1);
    Random random = new Random(seed);
    while (aside.cardinality() < wanted) {
      aside.set(random.nextInt(count));
    }
    return aside;
  }

  /** Reads the conversations that are validated on: the files for it, or those set aside. */
  void readValidation(Reader unprepared) throws IOException {
    Reader reader = prepared(unprepared);
    if (!validation.isEmpty()) {
      read(validation, reader);
      return;
    }
    BitSet aside = setAside();
    read(
        training,
        (conversation, number) -> {
          if (aside.get(number)) {
            reader.read(conversation, number);
          }
        });
  }

  /** Names a training conversation, for messages; reads the files again up to there. */
  Optional<String> place(int wanted) {
    int before = 0;
    for (Path file : training) {
      try (Stream<Conversation> conversations = ConversationReader.stream(file)) {
        for (Iterator<Conversation> each = conversations.iterator(); each.hasNext(); before++) {
          Conversation conversation = each.next();
          if (before == wanted) {
            return Optional.of("'%s' (%s)".formatted(conversation.id(), file));
          }
        }
      }
    }
    return Optional.empty();
  }
}
