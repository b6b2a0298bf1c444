package dev.repartee.engine.suggest;

import dev.repartee.engine.suggest.Memory.Entry;
import dev.repartee.engine.suggest.Memory.Readers;
import dev.repartee.engine.suggest.Memory.Salts;
import dev.repartee.engine.suggest.Memory.Wording;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.Forgotten;
import dev.repartee.text.privacy.Sharing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes a {@link Memory}: takes agents' replies, counts them, and decides by {@link Sharing} which
 * texts may be shown to whom.
 *
 * <p>Of training conversations a text is shown to everybody when it words an answer of the answer
 * set or, where there is no answer set, when enough conversations hold it. Texts that are one
 * {@link TextNorm#wording} are counted together, and shown as most agents write it. Of what was
 * typed since, texts enter whose readers the caller names, and their words do not go on other
 * drafts. Not for several threads.
 */
public final class MemoryBuilder {

  /** The agent of whom nothing is known. */
  private static final int UNKNOWN = Memory.UNKNOWN;

  /**
   * What the model read before a reply.
   *
   * @param hidden its hidden state
   * @param terms of the context, see {@link ContextIndex#terms}
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record ReadContext(float[] hidden, List<ContextIndex.Terms> terms) {}

  /** A reply that an agent gave. */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  record Given(float[] hidden, List<Message> context, String reply) {}

  /**
   * A reply of the memory that is to be.
   *
   * @param hash of its text
   * @param text where it is known
   * @param agent hash of the id; empty where the agent is not known
   * @param conversation a number, which the conversation's replies share
   * @param words numbers of {@link #pool}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Added(
      String hash,
      Optional<String> text,
      String agent,
      int conversation,
      ReadContext context,
      int[] words,
      String key) {}

  /**
   * A typed text that may be shown, and the hashes of the agents who may see it where not everybody
   * may.
   */
  record SharedText(String text, boolean all, Set<String> agents) {

    boolean isShared() {
      return all || !agents.isEmpty();
    }

    /** Together with another one that is taken for the same text, for who may see both. */
    SharedText and(SharedText other) {
      boolean alike = TextNorm.wording(text).equals(TextNorm.wording(other.text));
      boolean better = other.all && !all;
      if (!alike) {
        return better ? other : this;
      }
      return new SharedText(
          better ? other.text : text,
          all || other.all,
          Stream.concat(agents.stream(), other.agents.stream()).collect(Collectors.toSet()));
    }
  }

  private final int width;
  private final Salts salts;
  private final Wordings answers;
  private final Continuations.Builder pool; // of words
  private final List<Added> replies = new ArrayList<>();
  private final List<Added> typed = new ArrayList<>();
  private final Map<String, SharedText> sharedTexts = new LinkedHashMap<>(); // by hash
  private final Map<String, String> texts = new HashMap<>(); // that may be shown, by hash
  private final List<String> conversations = new ArrayList<>(); // hashes, by number
  private final Map<String, ReadContext> read = new HashMap<>(); // of typed replies, by key

  MemoryBuilder(int width, Salts salts, Wordings answers) {
    this.width = width;
    this.salts = salts;
    this.answers = answers;
    this.pool = new Continuations.Builder(salts.texts(), Sharing.CONVERSATIONS);
  }

  /**
   * Of a memory that holds nothing but the answers.
   *
   * @param width of the model's hidden states
   * @param salt of all hashes: agents' ids, texts, words
   */
  public MemoryBuilder(int width, String salt, Wordings answers) {
    this(width, new Salts(salt, salt, salt, true), answers);
  }

  /**
   * Of a memory that goes on from another one: with its training replies. What was typed since is
   * left out, but its contexts are not read again, see {@link #readBefore}.
   *
   * @param salt of the ids of agents who type
   */
  public static MemoryBuilder of(Memory memory, String salt, Wordings answers) {
    Salts before = memory.salts();
    MemoryBuilder builder =
        new MemoryBuilder(
            memory.width(),
            new Salts(before.agents(), before.texts(), salt, before.byWording()),
            answers);
    builder.conversations.addAll(memory.conversations());
    for (Wording one : memory.wordings()) {
      if (one.text() != null && one.answer() == UNKNOWN) {
        builder.texts.put(one.hash(), one.text());
      }
    }
    for (Entry entry : memory.entries()) {
      ReadContext context = new ReadContext(entry.hidden(), entry.terms());
      if (entry.isTyped()) {
        builder.read.put(entry.key(), context);
      } else {
        builder.replies.add(
            new Added(
                memory.wordings().get(entry.reply()).hash(),
                Optional.empty(),
                entry.agent() == UNKNOWN ? "" : memory.agents().get(entry.agent()),
                entry.conversation(),
                context,
                Arrays.stream(entry.words())
                    .map(word -> builder.pool.intern(memory.continuations().words().get(word)))
                    .toArray(),
                ""));
      }
    }
    return builder;
  }

  private String hash(String text) {
    String same = salts.byWording() ? TextNorm.wording(text) : TextNorm.norm(text);
    return Sha256.brief(salts.texts() + "wording" + same);
  }

  private int conversation(String hash) {
    conversations.add(hash);
    return conversations.size() - 1;
  }

  /** Remembers the replies of one training conversation, as the model reads texts. */
  void add(List<Given> given, Optional<String> agentId, String conversationId) {
    int conversation = conversation(Memory.conversationHash(salts.texts(), conversationId));
    for (Given one : given) {
      replies.add(
          new Added(
              hash(one.reply()),
              Optional.of(one.reply()),
              agentId.map(id -> Memory.pseudonym(salts.agents(), id)).orElse(""),
              conversation,
              read(one.hidden(), one.context()),
              pool.words(one.reply()),
              ""));
    }
  }

  // What MemoryFile reads

  int storedWord(Continuations.Word word) {
    return pool.intern(word);
  }

  void storedText(String hash, String text) {
    texts.put(hash, text);
  }

  void storedTyped(String hash, SharedText text) {
    sharedTexts.put(hash, text);
  }

  void storedConversations(List<String> hashes) {
    conversations.addAll(hashes);
  }

  void storedReply(
      String hash, String agent, int conversation, ReadContext context, int[] words, String key) {
    Added added = new Added(hash, Optional.empty(), agent, conversation, context, words, key);
    (key.isEmpty() ? replies : typed).add(added);
  }

  /**
   * Removes the replies of agents and conversations.
   *
   * @return how many replies left
   */
  int forget(Forgotten forgotten) {
    Predicate<Added> gone =
        one -> forgotten.holds(Optional.of(one.agent()), conversations.get(one.conversation()));
    int before = replies.size() + typed.size();
    replies.removeIf(gone);
    List<Added> left = typed.stream().filter(gone).toList();
    typed.removeAll(left);
    left.stream().map(Added::hash).distinct().forEach(this::shareLess);
    return before - replies.size() - typed.size();
  }

  /** Who may see a typed text by the replies that stay; others may have stood in feedback. */
  private void shareLess(String hash) {
    Map<String, Integer> conversations = new HashMap<>();
    typed.stream()
        .filter(one -> one.hash().equals(hash))
        .forEach(one -> conversations.merge(one.agent(), 1, Integer::sum));
    int all = conversations.values().stream().mapToInt(Integer::intValue).sum();
    int unknown = conversations.getOrDefault("", 0);
    int agents = conversations.size() - (unknown > 0 ? 1 : 0);
    SharedText before = sharedTexts.get(hash);
    SharedText after =
        new SharedText(
            before.text(),
            before.all() && Sharing.isTypedForAll(all, agents, unknown),
            before.agents().stream()
                .filter(agent -> Sharing.isOwn(conversations.getOrDefault(agent, 0)))
                .collect(Collectors.toSet()));
    sharedTexts.put(hash, after);
    if (!after.isShared()) {
      typed.removeIf(one -> one.hash().equals(hash));
    }
  }

  /** What the model read before a typed reply, where the memory that this goes on from has it. */
  Optional<ReadContext> readBefore(String key) {
    return Optional.ofNullable(read.get(key(key)));
  }

  /** Takes what was typed since training as the memory has it that this goes on from. */
  void keepTyped(Memory memory) {
    for (Entry entry : memory.entries()) {
      Wording wording = memory.wordings().get(entry.reply());
      if (entry.isTyped() && wording.learned().isPresent()) {
        typed.add(
            new Added(
                wording.hash(),
                Optional.empty(),
                entry.agent() == UNKNOWN ? "" : memory.agents().get(entry.agent()),
                entry.conversation(),
                new ReadContext(entry.hidden(), entry.terms()),
                new int[0],
                entry.key()));
        Readers readers = wording.learned().get();
        sharedTexts.put(
            wording.hash(),
            new SharedText(
                wording.text(),
                readers.all(),
                readers.agents().stream().map(memory.agents()::get).collect(Collectors.toSet())));
      }
    }
  }

  private String key(String key) {
    return Sha256.brief(salts.texts() + "typed" + key);
  }

  ReadContext read(float[] hidden, List<Message> context) {
    return new ReadContext(hidden, ContextIndex.terms(salts.texts(), context));
  }

  /**
   * Takes a typed text; it may be shown as soon as one of its replies is {@link #typed taken} too.
   *
   * @param text as this model would redact it
   */
  void typedText(String text, TypedText of) {
    sharedTexts.merge(hash(text), new SharedText(text, of.all(), of.agents()), SharedText::and);
  }

  /**
   * Takes a reply that was typed since training.
   *
   * @param text as this model would redact it
   */
  void typed(String text, TypedText.TypedReply reply, ReadContext context) {
    String hash = hash(text);
    if (sharedTexts.containsKey(hash)) {
      typed.add(
          new Added(
              hash,
              Optional.empty(),
              reply.agent().orElse(""),
              conversation(reply.conversation()),
              context,
              new int[0],
              key(reply.key())));
    }
  }

  /** The memory of all that was taken; more can be taken afterwards, for another one. */
  public Memory build() {
    return new Building().memory();
  }

  /** One spelling of a wording. */
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

  /** What is counted of a wording. */
  private static final class Count {
    private int[] words = {};
    private int replies;
    private final Map<Integer, Integer> conversations = new HashMap<>(); // by agent
    private int lastConversation = UNKNOWN;
    private final Map<String, Spelling> spellings = new TreeMap<>();
    private final Map<Integer, Integer> typed = new HashMap<>(); // by agent

    boolean isCommon() {
      int all = conversations.values().stream().mapToInt(Integer::intValue).sum();
      return Sharing.isTrainedForAll(all, conversations.size(), conversations.containsKey(UNKNOWN));
    }

    boolean isOwner(int agent) {
      return agent != UNKNOWN && Sharing.isOwn(conversations.getOrDefault(agent, 0));
    }

    boolean hasOwner() {
      return conversations.keySet().stream().anyMatch(this::isOwner);
    }

    /** The spelling of most of those agents who make it a text to be shown, then of most uses. */
    Optional<String> spelling(boolean shared) {
      IntPredicate some = shared ? agent -> true : this::isOwner;
      return spellings.entrySet().stream()
          .max(
              Comparator.comparingInt(
                      (Map.Entry<String, Spelling> one) -> one.getValue().agents(some))
                  .thenComparingInt(one -> one.getValue().conversations(some))
                  .thenComparing(Map.Entry::getKey, Comparator.reverseOrder()))
          .map(Map.Entry::getKey);
    }
  }

  /** One build: what nothing uses any more gets no number, and so leaves no hash. */
  private final class Building {
    private final Map<String, Integer> agents = new LinkedHashMap<>();
    private final Map<String, Integer> numbers = new LinkedHashMap<>(); // of wordings, by hash
    private final Map<String, Wordings.Wording> ofAnswers = new HashMap<>(); // by hash
    private final List<Count> counts = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>(); // of conversations
    private final List<Entry> entries = new ArrayList<>();
    private final Continuations.Builder words =
        new Continuations.Builder(salts.texts(), Sharing.CONVERSATIONS);
    private final Map<Integer, Integer> kept = new HashMap<>(); // numbers of words, by the pool's

    Memory memory() {
      for (Wordings.Wording one : answers.all()) {
        String hash = hash(one.text());
        var _ = number(hash);
        ofAnswers.put(hash, one);
      }
      int before = UNKNOWN;
      for (Added one : Stream.concat(replies.stream(), typed.stream()).toList()) {
        if (one.conversation() != before) {
          before = one.conversation();
          hashes.add(conversations.get(before));
        }
        count(one, hashes.size() - 1);
      }
      return new Memory(
          salts,
          answers,
          List.copyOf(agents.keySet()),
          hashes,
          wordings(),
          entries,
          words.build(),
          width);
    }

    private int number(String hash) {
      return numbers.computeIfAbsent(
          hash,
          unknown -> {
            counts.add(new Count());
            return counts.size() - 1;
          });
    }

    private int agent(String hash) {
      return hash.isEmpty() ? UNKNOWN : agents.computeIfAbsent(hash, unknown -> agents.size());
    }

    private void count(Added one, int conversation) {
      int agent = agent(one.agent());
      int number = number(one.hash());
      Count count = counts.get(number);
      int[] ids =
          Arrays.stream(one.words())
              .map(word -> kept.computeIfAbsent(word, unknown -> words.intern(pool.word(word))))
              .toArray();
      count.words = count.replies == 0 ? ids : count.words;
      count.replies++;
      if (!one.key().isEmpty()) {
        count.typed.merge(agent, 1, Integer::sum);
      } else {
        if (count.lastConversation != conversation) {
          count.lastConversation = conversation;
          count.conversations.merge(agent, 1, Integer::sum);
        }
        one.text()
            .ifPresent(
                text ->
                    count
                        .spellings
                        .computeIfAbsent(text, unseen -> new Spelling())
                        .add(agent, conversation));
        words.count(ids, conversation, agent);
      }
      entries.add(
          new Entry(
              number,
              agent,
              conversation,
              one.context().terms(),
              ids,
              one.context().hidden(),
              one.key()));
    }

    private List<Wording> wordings() {
      double[] uses = answers.uses();
      List<Wording> wordings = new ArrayList<>();
      numbers.forEach(
          (hash, number) -> {
            Count count = counts.get(number);
            Optional<SharedText> since =
                count.typed.isEmpty()
                    ? Optional.empty()
                    : Optional.ofNullable(sharedTexts.get(hash)).filter(SharedText::isShared);
            Optional<Wordings.Wording> answer = Optional.ofNullable(ofAnswers.get(hash));
            boolean common = answers.all().isEmpty() && count.isCommon();
            Optional<String> trained =
                answer
                    .map(Wordings.Wording::text)
                    .or(
                        () ->
                            common || count.hasOwner()
                                ? count
                                    .spelling(common)
                                    .or(() -> Optional.ofNullable(texts.get(hash)))
                                : Optional.empty());
            String text = trained.or(() -> since.map(SharedText::text)).orElse(null);
            wordings.add(
                new Wording(
                    hash,
                    text,
                    text == null
                        ? null
                        : answer.map(Wordings.Wording::norm).orElseGet(() -> TextNorm.norm(text)),
                    answer.map(Wordings.Wording::answer).orElse(UNKNOWN),
                    answer.map(Wordings.Wording::share).orElse(0.0),
                    answer.map(one -> uses[one.answer()] * one.share()).orElse(0.0),
                    answer.isPresent() || (common && trained.isPresent()),
                    since.map(one -> new Readers(one.all(), agentsOf(one))),
                    count.words,
                    count.replies,
                    Map.copyOf(count.conversations),
                    Map.copyOf(count.typed)));
          });
      return wordings;
    }

    private Set<Integer> agentsOf(SharedText text) {
      return text.agents().stream()
          .filter(agents::containsKey)
          .map(agents::get)
          .collect(Collectors.toSet());
    }
  }
}
