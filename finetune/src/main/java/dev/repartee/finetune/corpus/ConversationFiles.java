package dev.repartee.finetune.corpus;

import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Copies;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The files that conversations come from. {@link Copies} among the training files are not read. */
public final class ConversationFiles {

  private static final Logger log = LoggerFactory.getLogger(ConversationFiles.class);

  /** Fewer would end the training by chance. */
  private static final int LEAST_ASIDE = 20;

  private final List<Path> training;
  private final List<Path> validation;
  private final long seed;
  private final UnaryOperator<Conversation> preparation;
  private Optional<Set<String>> copies = Optional.empty(); // ids, once they were looked for

  /**
   * @param validation files; empty to set a share of the training conversations aside
   * @param seed of the choice which conversations are set aside
   * @param preparation applied to each conversation before anything is learned from it
   */
  public ConversationFiles(
      List<Path> training,
      List<Path> validation,
      long seed,
      UnaryOperator<Conversation> preparation) {
    this.training = List.copyOf(training);
    this.validation = List.copyOf(validation);
    this.seed = seed;
    this.preparation = preparation;
  }

  private Set<String> copies() {
    if (copies.isEmpty()) {
      copies = Optional.of(Copies.in(training, log::info));
    }
    return copies.get();
  }

  /** The option that names what is validated on. */
  String validationOption() {
    return validation.isEmpty() ? "--conversations" : "--validation";
  }

  /** Takes a conversation and its number in the files' order, counted from 0. */
  @FunctionalInterface
  interface Reader {
    void read(Conversation conversation, int number) throws IOException;
  }

  /**
   * Reads all files in order, one conversation held at a time, and hands each to one of the two
   * readers.
   *
   * @throws UserException when two files share a conversation's id, one cannot be read, or there
   *     are too few conversations to set any aside
   */
  void read(Reader toTraining, Reader toValidation) throws IOException {
    readUnprepared(
        (conversation, number) -> toTraining.read(preparation.apply(conversation), number),
        (conversation, number) -> toValidation.read(preparation.apply(conversation), number));
  }

  /** Hands on conversations as they stand in the files: redaction changes messages. */
  private void readUnprepared(Reader toTraining, Reader toValidation) throws IOException {
    BitSet aside = setAside();
    read(
        training,
        copies(),
        (conversation, number) ->
            (aside.get(number) ? toValidation : toTraining).read(conversation, number));
    read(validation, Set.of(), toValidation);
  }

  /** Reads the training conversations in the files' order. */
  public void readTraining(Consumer<Conversation> reader) throws IOException {
    read((conversation, number) -> reader.accept(conversation), (conversation, number) -> {});
  }

  /** The keys of the training conversations. */
  public ConversationKeys trainingKeys() throws IOException {
    List<long[]> pairs = new ArrayList<>();
    readUnprepared((one, number) -> pairs.add(ConversationKeys.hashes(one)), (one, number) -> {});
    return ConversationKeys.ofPairs(pairs);
  }

  /**
   * Refuses validation files with conversations that a base was trained on, and warns of such ones
   * among those set aside, which nobody chose.
   *
   * @param base for the message
   * @throws UserException (wrong usage) with file, number and an id
   */
  public void requireNewTo(ConversationKeys trainedOn, String base) throws IOException {
    for (Path file : validation) {
      try (Stream<Conversation> conversations = ConversationReader.stream(file)) {
        trainedOn.requireNew(
            file.toString(), conversations, ConversationKeys.inTrainingDataOf("--base " + base));
      }
    }
    if (validation.isEmpty()) {
      List<String> known = new ArrayList<>();
      readUnprepared(
          (conversation, number) -> {},
          (conversation, number) -> {
            if (trainedOn.contains(conversation)) {
              known.add(conversation.id());
            }
          });
      if (!known.isEmpty()) {
        log.warn(
            "{} of the conversations that are set aside for validation are in the training data of"
                + " --base {}, such as '{}': the validation loss is too low",
            known.size(),
            base,
            known.getFirst());
      }
    }
  }

  /** The numbers of the training conversations that are set aside for validation. */
  private BitSet setAside() throws IOException {
    BitSet aside = new BitSet();
    if (!validation.isEmpty()) {
      return aside;
    }
    int count = read(training, copies(), (conversation, number) -> {});
    if (count < 2) {
      throw new UserException(
          "--conversations hold %d conversation(s); at least 2 are needed to set one aside, or name"
                  .formatted(count)
              + " a file with --validation");
    }
    int wanted = aside(count);
    Random random = new Random(seed);
    while (aside.cardinality() < wanted) {
      aside.set(random.nextInt(count));
    }
    return aside;
  }

  /** A twentieth; of few conversations more, at most a fifth, and at least one. */
  static int aside(int count) {
    double share = Math.clamp((double) LEAST_ASIDE / count, 0.05, 0.2);
    return Math.max(1, (int) Math.round(count * share));
  }

  /** Reads files, and returns how many conversations they hold. */
  private static int read(List<Path> files, Set<String> copies, Reader reader) throws IOException {
    int number = 0;
    try (Stream<Conversation> conversations = ConversationReader.stream(files)) {
      Stream<Conversation> once = conversations.filter(one -> !copies.contains(one.id()));
      for (Iterator<Conversation> each = once.iterator(); each.hasNext(); number++) {
        reader.read(each.next(), number);
      }
    }
    return number;
  }

  /** Names a training conversation, for messages. Reads the files again up to it. */
  Optional<String> place(int wanted) {
    return training.stream()
        .flatMap(
            file ->
                ConversationReader.stream(file)
                    .filter(one -> !copies().contains(one.id()))
                    .map(one -> "'%s' (%s)".formatted(one.id(), file)))
        .skip(wanted)
        .findFirst();
  }
}
