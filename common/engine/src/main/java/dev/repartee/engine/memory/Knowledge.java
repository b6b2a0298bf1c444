package dev.repartee.engine.memory;

import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerLibraryFile;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.ConversationRedactor.Memo;
import dev.repartee.text.privacy.Forgotten;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a model version knows beside its weights: the memory of replies, the answers with their head
 * and their public facts, and the library of answers. It never changes; the engine takes another
 * one as a whole.
 */
public final class Knowledge {

  /** The answer set's file in a model folder. */
  public static final String ANSWERS_FILE = "answers.json";

  /** Messages that are redacted once, while their conversations go on. */
  private static final int REMEMBERED_MESSAGES = 2000;

  /** Whole replies of a context that are ranked. */
  private static final int MOST_REPLIES = 50;

  private final Memory memory;
  private final Wordings wordings;
  private final Optional<AnswerHead> head; // where answers were given
  private final AnswerLibrary library;
  private final LibraryTexts libraryTexts;
  private final Forgotten forgotten;
  private final ConversationRedactor redactor;
  private final Optional<CommonWords> words;

  private Knowledge(
      Memory memory,
      AnswerLibrary library,
      boolean only,
      Wordings wordings,
      Optional<AnswerHead> head,
      Forgotten forgotten,
      ConversationRedactor redactor,
      Optional<CommonWords> words) {
    this.memory = memory;
    this.wordings = wordings;
    this.head = head;
    this.library = library;
    this.libraryTexts = new LibraryTexts(library, only, memory);
    this.forgotten = forgotten;
    this.redactor = redactor;
    this.words = words;
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
    AnswerLibrary kept =
        Files.exists(library) ? AnswerLibraryFile.read(library) : AnswerLibrary.EMPTY;
    return new Knowledge(
        MemoryFile.read(folder, wordings, width),
        kept,
        only,
        wordings,
        AnswerHead.read(folder, set, width),
        Forgotten.read(folder),
        redactor(set),
        CommonWords.read(folder));
  }

  private static ConversationRedactor redactor(AnswerSet set) {
    return new ConversationRedactor(set.facts(), Memo.ofNewest(REMEMBERED_MESSAGES));
  }

  /** The answer set of a model folder; one of no answers where it has none. */
  public static AnswerSet answers(Path folder) {
    Path file = folder.resolve(ANSWERS_FILE);
    return Files.exists(file) ? AnswerSetFile.read(file) : new AnswerSet(List.of());
  }

  /**
   * This knowledge with other content.
   *
   * @param other whose owners are hashes, see {@link Memory#pseudonym}
   */
  public Knowledge with(Memory replies, AnswerLibrary other, Forgotten gone) {
    return new Knowledge(
        replies, other, libraryTexts.only(), wordings, head, gone, redactor, words);
  }

  /** Reads with the model what a typed reply was an answer to. */
  @FunctionalInterface
  public interface ContextReader {

    /** Reads nothing: contexts that were not read before are left to a later build. */
    ContextReader NONE = (_, _) -> Optional.empty();

    /** The context as the memory keeps it; empty where that is left to a later build. */
    Optional<ReadContext> read(TypedText.TypedReply reply, MemoryBuilder memory);
  }

  /**
   * What was built.
   *
   * @param whole whether every context was read
   */
  public record Built(Knowledge knowledge, boolean whole) {}

  /**
   * The knowledge of the same weights from these sources: the training replies of this one without
   * who is forgotten, and of the library and of what was typed what there is now.
   */
  public Built build(Sources sources, ContextReader reader) {
    MemoryBuilder builder = memoryBuilder(sources.salt());
    builder.forget(sources.forgotten());
    List<TypedText> typed =
        sources.typed().stream()
            .filter(one -> leadsNowhere(one.text(), sources.library()))
            .toList();
    typed.forEach(one -> builder.typedText(redact(one.text()), one));
    Function<String, Optional<ReadContext>> before = memory.typedContexts();
    boolean whole = true;
    for (TypedText.TypedReply reply : inTurn(typed)) {
      Optional<ReadContext> read = before.apply(reply.key()).or(() -> reader.read(reply, builder));
      whole &= read.isPresent();
      read.ifPresent(context -> builder.typed(redact(reply.text()), reply, context));
    }
    return new Built(with(builder.build(), sources.library(), sources.forgotten()), whole);
  }

  /**
   * This knowledge without who is forgotten and what must never be said, and nothing new.
   *
   * @param never phrases, beside those of its library
   */
  public Knowledge without(Forgotten more, List<String> never) {
    Forgotten all = forgotten.and(more);
    MemoryBuilder builder = memoryBuilder();
    builder.forget(all);
    builder.keepTyped();
    AnswerLibrary less =
        new AnswerLibrary(
            library.entries(),
            Stream.concat(library.never().stream(), never.stream()).distinct().toList());
    return with(builder.build(), less, all);
  }

  /** One reply of each text before the second of any. */
  private static List<TypedText.TypedReply> inTurn(List<TypedText> texts) {
    int most = texts.stream().mapToInt(one -> one.replies().size()).max().orElse(0);
    List<TypedText.TypedReply> replies = new ArrayList<>();
    for (int n = 0; n < most; n++) {
      for (TypedText one : texts) {
        if (n < one.replies().size()) {
          replies.add(one.replies().get(n));
        }
      }
    }
    return replies;
  }

  /**
   * Whoever may type could send all customers to an address of their own: a typed text has none
   * that the library and the public facts do not have.
   */
  private boolean leadsNowhere(String text, AnswerLibrary beside) {
    return redactor.contacts(text).stream()
        .allMatch(
            part ->
                beside.entries().stream()
                    .anyMatch(entry -> Words.lower(entry.text()).contains(part)));
  }

  /** What was public when a reply was stored may not be any more. */
  private String redact(String reply) {
    List<Message> redacted =
        ModelView.redact(List.of(Message.agent(reply)), Desk.NONE, redactor, Runnable::run);
    return redacted.getFirst().text();
  }

  /** Hashes of these ids under all salts that this memory and a store have. */
  public Forgotten hashes(Set<String> agentIds, Set<String> conversationIds, String salt) {
    Salts own = memory.salts();
    Set<String> agents = new HashSet<>();
    Set<String> conversations = new HashSet<>();
    for (String one : List.of(salt, own.agents(), own.typed())) {
      agentIds.forEach(id -> agents.add(Memory.pseudonym(one, id)));
    }
    for (String one : List.of(salt, own.texts())) {
      conversationIds.forEach(id -> conversations.add(Memory.conversationHash(one, id)));
    }
    return Forgotten.of(agents, conversations);
  }

  /** The hash by which the owner of a library's entry is known. */
  public String ownerHash(String agentId) {
    return Memory.pseudonym(memory.salts().typed(), agentId);
  }

  /** The words that the model may say by itself; empty where it may say all. */
  public Optional<CommonWords> words() {
    return words;
  }

  public Memory memory() {
    return memory;
  }

  /** A builder that goes on from this memory, with its salts; see {@link MemoryBuilder#of}. */
  public MemoryBuilder memoryBuilder() {
    return memoryBuilder(memory.salts().typed());
  }

  private MemoryBuilder memoryBuilder(String salt) {
    MemoryBuilder builder = MemoryBuilder.of(memory, salt, wordings);
    words.ifPresent(builder::showing);
    return builder;
  }

  /** The library that it was built with, owners as hashes. */
  public AnswerLibrary library() {
    return library;
  }

  /** Whose replies it was built without. */
  public Forgotten forgotten() {
    return forgotten;
  }

  /**
   * What of a draft should not be sent: phrases that the library forbids, and personal data that
   * neither the conversation nor the desk nor an entry of the library has.
   *
   * @param turns as {@link ConversationRedactor#redact} has it
   */
  public List<DraftCheck.Finding> check(
      List<Message> messages, Desk desk, String draft, Consumer<Runnable> turns) {
    List<Message> all = new ArrayList<>(messages);
    all.add(Message.agent(draft));
    List<Detection> personal =
        redactor.redact(ModelView.conversation(all, desk), turns).detections().getLast();
    List<DraftCheck.Finding> findings = new ArrayList<>();
    turns.accept(
        () -> findings.addAll(DraftCheck.check(messages, desk, draft, libraryTexts, personal)));
    return findings;
  }

  /** Leaves the public facts of its answers. */
  public ConversationRedactor redactor() {
    return redactor;
  }

  /** The library's entries as they are suggested. */
  public LibraryTexts libraryTexts() {
    return libraryTexts;
  }

  /**
   * The whole replies for a context.
   *
   * @param replies best first
   * @param withheld why one that something speaks for is not among them
   */
  public record Recalled(List<WholeReply> replies, Memory.Withheld withheld) {

    public Recalled {
      replies = List.copyOf(replies);
    }
  }

  /**
   * The whole replies for which most speaks in a context and that can be said in full, best first;
   * one of each norm. The model's own likelihood of a text added nothing to that on STAR, and was
   * most of what a message took.
   *
   * @param hidden the model's hidden state after the context
   */
  public Recalled wholeReplies(float[] hidden, ModelView view, Desk desk, ReplyLanguage language) {
    Set<String> norms = new HashSet<>();
    List<WholeReply> replies = new ArrayList<>();
    Memory.Recall recall = recall(hidden, view, desk);
    Memory.Withheld withheld = recall.withheld();
    Iterator<WholeReply> recalled = recall.bestFirst();
    while (replies.size() < MOST_REPLIES && recalled.hasNext()) {
      WholeReply one = recalled.next();
      FilledText filled = view.fill(one.template());
      String text = filled.text();
      boolean hasValues = !text.equals(one.template());
      if (!filled.isWhole() || !language.allows(one.template())) {
        continue;
      }
      if (hasValues && !libraryTexts.allows(text)) {
        withheld = Memory.Withheld.FORBIDDEN;
        continue;
      }
      String norm = hasValues ? TextNorm.norm(text) : one.norm();
      if (norms.add(norm)) {
        replies.add(one.filled(text, norm));
      }
    }
    return new Recalled(replies, withheld);
  }

  /** How much speaks for each entry of the library in a context, by its id. */
  public Map<String, Double> entryLikelihoods(float[] hidden, ModelView view, Desk desk) {
    Map<String, Double> likelihoods = new HashMap<>();
    for (WholeReply one : recall(hidden, view, desk).spokenFor()) {
      one.answerId().ifPresent(id -> likelihoods.merge(id, one.evidence().sum(), Math::max));
    }
    return likelihoods;
  }

  private Memory.Recall recall(float[] hidden, ModelView view, Desk desk) {
    double[] meant = head.map(known -> known.probabilities(hidden)).orElseGet(wordings::uses);
    return memory.recall(libraryTexts, hidden, view.context(), desk, meant);
  }

  /**
   * Writes what a build changes of a model folder: the memory, and where there are any the library
   * and who is forgotten.
   */
  public void write(Path folder) throws IOException {
    MemoryFile.write(memory, folder);
    if (!library.equals(AnswerLibrary.EMPTY)) {
      AnswerLibraryFile.write(folder.resolve(AnswerLibraryFile.FILE), library);
    }
    if (!forgotten.equals(Forgotten.NONE)) {
      forgotten.write(folder);
    }
  }

  /**
   * What {@link Knowledge} is built from, beside what training conversations hold.
   *
   * @param salt of the hashes of agents who type
   * @param library answers that people keep, owners as hashes
   * @param forgotten whose replies must not be in it
   * @param typed texts that agents typed since training, those of most conversations first
   */
  public record Sources(
      String salt, AnswerLibrary library, Forgotten forgotten, List<TypedText> typed) {}
}
