package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.ConversationRedactor.Memo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What a model version knows beside its weights: the memory of replies, the answers with their head
 * and their public facts, the library of answers, and the calibration. It never changes; a {@link
 * SuggestionEngine} takes another one as a whole, see {@link SuggestionEngine#use}.
 */
public final class Knowledge {

  /** The answer set's file in a model folder. */
  public static final String ANSWERS_FILE = "answers.json";

  /** Messages that are redacted once, while their conversations go on. */
  private static final int REMEMBERED_MESSAGES = 2000;

  private final KnownReplies known;
  private final AnswerLibrary library;
  private final ConversationRedactor redactor;
  private final Calibration calibration;

  private Knowledge(
      KnownReplies known,
      AnswerLibrary library,
      ConversationRedactor redactor,
      Calibration calibration) {
    this.known = known;
    this.library = library;
    this.redactor = redactor;
    this.calibration = calibration;
  }

  private static Knowledge of(
      Memory memory,
      AnswerLibrary library,
      boolean only,
      Wordings wordings,
      Optional<AnswerHead> head,
      ConversationRedactor redactor,
      Calibration calibration) {
    LibraryTexts texts = new LibraryTexts(library, only, memory);
    return new Knowledge(
        new KnownReplies(memory, texts, wordings, head), library, redactor, calibration);
  }

  /**
   * Reads that of a model folder.
   *
   * @param width of the model's hidden states
   * @param only whether nothing but the library's texts, and what continues a draft to them, may be
   *     offered
   * @throws dev.repartee.text.UserException naming the file that does not fit the others
   */
  public static Knowledge read(Path folder, int width, boolean only) {
    AnswerSet set = answers(folder);
    Wordings wordings = new Wordings(set);
    Path library = folder.resolve(AnswerLibraryFile.FILE);
    return of(
        MemoryFile.read(folder, wordings, width),
        Files.exists(library) ? AnswerLibraryFile.read(library) : AnswerLibrary.EMPTY,
        only,
        wordings,
        AnswerHead.read(folder, set, width),
        new ConversationRedactor(set.facts(), Memo.ofNewest(REMEMBERED_MESSAGES)),
        ModelCard.read(folder).calibration());
  }

  /** Of a model folder of which nothing but the calibration is used. */
  static Knowledge empty(Path folder, int width) {
    Wordings wordings = new Wordings(new AnswerSet(List.of()));
    return of(
        new MemoryBuilder(width, "", wordings).build(),
        AnswerLibrary.EMPTY,
        false,
        wordings,
        Optional.empty(),
        new ConversationRedactor(
            new AnswerSet(List.of()).facts(), Memo.ofNewest(REMEMBERED_MESSAGES)),
        ModelCard.read(folder).calibration());
  }

  /** The answer set of a model folder; one of no answers where it has none. */
  public static AnswerSet answers(Path folder) {
    Path file = folder.resolve(ANSWERS_FILE);
    return Files.exists(file) ? AnswerSetFile.read(file) : new AnswerSet(List.of());
  }

  /** The same with another memory. */
  public Knowledge with(Memory memory) {
    requireNonNull(memory, "memory is null");
    return of(
        memory,
        library,
        known.library().only(),
        known.wordings(),
        known.head(),
        redactor,
        calibration);
  }

  /**
   * The same with another library.
   *
   * @param other whose owners are hashes, see {@link Memory#pseudonym}
   * @param only whether nothing but its texts, and what continues a draft to them, may be offered
   */
  public Knowledge with(AnswerLibrary other, boolean only) {
    return of(known.memory(), other, only, known.wordings(), known.head(), redactor, calibration);
  }

  public Memory memory() {
    return known.memory();
  }

  /** A builder that goes on from this memory; see {@link MemoryBuilder#of}. */
  public MemoryBuilder memoryBuilder(String salt) {
    return MemoryBuilder.of(memory(), salt, known.wordings());
  }

  /** The library that it was built with, owners as hashes. */
  public AnswerLibrary library() {
    return library;
  }

  Calibration calibration() {
    return calibration;
  }

  ConversationRedactor redactor() {
    return redactor;
  }

  KnownReplies known() {
    return known;
  }

  /**
   * Whoever may type could send all customers to an address of their own: a typed text has none
   * that the library and the public facts do not have.
   */
  boolean leadsNowhere(String text) {
    return known.library().holds(redactor.contacts(text));
  }
}
