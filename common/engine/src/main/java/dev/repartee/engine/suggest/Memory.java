package dev.repartee.engine.suggest;

import dev.repartee.engine.gpt2.Safetensors;
import dev.repartee.text.DotProduct;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * What agents replied, and in which contexts. Everything that knows texts is a query on it: the
 * replies to the nearest contexts, by the model's hidden state as in the kNN language model
 * (Khandelwal et al. 2020) and by TF-IDF, how often each text is used, and by whom. A reply can be
 * added at any time, and counts in the next query, without any training.
 *
 * <p>A text is shown to everybody when it words an answer of the answer set or, where there is no
 * answer set, when {@value #CONVERSATIONS} conversations of {@value #AGENTS} agents hold it; where
 * agents are not known, the conversations suffice. It is shown to one agent when {@value
 * #CONVERSATIONS} of their own conversations hold it. Texts that are one {@link TextNorm#wording}
 * are counted together, and shown as most agents write it. Other texts are kept as a hash and, for
 * {@link Continuations}, as their words, the rare ones of which are hashes too; contexts as a
 * hidden state and hashes of their words. Of {@link LearnedReplies} those alone enter whose text
 * somebody may see by their rule; their words do not go on other drafts. For several threads.
 */
public final class Memory {

  /** The file with the hidden states in a model folder. */
  public static final String FILE = "memory.safetensors";

  /** The file with everything else. */
  static final String ENTRIES = "memory.json";

  /** About how many replies {@code finetune} keeps: more are slow to compare and large to ship. */
  public static final int MOST = 10_000;

  /** Conversations that hold a text before it is shown. */
  private static final int CONVERSATIONS = 3;

  /** Agents who use a text before others see it, where agents are known. */
  private static final int AGENTS = 2;

  /** How many neighbours by hidden state count, and how fast their weight falls with the cosine. */
  private static final int NEIGHBOURS = 200;

  private static final double TEMPERATURE = 0.03;

  /**
   * How many neighbours by TF-IDF count, and the power of their similarity that is their weight.
   */
  private static final int WORDED_ALIKE = 100;

  private static final int SHARPNESS = 4;

  /** An agent's own replies count so many times as much as others'. */
  private static final double OWN_WEIGHT = 4;

  /** Replies of an agent that weigh as much as what all agents use. */
  private static final double SMOOTHING = 20;

  /** Neighbours that weigh as much as what all agents use; where there are none, that counts. */
  private static final double FEW = 0.5;

  /** What it counts that an entry of the library is worded like the customer's message. */
  private static final double LIKE_MESSAGE = 0.1;

  /** The use of an entry that nobody has sent yet. */
  private static final double LEAST_USE = 1e-4;

  /** The hidden state of a learned reply that left; the next one takes its place. */
  private static final float[] GONE = {};

  private static final int UNKNOWN = -1;

  /** The mean is computed anew each time the number of replies has grown by this factor. */
  private static final double GROWTH = 1.1;

  /**
   * A text that may be shown, and what is known of it in a context.
   *
   * @param id of the answer that it words, or of the library's entry, where it is one
   * @param byHead what the answer head says
   * @param byHidden its share of the replies to the contexts that the model sees most alike
   * @param byTerms its share of the replies to the contexts that are worded most alike
   * @param use its share of all replies
   * @param byAgent its share of this agent's replies, smoothed towards {@code use}
   * @param own whether it is shown to this agent only
   */
  record Recalled(
      String text,
      String norm,
      Optional<String> id,
      double byHead,
      double byHidden,
      double byTerms,
      double use,
      double byAgent,
      boolean own) {}

  /** One spelling of a wording, while replies are added. */
  private static final class Spelling {
    private final Map<Integer, Integer> conversations = new HashMap<>(); // by agent
    private int lastConversation = UNKNOWN;

    void add(int agent, int conversation) {
      if (conversation != lastConversation) {
        lastConversation = conversation;
        conversations.merge(agent, 1, Integer::sum);
      }
    }

    /** Of these agents; one who is not known may be another one in each conversation. */
    int agents(IntPredicate some) {
      return of(some).mapToInt(one -> one.getKey() == UNKNOWN ? one.getValue() : 1).sum();
    }

    int conversations(IntPredicate some) {
      return of(some).mapToInt(Map.Entry::getValue).sum();
    }

    private Stream<Map.Entry<Integer, Integer>> of(IntPredicate some) {
      return conversations.entrySet().stream().filter(one -> some.test(one.getKey()));
    }
  }

  /** One way to word a reply, and who used it. */
  private static final class Wording {
    private final String hash;
    private String text; // null as long as nobody may be shown it
    private String norm;
    private int answer = UNKNOWN;
    private double share;
    private double answerUse;
    private boolean shared;
    private boolean forbidden; // by the library
    private LibraryTexts.Near near = LibraryTexts.Near.NONE;
    private int[] words = {}; // of the first reply that is worded so
    private int entries;
    private final Map<Integer, Integer> conversations = new HashMap<>(); // by agent
    private int lastConversation = UNKNOWN;
    private final Map<String, Spelling> spellings = new TreeMap<>();
    private final Map<Integer, Integer> learned = new HashMap<>(); // replies by agent
    private boolean learnedText; // shown only because of what was learned while serving
    private boolean learnedByAll;
    private Set<Integer> learnedBy = Set.of(); // agents who may see it

    Wording(String hash) {
      this.hash = hash;
    }

    int ofAgent(int agent) {
      return agent == UNKNOWN ? 0 : conversations.getOrDefault(agent, 0);
    }

    int learnedOf(int agent) {
      return agent == UNKNOWN ? 0 : learned.getOrDefault(agent, 0);
    }

    int conversations() {
      return conversations.values().stream().mapToInt(Integer::intValue).sum();
    }

    boolean isOwner(int agent) {
      return ofAgent(agent) >= CONVERSATIONS;
    }

    boolean isOwn(int agent) {
      return text != null && isOwner(agent);
    }

    boolean isForAll() {
      return shared || learnedByAll;
    }

    boolean isFor(int agent) {
      return isForAll() || isOwn(agent) || learnedBy.contains(agent);
    }

    void show(String spelling) {
      text = spelling;
      norm = TextNorm.norm(spelling);
    }

    /** The spelling of most of those agents who make it a text to be shown, then of most uses. */
    String spelling() {
      IntPredicate some = shared ? agent -> true : this::isOwner;
      return spellings.entrySet().stream()
          .max(
              Comparator.comparingInt(
                      (Map.Entry<String, Spelling> one) -> one.getValue().agents(some))
                  .thenComparingInt(one -> one.getValue().conversations(some))
                  .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
          .orElseThrow()
          .getKey();
    }

    void hide() {
      text = null;
      norm = null;
      learnedText = false;
    }

    /** Whether enough use it for others to see it; an agent who is not known may be any. */
    boolean isCommon() {
      return conversations() >= CONVERSATIONS
          && (conversations.containsKey(UNKNOWN) || conversations.size() >= AGENTS);
    }
  }

  /**
   * A reply that was given.
   *
   * @param terms of its context, see {@link ContextIndex#terms}: for each side how many, then their
   *     hashes, then their counts
   * @param words of the reply, numbers of {@link Continuations#words}
   */
  @SuppressWarnings("ArrayRecordComponent") // read and written, never compared
  private record Entry(int reply, int agent, int conversation, int[] terms, int[] words) {}

  /** What {@link #ENTRIES} holds of a reply; the text where somebody may be shown it. */
  private record Kept(String hash, Optional<String> text, boolean shared) {}

  /**
   * What {@link #ENTRIES} holds.
   *
   * @param textSalt of the hashes of texts, words and terms; earlier versions had none
   * @param byWording whether texts of one {@link TextNorm#wording} are the same; in earlier
   *     versions those of one {@link TextNorm#norm} were
   */
  private record Content(
      String salt,
      Optional<String> textSalt,
      Optional<Boolean> byWording,
      List<String> agents,
      List<Kept> replies,
      List<Continuations.Word> words,
      List<Entry> entries) {}

  private final int width;
  private final String salt;
  private final String textSalt;
  private final boolean byWording;
  private final Wordings answers;
  private final boolean learnsAnswers;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private ContextIndex contexts;
  private Continuations continuations;
  private final Map<String, Integer> agents = new LinkedHashMap<>();
  private final List<Integer> repliesOfAgent = new ArrayList<>();
  private final Map<String, Integer> byHash = new LinkedHashMap<>();
  private final List<Wording> wordings = new ArrayList<>();
  private final List<Entry> entries = new ArrayList<>();
  private final List<String> keys = new ArrayList<>(); // of learned replies; others have none
  private final List<float[]> rows = new ArrayList<>(); // hidden states
  private final Deque<Integer> free = new ArrayDeque<>(); // places of learned replies that left
  private float[] mean;
  private double meanSquares;
  private double[] byMean = {}; // for each row, its product with the mean
  private double[] lengths = {}; // for each row, its length less the mean
  private int measured;
  private LibraryTexts library;
  private AnswerLibrary taken = AnswerLibrary.EMPTY; // by the library
  private String learnedSalt = "";
  private Map<String, LearnedReplies.Text> learned = Map.of(); // texts by their hash

  /**
   * A memory of nothing but the answers.
   *
   * @param width of the model's hidden states
   * @param salt of all hashes: agents' ids, texts, words
   */
  public Memory(int width, String salt, Wordings answers) {
    this(width, salt, salt, true, answers);
  }

  private Memory(int width, String salt, String textSalt, boolean byWording, Wordings answers) {
    this.width = width;
    this.salt = salt;
    this.textSalt = textSalt;
    this.byWording = byWording;
    this.answers = answers;
    this.learnsAnswers = answers.all().isEmpty();
    clear();
    this.library = libraryTexts(AnswerLibrary.EMPTY, false);
  }

  private LibraryTexts libraryTexts(AnswerLibrary of, boolean only) {
    Map<Long, Integer> counts = new HashMap<>();
    for (Wording one : wordings) {
      for (long term : termsOf(one)) {
        counts.merge(term, 1, Integer::sum);
      }
    }
    // No method reference: it would keep the words of agents who were forgotten since.
    return new LibraryTexts(of, only, text -> continuations.termsOf(text), counts, wordings.size());
  }

  private long[] termsOf(Wording one) {
    return one.text == null ? continuations.termsOf(one.words) : continuations.termsOf(one.text);
  }

  private void compare(Wording one) {
    one.near = library.near(termsOf(one));
    one.forbidden = one.text != null && !library.allows(one.text);
  }

  /**
   * Takes the entries of a library in place of those before. They count in the next query, by the
   * replies that are worded like them, and no text is recalled that the library forbids.
   *
   * @param only whether nothing but the entries may be shown
   * @return false where these are the entries before
   */
  @SuppressWarnings("ReferenceEquality") // who asks again gives the same
  boolean library(AnswerLibrary next, boolean only) {
    if (next == taken && only == library().only()) {
      return false;
    }
    LibraryTexts texts;
    IdentityHashMap<Wording, LibraryTexts.Near> near = new IdentityHashMap<>();
    lock.readLock().lock(); // others ask meanwhile: comparing may take a second
    try {
      texts = libraryTexts(next, only);
      wordings.forEach(one -> near.put(one, texts.near(termsOf(one))));
    } finally {
      lock.readLock().unlock();
    }
    lock.writeLock().lock();
    try {
      library = texts;
      taken = next;
      for (Wording one : wordings) {
        LibraryTexts.Near known = near.get(one);
        one.near = known == null ? texts.near(termsOf(one)) : known;
        one.forbidden = one.text != null && !texts.allows(one.text);
      }
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * The library's texts now; another object after each {@link #library(AnswerLibrary, boolean)}.
   */
  LibraryTexts library() {
    lock.readLock().lock();
    try {
      return library;
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Removes everything but the answers. */
  private void clear() {
    contexts = new ContextIndex(textSalt);
    continuations = new Continuations(textSalt, CONVERSATIONS);
    agents.clear();
    repliesOfAgent.clear();
    byHash.clear();
    wordings.clear();
    entries.clear();
    keys.clear();
    rows.clear();
    free.clear();
    measure();
    double[] uses = answers.uses();
    for (Wordings.Wording known : answers.all()) {
      Wording wording = wordings.get(positionOf(hash(known.text())));
      wording.shared = true;
      wording.text = known.text();
      wording.norm = known.norm();
      wording.answer = known.answer();
      wording.share = known.share();
      wording.answerUse = uses[known.answer()] * known.share();
    }
  }

  private String hash(String text) {
    String same = byWording ? TextNorm.wording(text) : TextNorm.norm(text);
    return Sha256.brief(textSalt + "wording" + same);
  }

  private int positionOf(String hash) {
    return byHash.computeIfAbsent(
        hash,
        unknown -> {
          wordings.add(new Wording(unknown));
          return wordings.size() - 1;
        });
  }

  /** The hash by which an agent is known where ids have this salt. */
  public static String pseudonym(String salt, String agentId) {
    return Sha256.brief(salt + agentId);
  }

  /** What tells a salt from others without giving it away. */
  public static String fingerprint(String salt) {
    return Sha256.brief(salt);
  }

  /**
   * How much is remembered.
   *
   * @param salt the {@link #fingerprint} of the one with which agents' ids are hashed, if there is
   *     one
   * @param agents whose replies these are, where agents are known
   * @param sharedTexts that everybody may be shown, those of the answer set included
   * @param ownTexts that only the agents who use them may be shown
   */
  public record Size(
      Optional<String> salt, int replies, int agents, int sharedTexts, int ownTexts) {}

  /** How much is remembered now. */
  public Size size() {
    lock.readLock().lock();
    try {
      int shared = (int) wordings.stream().filter(one -> one.shared).count();
      Optional<String> known = salt.isEmpty() ? Optional.empty() : Optional.of(fingerprint(salt));
      int texts = (int) wordings.stream().filter(one -> one.text != null).count();
      return new Size(known, replies(), agents.size(), shared, texts - shared);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The replies that are kept as text, the answers' wordings among them. */
  List<String> texts() {
    lock.readLock().lock();
    try {
      return wordings.stream().map(one -> one.text).filter(Objects::nonNull).toList();
    } finally {
      lock.readLock().unlock();
    }
  }

  private boolean isThere(int n) {
    return rows.get(n).length > 0;
  }

  private int replies() {
    return entries.size() - free.size();
  }

  /** A reply that an agent gave. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Given(float[] hidden, List<Message> context, String reply) {}

  /** Remembers the replies of one conversation, as the model reads texts. */
  void add(List<Given> given, Optional<String> agentId) {
    lock.writeLock().lock();
    try {
      int agent = agentId.map(id -> agent(pseudonym(salt, id))).orElse(UNKNOWN);
      int conversation = entries.isEmpty() ? 0 : entries.getLast().conversation() + 1;
      for (Given one : given) {
        int reply = positionOf(hash(one.reply()));
        List<ContextIndex.Terms> terms = contexts.terms(one.context());
        int[] words = continuations.add(one.reply(), conversation, agent);
        append(new Entry(reply, agent, conversation, flat(terms), words), "", terms, one.hidden());
        Wording wording = wordings.get(reply);
        wording.shared |= learnsAnswers && wording.isCommon();
        wording
            .spellings
            .computeIfAbsent(one.reply(), unseen -> new Spelling())
            .add(agent, conversation);
        if (wording.answer == UNKNOWN
            && (wording.shared
                || wording.conversations.keySet().stream().anyMatch(wording::isOwner))) {
          wording.show(wording.spelling());
        }
        compare(wording);
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  /**
   * Removes an agent's replies, and the texts that nobody may be shown without them; the answer set
   * stays as it is.
   *
   * @return whether any reply of this agent was remembered
   */
  public boolean forget(String agentId) {
    lock.writeLock().lock();
    try {
      int forgotten = numberOf(Optional.of(agentId));
      if (forgotten == UNKNOWN) {
        return false;
      }
      keep(n -> entries.get(n).agent() != forgotten);
      return true;
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Builds everything anew from these entries. */
  private void keep(IntPredicate stays) {
    int[] staying =
        IntStream.range(0, entries.size()).filter(n -> isThere(n) && stays.test(n)).toArray();
    List<String> agentsBefore = List.copyOf(agents.keySet());
    List<Wording> wordingsBefore = List.copyOf(wordings);
    List<Entry> entriesBefore = List.copyOf(entries);
    List<String> keysBefore = List.copyOf(keys);
    List<float[]> rowsBefore = List.copyOf(rows);
    List<Continuations.Word> words = continuations.words();
    clear();
    continuations.restore(words);
    for (int n : staying) {
      Entry one = entriesBefore.get(n);
      Wording before = wordingsBefore.get(one.reply());
      int reply = positionOf(before.hash);
      Wording wording = wordings.get(reply);
      if (wording.text == null && !before.learnedText) {
        wording.text = before.text;
        wording.norm = before.norm;
      }
      int agent = one.agent() == UNKNOWN ? UNKNOWN : agent(agentsBefore.get(one.agent()));
      appendUnmeasured(
          new Entry(reply, agent, one.conversation(), one.terms(), one.words()),
          keysBefore.get(n),
          terms(one.terms()),
          rowsBefore.get(n));
      if (keysBefore.get(n).isEmpty()) {
        continuations.count(one.words(), one.conversation(), agent);
      }
    }
    measureOnce();
    continuations.hideRare();
    for (Wording one : wordings) {
      one.shared |= learnsAnswers && one.text != null && one.isCommon();
      if (!one.shared && one.conversations.keySet().stream().noneMatch(one::isOwn)) {
        one.hide();
      }
    }
    showLearned(wordings);
    compareAsBefore(wordingsBefore);
  }

  /** Comparing all of them with a large library takes a second, in which nobody is answered. */
  private void compareAsBefore(List<Wording> wordingsBefore) {
    Map<String, Wording> before = new HashMap<>();
    wordingsBefore.forEach(one -> before.put(one.hash, one));
    for (Wording one : wordings) {
      Wording same = before.get(one.hash);
      if (same != null && Objects.equals(same.text, one.text)) {
        one.near = same.near;
        one.forbidden = same.forbidden;
      } else {
        compare(one);
      }
    }
  }

  /**
   * Takes what was learned while serving, in place of what it took before: who may see which text,
   * as soon as one of its replies is read and {@link #add(LearnedReplies.Reply, Given) added}.
   * Replies that are not among these leave.
   *
   * @param texts what may be seen, those of most conversations first
   */
  void learned(LearnedReplies.Shown next, List<LearnedReplies.Text> texts) {
    lock.writeLock().lock();
    try {
      Map<String, LearnedReplies.Text> byHash = new HashMap<>();
      texts.forEach(text -> byHash.merge(hash(text.text()), text, Memory::together));
      Set<String> wanted = new HashSet<>();
      byHash.values().forEach(text -> text.replies().forEach(one -> wanted.add(one.key())));
      learned = byHash;
      learnedSalt = next.salt();
      for (int n = 0; n < keys.size(); n++) {
        if (!keys.get(n).isEmpty() && isThere(n) && !wanted.contains(keys.get(n))) {
          remove(n);
        }
      }
      showLearned(wordings);
    } finally {
      lock.writeLock().unlock();
    }
  }

  /** Of two wordings that this takes for the same text, the one that more may see. */
  private static LearnedReplies.Text together(LearnedReplies.Text one, LearnedReplies.Text other) {
    if (TextNorm.wording(one.text()).equals(TextNorm.wording(other.text()))) {
      return one.and(other);
    }
    return other.all() && !one.all() ? other : one;
  }

  /** Building all anew would hold up requests for a second. */
  private void remove(int n) {
    Entry one = entries.get(n);
    Wording wording = wordings.get(one.reply());
    wording.entries--;
    wording.learned.computeIfPresent(
        one.agent(), (agent, count) -> count == 1 ? null : Integer.valueOf(count - 1));
    if (one.agent() != UNKNOWN) {
      repliesOfAgent.set(one.agent(), repliesOfAgent.get(one.agent()) - 1);
    }
    contexts.remove(n, terms(one.terms()));
    entries.set(n, new Entry(one.reply(), UNKNOWN, one.conversation(), new int[0], new int[0]));
    rows.set(n, GONE);
    free.add(n);
  }

  /** The keys of the learned replies that were added. */
  Set<String> learnedKeys() {
    lock.readLock().lock();
    try {
      return IntStream.range(0, keys.size())
          .filter(n -> isThere(n))
          .mapToObj(keys::get)
          .filter(key -> !key.isEmpty())
          .collect(Collectors.toSet());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Remembers a reply that was learned while serving, where {@link #learned} says it may. */
  void add(LearnedReplies.Reply reply, Given given) {
    lock.writeLock().lock();
    try {
      String hash = hash(given.reply());
      if (!learned.containsKey(hash)) {
        return;
      }
      int position = positionOf(hash);
      int agent = reply.agent().map(this::agent).orElse(UNKNOWN);
      List<ContextIndex.Terms> terms = contexts.terms(given.context());
      int conversation = entries.isEmpty() ? 0 : entries.getLast().conversation() + 1;
      Entry entry = new Entry(position, agent, conversation, flat(terms), new int[0]);
      if (free.isEmpty()) {
        append(entry, reply.key(), terms, given.hidden());
      } else {
        int n = free.remove();
        entries.set(n, entry);
        keys.set(n, reply.key());
        rows.set(n, given.hidden());
        contexts.putTerms(n, terms);
        count(n);
        measure(n);
      }
      showLearned(List.of(wordings.get(position)));
    } finally {
      lock.writeLock().unlock();
    }
  }

  private void showLearned(List<Wording> of) {
    boolean changed = false;
    for (Wording one : of) {
      changed |= showLearned(one);
    }
    if (changed) {
      library = library.again();
    }
  }

  /** Whether the text may be shown to others than before. */
  private boolean showLearned(Wording one) {
    LearnedReplies.Text text = one.learned.isEmpty() ? null : learned.get(one.hash);
    boolean toAll = text != null && text.all();
    Set<Integer> to =
        text == null
            ? Set.of()
            : text.agents().stream()
                .map(agent -> agents.getOrDefault(agent, UNKNOWN))
                .filter(agent -> agent != UNKNOWN)
                .collect(Collectors.toSet());
    String before = one.text;
    if (text == null && one.learnedText) {
      one.hide();
    } else if (text != null && (one.text == null || one.learnedText)) {
      one.show(text.text());
      one.learnedText = true;
    }
    boolean isWordedAsBefore = Objects.equals(before, one.text);
    if (!isWordedAsBefore) {
      compare(one);
    }
    boolean changed = !isWordedAsBefore || toAll != one.learnedByAll || !to.equals(one.learnedBy);
    one.learnedByAll = toAll;
    one.learnedBy = to;
    return changed;
  }

  private int agent(String pseudonym) {
    return agents.computeIfAbsent(
        pseudonym,
        unknown -> {
          repliesOfAgent.add(0);
          return agents.size();
        });
  }

  private void append(Entry entry, String key, List<ContextIndex.Terms> terms, float[] hidden) {
    appendUnmeasured(entry, key, terms, hidden);
    if (rows.size() > GROWTH * measured) {
      measure();
    } else {
      measure(rows.size() - 1);
    }
  }

  /** For many at once, which {@link #measureOnce} follows: one by one takes 0.4 s of a start. */
  private void appendUnmeasured(
      Entry entry, String key, List<ContextIndex.Terms> terms, float[] hidden) {
    entries.add(entry);
    keys.add(key);
    rows.add(hidden);
    contexts.addTerms(terms);
    count(rows.size() - 1);
  }

  private void count(int n) {
    Entry entry = entries.get(n);
    Wording wording = wordings.get(entry.reply());
    wording.words = wording.entries == 0 ? entry.words() : wording.words;
    wording.entries++;
    if (!keys.get(n).isEmpty()) {
      wording.learned.merge(entry.agent(), 1, Integer::sum);
    } else if (wording.lastConversation != entry.conversation()) {
      wording.lastConversation = entry.conversation();
      wording.conversations.merge(entry.agent(), 1, Integer::sum);
    }
    if (entry.agent() != UNKNOWN) {
      repliesOfAgent.set(entry.agent(), repliesOfAgent.get(entry.agent()) + 1);
    }
  }

  private void measure() {
    measure(rows);
  }

  /** As if each row had been appended by itself: the mean is the same. */
  private void measureOnce() {
    int last = 0;
    for (int next = 1; next <= rows.size(); next = (int) (GROWTH * next) + 1) {
      last = next;
    }
    measure(rows.subList(0, last));
    for (int n = last; n < rows.size(); n++) {
      measure(n);
    }
  }

  private void measure(List<float[]> first) {
    mean = new float[width];
    long there = first.stream().filter(row -> row.length > 0).count();
    for (float[] row : first) {
      for (int c = 0; c < row.length; c++) {
        mean[c] += row[c] / there;
      }
    }
    meanSquares = DotProduct.of(mean, mean, 0);
    measured = first.size();
    byMean = new double[(int) (GROWTH * measured) + 2];
    lengths = new double[byMean.length];
    for (int n = 0; n < measured; n++) {
      measure(n);
    }
  }

  private void measure(int n) {
    if (!isThere(n)) {
      return;
    }
    float[] row = rows.get(n);
    byMean[n] = DotProduct.of(row, mean, 0);
    lengths[n] = length(DotProduct.of(row, row, 0), byMean[n]);
  }

  /** Of a vector less the mean. */
  private double length(double squares, double byMean) {
    return Math.sqrt(Math.max(squares - 2 * byMean + meanSquares, 1e-12));
  }

  /**
   * Everything that may be shown at {@code desk}.
   *
   * @param hidden the model's hidden state after the context
   * @param context as the model reads it
   * @param meant how probable each answer is by the answer head
   */
  List<Recalled> recall(float[] hidden, List<Message> context, Desk desk, double[] meant) {
    lock.readLock().lock();
    try {
      int agent = numberOf(desk.agentId());
      double[] byHidden = byHidden(hidden, agent);
      double[] byTerms = byTerms(context, agent);
      double allHidden = Arrays.stream(byHidden).sum() + FEW;
      double allTerms = Arrays.stream(byTerms).sum() + FEW;
      double all = Math.max(1, replies());
      double ofAgent = agent == UNKNOWN ? 0 : repliesOfAgent.get(agent);
      ForEntries forEntries = new ForEntries(library.texts().size());
      List<Recalled> recalled = new ArrayList<>();
      for (int w = 0; w < wordings.size(); w++) {
        Wording one = wordings.get(w);
        double use = Math.max(one.answerUse, one.entries / all);
        Recalled found =
            new Recalled(
                one.text,
                one.norm,
                one.answer == UNKNOWN ? Optional.empty() : Optional.of(answers.id(one.answer)),
                one.answer == UNKNOWN ? 0 : meant[one.answer] * one.share,
                (byHidden[w] + FEW * use) / allHidden,
                (byTerms[w] + FEW * use) / allTerms,
                use,
                (one.ofAgent(agent) + one.learnedOf(agent) + SMOOTHING * use)
                    / (ofAgent + SMOOTHING),
                !one.isForAll());
        forEntries.lend(found, one.near);
        if (one.isFor(agent) && !one.forbidden && !library.only()) {
          recalled.add(found);
        }
      }
      return forEntries.join(recalled, context, desk);
    } finally {
      lock.readLock().unlock();
    }
  }

  /** What the replies lend to the entries of the library that are worded like them. */
  private final class ForEntries {
    private final double[] byHead;
    private final double[] byHidden;
    private final double[] byTerms;
    private final double[] use;
    private final double[] byAgent;

    ForEntries(int count) {
      byHead = new double[count];
      byHidden = new double[count];
      byTerms = new double[count];
      use = new double[count];
      byAgent = new double[count];
    }

    void lend(Recalled one, LibraryTexts.Near near) {
      for (int i = 0; i < near.texts().length; i++) {
        int text = near.texts()[i];
        double share = near.shares()[i];
        byHead[text] += share * one.byHead();
        byHidden[text] += share * one.byHidden();
        byTerms[text] += share * one.byTerms();
        use[text] += share * one.use();
        byAgent[text] += share * one.byAgent();
      }
    }

    /** The entries for this desk before the others; what an entry says too is left out of these. */
    List<Recalled> join(List<Recalled> others, List<Message> context, Desk desk) {
      if (library.texts().isEmpty()) {
        return others;
      }
      double[] alike = library.likeMessage(lastOfCustomer(context));
      List<Recalled> joint = new ArrayList<>();
      Set<String> norms = new HashSet<>();
      for (int i = 0; i < alike.length; i++) {
        LibraryTexts.Text text = library.texts().get(i);
        if (text.isFor(desk)) {
          norms.add(text.norm());
          joint.add(
              new Recalled(
                  text.entry().text(),
                  text.norm(),
                  Optional.of(text.entry().id()),
                  Math.min(1, byHead[i]),
                  Math.min(1, byHidden[i]),
                  Math.min(1, byTerms[i] + LIKE_MESSAGE * alike[i] * alike[i]),
                  Math.min(1, use[i] + LEAST_USE),
                  Math.min(1, byAgent[i] + LEAST_USE),
                  text.entry().owner().isPresent()));
        }
      }
      others.stream().filter(one -> !norms.contains(one.norm())).forEach(joint::add);
      return joint;
    }

    private static String lastOfCustomer(List<Message> context) {
      return context.reversed().stream()
          .filter(message -> !message.isAgent())
          .findFirst()
          .map(Message::text)
          .orElse("");
    }
  }

  /** What may follow a draft, as the model reads it, by the words before. */
  List<Continuations.Found> continuations(String draft, Optional<String> agentId) {
    lock.readLock().lock();
    try {
      return continuations.after(draft, numberOf(agentId));
    } finally {
      lock.readLock().unlock();
    }
  }

  /** Where the model has another salt than what was learned, what it was trained with counts. */
  private int numberOf(Optional<String> agentId) {
    if (agentId.isEmpty() || agents.isEmpty()) {
      return UNKNOWN;
    }
    int learnedAs = agents.getOrDefault(pseudonym(learnedSalt, agentId.get()), UNKNOWN);
    return agents.getOrDefault(pseudonym(salt, agentId.get()), learnedAs);
  }

  private double weight(Entry entry, int agent) {
    return agent != UNKNOWN && entry.agent() == agent ? OWN_WEIGHT : 1;
  }

  private record Neighbour(int row, double cosine) {}

  /** The weight of each wording in the replies to the contexts that the model sees most alike. */
  private double[] byHidden(float[] hidden, int agent) {
    PriorityQueue<Neighbour> nearest =
        new PriorityQueue<>(
            Comparator.comparingDouble(Neighbour::cosine)
                .thenComparing(Comparator.comparingInt(Neighbour::row).reversed()));
    double queryByMean = DotProduct.of(hidden, mean, 0);
    double length = length(DotProduct.of(hidden, hidden, 0), queryByMean);
    for (int n = 0; n < rows.size(); n++) {
      if (!isThere(n)) {
        continue;
      }
      double product =
          DotProduct.of(hidden, rows.get(n), 0) - queryByMean - byMean[n] + meanSquares;
      double cosine = product / (length * lengths[n]);
      if (nearest.size() < NEIGHBOURS || cosine > nearest.element().cosine()) {
        nearest.add(new Neighbour(n, cosine));
        if (nearest.size() > NEIGHBOURS) {
          nearest.remove();
        }
      }
    }
    double best = nearest.stream().mapToDouble(Neighbour::cosine).max().orElse(0);
    double[] shares = new double[wordings.size()];
    nearest.stream()
        .sorted(Comparator.comparingInt(Neighbour::row)) // sums in a fixed order
        .forEach(
            one -> {
              Entry entry = entries.get(one.row());
              shares[entry.reply()] +=
                  Math.exp((one.cosine() - best) / TEMPERATURE) * weight(entry, agent);
            });
    return shares;
  }

  private double[] byTerms(List<Message> context, int agent) {
    double[] shares = new double[wordings.size()];
    for (ContextIndex.Near near : contexts.nearest(context, WORDED_ALIKE)) {
      Entry entry = entries.get(near.index());
      shares[entry.reply()] += Math.pow(near.similarity(), SHARPNESS) * weight(entry, agent);
    }
    return shares;
  }

  private static int[] flat(List<ContextIndex.Terms> terms) {
    return terms.stream()
        .flatMapToInt(
            side ->
                IntStream.concat(
                    IntStream.of(side.hashes().length),
                    IntStream.concat(Arrays.stream(side.hashes()), Arrays.stream(side.counts()))))
        .toArray();
  }

  private static List<ContextIndex.Terms> terms(int[] flat) {
    List<ContextIndex.Terms> terms = new ArrayList<>();
    for (int at = 0; at < flat.length; at += 1 + 2 * flat[at]) {
      int count = flat[at];
      terms.add(
          new ContextIndex.Terms(
              Arrays.copyOfRange(flat, at + 1, at + 1 + count),
              Arrays.copyOfRange(flat, at + 1 + count, at + 1 + 2 * count)));
    }
    return terms;
  }

  /**
   * Reads that of a model folder, where there is one, for the answers that the folder has now.
   *
   * @throws UserException when the files fit neither each other nor the model
   */
  public static Memory read(Path folder, Wordings answers, int width) {
    Path file = folder.resolve(FILE);
    if (!Files.isRegularFile(file)) {
      return new Memory(width, "", answers);
    }
    Content content = content(folder.resolve(ENTRIES));
    Memory memory =
        new Memory(
            width,
            content.salt(),
            content.textSalt().orElse(""),
            content.byWording().orElse(false),
            answers);
    content.agents().forEach(memory::agent);
    int[] positions = new int[content.replies().size()];
    for (int i = 0; i < positions.length; i++) {
      Kept kept = content.replies().get(i);
      positions[i] = memory.positionOf(kept.hash());
      Wording wording = memory.wordings.get(positions[i]);
      if (wording.text == null && kept.text().isPresent()) {
        wording.show(kept.text().get());
        wording.shared = kept.shared() && memory.learnsAnswers;
      }
    }
    memory.continuations.restore(content.words());
    try (Safetensors tensors = Safetensors.open(file)) {
      List<Long> wanted = List.of((long) content.entries().size(), (long) width);
      Safetensors.Entry entry = tensors.entries().get("hidden");
      if (entry == null || !entry.shape().equals(wanted)) {
        throw new UserException(
            "%s: tensor 'hidden' must have shape %s, for the replies of %s"
                .formatted(file, wanted, ENTRIES));
      }
      float[] hidden = tensors.floats("hidden");
      for (int n = 0; n < content.entries().size(); n++) {
        Entry one = content.entries().get(n);
        memory.appendUnmeasured(
            new Entry(
                positions[one.reply()], one.agent(), one.conversation(), one.terms(), one.words()),
            "",
            terms(one.terms()),
            Arrays.copyOfRange(hidden, n * width, (n + 1) * width));
        memory.continuations.count(one.words(), one.conversation(), one.agent());
      }
      memory.measureOnce();
    }
    return memory;
  }

  private static Content content(Path file) {
    try {
      Content content = Json.COMPACT.readValue(Files.readString(file), Content.class);
      for (int n = 0; n < content.entries().size(); n++) {
        Entry entry = content.entries().get(n);
        boolean fits =
            entry.reply() >= 0
                && entry.reply() < content.replies().size()
                && entry.agent() >= UNKNOWN
                && Arrays.stream(entry.words())
                    .allMatch(word -> word >= 0 && word < content.words().size())
                && entry.agent() < content.agents().size();
        if (!fits) {
          throw new UserException(
              "%s: entry %d names reply %d of %d and agent %d of %d"
                  .formatted(
                      file,
                      n,
                      entry.reply(),
                      content.replies().size(),
                      entry.agent(),
                      content.agents().size()));
        }
      }
      return content;
    } catch (IOException | JacksonException e) {
      throw new UserException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Writes it into a model folder, without what was learned while serving. */
  public void write(Path folder) throws IOException {
    lock.readLock().lock();
    try {
      int[] trained =
          IntStream.range(0, entries.size()).filter(n -> keys.get(n).isEmpty()).toArray();
      List<Kept> kept = new ArrayList<>();
      for (Wording one : wordings) {
        boolean learned = one.answer == UNKNOWN && one.text != null && !one.learnedText;
        kept.add(
            new Kept(
                one.hash,
                learned ? Optional.of(one.text) : Optional.empty(),
                learned && one.shared));
      }
      AtomicFile.writeString(
          folder.resolve(ENTRIES),
          Json.COMPACT.writeValueAsString(
              new Content(
                  salt,
                  Optional.of(textSalt),
                  Optional.of(byWording),
                  List.copyOf(agents.keySet()),
                  kept,
                  continuations.words(),
                  Arrays.stream(trained).mapToObj(entries::get).toList())));
      float[] hidden = new float[trained.length * width];
      for (int n = 0; n < trained.length; n++) {
        System.arraycopy(rows.get(trained[n]), 0, hidden, n * width, width);
      }
      Safetensors.write(
          folder.resolve(FILE),
          Map.of(
              "hidden",
              Safetensors.Tensor.of(List.of((long) trained.length, (long) width), hidden)));
    } finally {
      lock.readLock().unlock();
    }
  }
}
