package dev.repartee.engine.memory;

import static dev.repartee.engine.memory.Writer.UNKNOWN;

import dev.repartee.engine.memory.KnownText.Readers;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.Forgotten;
import dev.repartee.text.privacy.Sharing;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
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

  /** The mean is of the first replies: so many that one in {@code 1.1} of all is among them. */
  private static final double GROWTH = 1.1;

  /**
   * A reply that an agent gave; the hidden state is empty where the model did not read it.
   *
   * @param agentId who gave it, where that is known
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
  public record AgentReply(
      float[] hidden, List<Message> context, String reply, Optional<String> agentId) {}

  /**
   * A reply of the memory that is to be.
   *
   * @param hash of its text
   * @param text where it is known
   * @param agent hash of the id; empty where the agent is not known
   * @param queue hash of the name; empty where there is none
   * @param conversation hash of its id
   * @param words numbers of {@link #pool}
   * @param key of a typed reply; 0 for those of training
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Added(
      long hash,
      Optional<String> text,
      String agent,
      String queue,
      long conversation,
      Supplier<ReadContext> context,
      int[] words,
      long key) {

    boolean isTyped() {
      return key != 0;
    }
  }

  /**
   * A text that was said.
   *
   * @param words numbers of {@link #pool}
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Said(long hash, Optional<String> text, int[] words) {}

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
  private final Optional<Memory> base;
  private final int[] poolOfBase; // the pool's number of each word of the base
  private final List<Added> replies = new ArrayList<>(); // after those of the base
  private final List<Added> typed = new ArrayList<>();
  private final ContextSpool contexts = new ContextSpool(); // of replies
  private final Map<String, Said> said = new HashMap<>(); // by text
  private final Map<String, String> hashes = new HashMap<>(); // of agents and queues, each once
  private final Map<Long, SharedText> sharedTexts = new LinkedHashMap<>(); // typed, by hash
  private final Map<Long, String> texts = new HashMap<>(); // that may be shown, by hash
  private Predicate<String> safe = _ -> false; // words that are shown however rare
  private final Set<String> forgottenAgents = new HashSet<>();
  private final Set<Long> forgottenConversations = new HashSet<>();

  MemoryBuilder(int width, Salts salts, Wordings answers, Optional<Memory> base) {
    this.width = width;
    this.salts = salts;
    this.answers = answers;
    this.base = base;
    this.pool = new Continuations.Builder(salts.texts(), Sharing.CONVERSATIONS, _ -> false);
    this.poolOfBase =
        base.stream()
            .flatMap(memory -> memory.continuations().words().stream())
            .mapToInt(pool::intern)
            .toArray();
  }

  /**
   * Of a memory that holds nothing but the answers.
   *
   * @param width of the model's hidden states
   * @param salt of all hashes: agents' ids, texts, words
   */
  public MemoryBuilder(int width, String salt, Wordings answers) {
    this(width, new Salts(salt, salt, salt), answers, Optional.empty());
  }

  /**
   * Of a memory that goes on from another one: with its training replies. What was typed since is
   * left out, but its contexts need not be read again, see {@link Memory#typedContexts}.
   *
   * @param salt of the ids of agents who type
   */
  public static MemoryBuilder of(Memory memory, String salt, Wordings answers) {
    Salts before = memory.salts();
    MemoryBuilder builder =
        new MemoryBuilder(
            memory.width(),
            new Salts(before.agents(), before.texts(), salt),
            answers,
            Optional.of(memory));
    for (KnownText one : memory.wordings()) {
      if (one.answer() == UNKNOWN) {
        builder.texts.put(one.hash(), one.text());
      }
    }
    return builder;
  }

  private long hash(String text) {
    return salts.wording(text);
  }

  /** Remembers the replies of one training conversation, as the model reads texts. */
  public void add(List<AgentReply> all, Optional<String> queue, String conversationId) {
    long conversation = Salts.number(Memory.conversationHash(salts.texts(), conversationId));
    String of = queue.map(name -> once(salts.queue(name))).orElse("");
    for (AgentReply one : all) {
      Said text =
          said.computeIfAbsent(
              one.reply(), reply -> new Said(hash(reply), Optional.of(reply), pool.words(reply)));
      replies.add(
          new Added(
              text.hash(),
              text.text(),
              one.agentId().map(id -> once(Memory.pseudonym(salts.agents(), id))).orElse(""),
              of,
              conversation,
              contexts.add(read(one.hidden(), one.context())),
              text.words(),
              0));
    }
  }

  /** Shows of the words that few conversations hold the {@link CommonWords#isSafe safe} ones. */
  public MemoryBuilder showing(CommonWords words) {
    safe = words::isSafe;
    return this;
  }

  private String once(String hash) {
    return hashes.computeIfAbsent(hash, Function.identity());
  }

  /** Leaves out the replies of agents and conversations. */
  void forget(Forgotten forgotten) {
    forgottenAgents.addAll(forgotten.agents());
    forgotten.conversations().forEach(one -> forgottenConversations.add(Salts.number(one)));
  }

  private boolean isForgotten(Added one) {
    return forgottenAgents.contains(one.agent())
        || forgottenConversations.contains(one.conversation());
  }

  /** Takes what was typed since training as the memory has it that this goes on from. */
  void keepTyped() {
    for (KnownText one : base.map(Memory::wordings).orElse(List.of())) {
      one.typed()
          .ifPresent(
              readers ->
                  sharedTexts.put(
                      one.hash(),
                      new SharedText(
                          one.text(),
                          readers.all(),
                          readers.agents().stream()
                              .map(base.orElseThrow().agents()::get)
                              .collect(Collectors.toSet()))));
    }
    forEachOfBase(
        one -> {
          if (sharedTexts.containsKey(one.hash())) {
            typed.add(one);
          }
        },
        (index, entries) -> index.forEachTyped(true, entries));
    typed.stream()
        .filter(this::isForgotten)
        .map(Added::hash)
        .distinct()
        .toList()
        .forEach(this::shareLess);
  }

  /** Who may see a typed text by the replies that stay; others may have stood in feedback. */
  private void shareLess(long hash) {
    Map<String, Integer> conversations = new HashMap<>();
    typed.stream()
        .filter(one -> one.hash() == hash && !isForgotten(one))
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
      typed.removeIf(one -> one.hash() == hash);
    }
  }

  /** A context as the memory keeps it. */
  public ReadContext read(float[] hidden, List<Message> context) {
    return new ReadContext(hidden, false, ContextTerms.of(context, salts.texts()));
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
    long hash = hash(text);
    if (sharedTexts.containsKey(hash)) {
      typed.add(
          new Added(
              hash,
              Optional.empty(),
              reply.agent().orElse(""),
              "",
              Salts.number(reply.conversation()),
              () -> context,
              new int[0],
              salts.key(reply.key())));
    }
  }

  /** The training replies of the memory before, without states and terms unless whole. */
  private void forEachTrainedOfBase(boolean whole, Consumer<Added> consumer) {
    forEachOfBase(consumer, (index, entries) -> index.forEachTrained(whole, entries));
  }

  private void forEachOfBase(
      Consumer<Added> consumer, BiConsumer<MemoryIndex, Consumer<MemoryIndex.Entry>> read) {
    base.ifPresent(
        memory -> {
          try {
            read.accept(memory.index(), one -> consumer.accept(added(one, memory)));
          } finally {
            Reference.reachabilityFence(memory); // or its index may be closed
          }
        });
  }

  private Added added(MemoryIndex.Entry one, Memory memory) {
    return new Added(
        one.reply(),
        Optional.empty(),
        one.agent() < 0 ? "" : memory.agents().get(one.agent()),
        one.queue() < 0 ? "" : memory.queues().hashes().get(one.queue()),
        one.conversation(),
        () -> new ReadContext(one.state(), true, one.terms()),
        Arrays.stream(one.words()).map(word -> poolOfBase[word]).toArray(),
        one.key());
  }

  /** The training replies that are to be remembered, in their order. */
  private void forEachTrained(boolean whole, Consumer<Added> consumer) {
    forEachTrainedOfBase(whole, one -> unlessForgotten(one, consumer));
    replies.forEach(one -> unlessForgotten(one, consumer));
  }

  private void forEachTyped(Consumer<Added> consumer) {
    typed.forEach(one -> unlessForgotten(one, consumer));
  }

  private void unlessForgotten(Added one, Consumer<Added> consumer) {
    if (!isForgotten(one)) {
      consumer.accept(one);
    }
  }

  /** The memory of all that was taken; more can be taken afterwards, for another one. */
  public Memory build() {
    Building building = new Building();
    return hasTrainedOfBase() ? building.onBase(base.orElseThrow()) : building.whole();
  }

  /** Whether the training replies are those of the memory before. */
  private boolean hasTrainedOfBase() {
    if (base.isEmpty() || !replies.isEmpty() || !base.get().hasTrained(answers)) {
      return false;
    }
    boolean[] without = {false};
    if (!forgottenAgents.isEmpty() || !forgottenConversations.isEmpty()) {
      forEachTrainedOfBase(false, one -> without[0] |= isForgotten(one));
    }
    return !without[0];
  }

  /** One build: what nothing uses any more gets no number, and so leaves no hash. */
  private final class Building {
    private final Map<String, Integer> agents = new LinkedHashMap<>();
    private final Map<Long, TextCount> counts = new LinkedHashMap<>(); // of wordings, by hash
    private final Map<Long, Wordings.Wording> ofAnswers = new LinkedHashMap<>(); // by hash
    private Continuations.Builder words =
        new Continuations.Builder(salts.texts(), Sharing.CONVERSATIONS, safe);
    private final Map<Integer, Integer> kept = new HashMap<>(); // numbers of words, by the pool's
    private int[] ofAgent = new int[16];
    private int entries;
    private Queues queues = Queues.NONE;
    private final Map<String, Integer> ofQueue = new HashMap<>(); // numbers by hash

    Memory whole() {
      queues = countQueues();
      answers.all().forEach(one -> ofAnswers.put(hash(one.text()), one));
      forEachTrained(false, this::count);
      int trained = entries;
      forEachTyped(this::count);
      Continuations continuations = words.build(queues);
      words = null; // its counts take gigabytes, which the index can use
      float[] mean = mean();
      MemoryIndex index =
          MemoryIndexWriter.temporary(
              trained,
              mean,
              consumer -> forEachTrained(true, one -> consumer.accept(entry(one, mean))));
      return memory(wordings(), continuations, withTyped(index, entries - trained, mean));
    }

    /** Of the memory's training replies, which stay as they are, and of what was typed. */
    Memory onBase(Memory memory) {
      queues = memory.queues();
      Set<Long> again =
          typed.stream()
              .filter(one -> !isForgotten(one))
              .map(Added::hash)
              .collect(Collectors.toSet());
      forEachTrainedOfBase(
          false,
          one -> {
            countAgent(one);
            if (again.contains(one.hash())) {
              counts
                  .computeIfAbsent(one.hash(), _ -> new TextCount(one.words()))
                  .add(writer(one), one.conversation(), false);
            }
          });
      int trained = entries;
      forEachTyped(this::count);
      for (Wordings.Wording one : answers.all()) {
        long hash = hash(one.text());
        if (again.contains(hash)) {
          ofAnswers.put(hash, one);
        }
      }
      List<KnownText> wordings = new ArrayList<>();
      memory.wordings().stream()
          .filter(one -> !again.contains(one.hash()))
          .flatMap(one -> trainedPart(one).stream())
          .forEach(wordings::add);
      wordings.addAll(wordings());
      float[] mean = memory.index().mean();
      return memory(
          wordings,
          memory.continuations(),
          withTyped(memory.index().trained(), entries - trained, mean));
    }

    /** A wording of the memory before without what was typed; empty where nobody may see that. */
    private Optional<KnownText> trainedPart(KnownText one) {
      return !one.shared() && !one.used().hasOwner()
          ? Optional.empty()
          : Optional.of(
              new KnownText(
                  one.hash(),
                  one.text(),
                  one.norm(),
                  one.answer(),
                  one.share(),
                  one.answerUse(),
                  one.shared(),
                  Optional.empty(),
                  one.used().trained()));
    }

    private Memory memory(
        List<KnownText> wordings, Continuations continuations, MemoryIndex index) {
      return new Memory(
          salts,
          answers,
          List.copyOf(agents.keySet()),
          queues,
          wordings,
          Arrays.copyOf(ofAgent, agents.size()),
          continuations,
          index);
    }

    /** Takes {@code trained} over. */
    private MemoryIndex withTyped(MemoryIndex trained, int count, float[] mean) {
      if (count == 0) {
        return trained;
      }
      try (trained;
          MemoryIndex since =
              MemoryIndexWriter.temporary(
                  count,
                  mean,
                  consumer -> forEachTyped(one -> consumer.accept(entry(one, mean))))) {
        return trained.with(since);
      }
    }

    private int agent(String hash) {
      return hash.isEmpty() ? UNKNOWN : agents.computeIfAbsent(hash, _ -> agents.size());
    }

    private Writer writer(Added one) {
      return new Writer(agent(one.agent()), queue(one));
    }

    private int queue(Added one) {
      return ofQueue.computeIfAbsent(one.queue(), queues::number);
    }

    /** Those of enough conversations; one alone tells nothing apart. */
    private Queues countQueues() {
      Map<String, Integer> conversations = new LinkedHashMap<>();
      long[] last = {0};
      int[] all = {0};
      forEachTrained(
          false,
          one -> {
            if (all[0] == 0 || one.conversation() != last[0]) {
              last[0] = one.conversation();
              all[0]++;
              conversations.merge(one.queue(), 1, Integer::sum);
            }
          });
      conversations.remove("");
      conversations.values().removeIf(count -> count < Sharing.CONVERSATIONS);
      return conversations.isEmpty() || conversations.containsValue(all[0])
          ? Queues.NONE
          : new Queues(
              List.copyOf(conversations.keySet()), List.copyOf(conversations.values()), all[0]);
    }

    /** Counts a reply of an agent, and returns who wrote it. */
    private Writer countAgent(Added one) {
      entries++;
      Writer writer = writer(one);
      int agent = writer.agent();
      if (agent != UNKNOWN) {
        if (agent >= ofAgent.length) {
          ofAgent = Arrays.copyOf(ofAgent, 2 * agent);
        }
        ofAgent[agent]++;
      }
      return writer;
    }

    private void count(Added one) {
      Writer writer = countAgent(one);
      int[] ids =
          Arrays.stream(one.words())
              .map(word -> kept.computeIfAbsent(word, _ -> words.intern(pool.word(word))))
              .toArray();
      TextCount count = counts.computeIfAbsent(one.hash(), _ -> new TextCount(ids));
      count.add(writer, one.conversation(), one.isTyped());
      if (!one.isTyped()) {
        one.text().ifPresent(text -> count.spell(text, writer, one.conversation()));
        words.count(ids, one.conversation(), writer);
      }
    }

    /** That of the memory before, so that cosines stay; or that of the first replies. */
    private float[] mean() {
      Optional<float[]> before =
          base.map(Memory::index).filter(index -> index.size() > 0).map(MemoryIndex::mean);
      if (before.isPresent()) {
        return before.get();
      }
      double[] sum = new double[width];
      float[] mean = new float[width];
      int read = 0;
      int next = 1;
      for (List<Added> some : List.of(replies, typed)) {
        for (Added one : some) {
          float[] hidden = isForgotten(one) ? new float[0] : one.context().get().hidden();
          if (hidden.length > 0) {
            for (int c = 0; c < width; c++) {
              sum[c] += hidden[c];
            }
            if (++read == next) {
              for (int c = 0; c < width; c++) {
                mean[c] = (float) (sum[c] / read);
              }
              next = (int) (GROWTH * next) + 1;
            }
          }
        }
      }
      return mean;
    }

    private MemoryIndex.Entry entry(Added one, float[] mean) {
      ReadContext context = one.context().get();
      float[] hidden = context.hidden();
      boolean isState = context.centred() || hidden.length == 0;
      return new MemoryIndex.Entry(
          isState ? hidden : MemoryIndex.centred(hidden, mean),
          context.terms(),
          one.hash(),
          agent(one.agent()),
          queue(one),
          one.conversation(),
          one.key(),
          Arrays.stream(one.words()).map(kept::get).toArray());
    }

    /** The answers' wordings and those that were counted. */
    private List<KnownText> wordings() {
      double[] uses = answers.uses();
      List<KnownText> wordings = new ArrayList<>();
      ofAnswers.forEach(
          (hash, answer) ->
              wordings.add(
                  KnownText.ofAnswer(
                      hash,
                      answer,
                      uses,
                      typed(hash).map(this::readers),
                      Optional.ofNullable(counts.get(hash)).map(count -> count.use(queues)))));
      counts.forEach(
          (hash, count) -> {
            if (!ofAnswers.containsKey(hash)) {
              wording(hash, count).ifPresent(wordings::add);
            }
          });
      return wordings;
    }

    private Optional<SharedText> typed(long hash) {
      return Optional.ofNullable(counts.get(hash))
          .filter(TextCount::isTyped)
          .flatMap(_ -> Optional.ofNullable(sharedTexts.get(hash)))
          .filter(SharedText::isShared);
    }

    /** Empty where nobody may be shown it. */
    private Optional<KnownText> wording(long hash, TextCount count) {
      boolean common = answers.all().isEmpty() && count.isCommon();
      KnownText.Use use = count.use(queues);
      Optional<String> trained =
          common || use.hasOwner()
              ? count
                  .spelling(common ? _ -> true : use::isOwn)
                  .or(() -> Optional.ofNullable(texts.get(hash)))
              : Optional.empty();
      Optional<SharedText> since = typed(hash);
      return trained
          .or(() -> since.map(SharedText::text))
          .map(
              text ->
                  KnownText.other(
                      hash, text, common && trained.isPresent(), since.map(this::readers), use));
    }

    private Readers readers(SharedText text) {
      return new Readers(
          text.all(),
          text.agents().stream()
              .filter(agents::containsKey)
              .map(agents::get)
              .collect(Collectors.toSet()));
    }
  }
}
