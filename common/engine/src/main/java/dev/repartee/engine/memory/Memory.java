package dev.repartee.engine.memory;

import static dev.repartee.engine.memory.Writer.UNKNOWN;

import dev.repartee.engine.memory.KnownText.Readers;
import dev.repartee.engine.memory.KnownText.Use;
import dev.repartee.engine.memory.KnownText.Worded;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import java.lang.ref.Cleaner;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What agents replied, and in which contexts. Everything that knows texts is a query on it: the
 * replies to the nearest contexts, by the model's hidden state as in the kNN language model
 * (Khandelwal et al. 2020) and by BM25, how often each text is used, and by whom. It never changes:
 * a {@link MemoryBuilder} makes it, and decides which texts may be shown to whom; a {@link
 * MemoryFile} stores it. For several threads.
 *
 * <p>Texts that nobody may be shown are kept as a hash and, for {@link Continuations}, as their
 * words, the rare ones of which are hashes too; contexts as a hidden state and hashes of their
 * words.
 */
public final class Memory {

  /** About how many contexts the model reads in {@code finetune}: each takes a pass. */
  public static final int MOST = 10_000;

  /** How many neighbours by hidden state count, and how fast their weight falls with the cosine. */
  private static final int NEIGHBOURS = 200;

  private static final double TEMPERATURE = 0.03;

  /** How many neighbours by words count, and the power of their similarity that is their weight. */
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

  /** Replies of the same queue count so many times as much as others'. */
  private static final double QUEUE_WEIGHT = 4;

  private static final Cleaner CLEANER = Cleaner.create();

  /** Of more replies only those lend to a library's entries whose text somebody may be shown. */
  private static final int MOST_LENDING = 100_000;

  /** Why a text that fits is not suggested. */
  public enum Withheld {
    /** Nothing is withheld. */
    NONE,
    /** The library forbids it. */
    FORBIDDEN,
    /** It belongs to another queue alone. */
    OTHER_QUEUE
  }

  /**
   * What may be shown in a context.
   *
   * @param spokenFor in no order
   * @param others for which nothing but their use speaks, those with the most first
   * @param withheld why one that something speaks for is not among them
   */
  record Recall(List<WholeReply> spokenFor, Stream<WholeReply> others, Withheld withheld) {

    private static final Comparator<WholeReply> BEST_FIRST =
        Comparator.comparingDouble((WholeReply one) -> -one.evidence().sum())
            .thenComparing(WholeReply::text);

    /** All, those with the most evidence first; what is never taken is not made. Only once. */
    Iterator<WholeReply> bestFirst() {
      PriorityQueue<WholeReply> best = new PriorityQueue<>(BEST_FIRST);
      best.addAll(spokenFor);
      Iterator<WholeReply> byUse = others.iterator();
      return new Iterator<>() {
        private WholeReply other; // the next one, which stands in the queue

        private void takeOther() {
          if (other == null && byUse.hasNext()) {
            other = byUse.next();
            best.add(other);
          }
        }

        @Override
        public boolean hasNext() {
          takeOther();
          return !best.isEmpty();
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // of two that are equal each is taken once
        public WholeReply next() {
          takeOther();
          WholeReply next = best.remove();
          other = next == other ? null : other;
          return next;
        }
      };
    }
  }

  private final Salts salts;
  private final Wordings answers;
  private final List<String> agents;
  private final Queues queues;
  private final Map<String, Integer> numbers; // of agents
  private final List<KnownText> wordings;
  private final Map<Long, KnownText> byHash = new HashMap<>();
  private final List<KnownText> ofAnswers;
  private final Map<Integer, List<KnownText>> ofAgents; // that they used, or only they may see
  private final List<KnownText> byUse; // for everybody, without those of answers
  private final List<KnownText> typed; // since training
  private final MemoryIndex index;
  private final Continuations continuations;
  private final int[] repliesOfAgent;

  /**
   * @param agents hashes of their ids
   * @param wordings that somebody may be shown
   * @param index of all replies, which this closes when nothing refers to it any more
   */
  Memory(
      Salts salts,
      Wordings answers,
      List<String> agents,
      Queues queues,
      List<KnownText> wordings,
      int[] repliesOfAgent,
      Continuations continuations,
      MemoryIndex index) {
    this.salts = salts;
    this.answers = answers;
    this.agents = List.copyOf(agents);
    this.queues = queues;
    this.numbers = new HashMap<>();
    for (int agent = 0; agent < agents.size(); agent++) {
      numbers.put(agents.get(agent), agent);
    }
    this.wordings = List.copyOf(wordings);
    wordings.forEach(one -> byHash.put(one.hash(), one));
    this.ofAnswers = wordings.stream().filter(one -> one.answer() != UNKNOWN).toList();
    this.ofAgents = ofAgents(this.wordings);
    this.byUse =
        wordings.stream()
            .filter(one -> one.answer() == UNKNOWN && one.isForAll())
            .sorted(
                Comparator.comparingInt((KnownText one) -> -one.used().replies())
                    .thenComparing(KnownText::text))
            .toList();
    this.typed = wordings.stream().filter(one -> one.typed().isPresent()).toList();
    this.repliesOfAgent = repliesOfAgent.clone();
    this.continuations = continuations;
    this.index = index;
    // Sessions keep the memory with which they were opened, for as long as they like.
    CLEANER.register(this, index::close);
  }

  private static Map<Integer, List<KnownText>> ofAgents(List<KnownText> wordings) {
    Map<Integer, List<KnownText>> ofAgents = new HashMap<>();
    for (KnownText one : wordings) {
      Set<Integer> agents = new HashSet<>(one.used().conversations().keySet());
      agents.addAll(one.used().typed().keySet());
      one.typed().map(Readers::agents).ifPresent(agents::addAll);
      for (int agent : agents) {
        if (agent != UNKNOWN && one.isFor(agent)) {
          ofAgents.computeIfAbsent(agent, _ -> new ArrayList<>()).add(one);
        }
      }
    }
    return ofAgents;
  }

  /** The hash by which an agent is known where ids have this salt. */
  public static String pseudonym(String salt, String agentId) {
    return Sha256.brief(salt + agentId);
  }

  /** The hash by which a conversation is known where ids have this salt. */
  public static String conversationHash(String salt, String id) {
    return Sha256.brief(salt + "conversation" + id);
  }

  /** Whether agents are known by hashes with another salt than {@code salt}. */
  public boolean knowsAgentsByAnotherSalt(String salt) {
    return !agents.isEmpty() && !salts.agents().equals(salt);
  }

  /** The texts that somebody may be shown, the answers' wordings among them. */
  public List<String> texts() {
    return wordings.stream().map(KnownText::text).toList();
  }

  /** How many replies are remembered. */
  public int replies() {
    return index.size();
  }

  Salts salts() {
    return salts;
  }

  /** Hashes of the agents whose replies these are. */
  public List<String> agents() {
    return agents;
  }

  Queues queues() {
    return queues;
  }

  List<KnownText> wordings() {
    return wordings;
  }

  int[] repliesOfAgent() {
    return repliesOfAgent.clone();
  }

  MemoryIndex index() {
    return index;
  }

  /** Unmaps its files at once; nothing may ask it any more. */
  public void close() {
    index.close();
  }

  /** Whether it has replies, and was built for these answers. */
  @SuppressWarnings("ReferenceEquality") // nobody reads the same answers twice
  boolean hasTrained(Wordings own) {
    return answers == own && index.size() > 0;
  }

  /** Of the model's hidden states. */
  int width() {
    return index.mean().length;
  }

  Continuations continuations() {
    return continuations;
  }

  /** What the model read before each typed reply, by the reply's key. */
  public Function<String, Optional<ReadContext>> typedContexts() {
    Map<Long, ReadContext> contexts = new HashMap<>();
    index.forEachTyped(
        true, one -> contexts.put(one.key(), new ReadContext(one.state(), true, one.terms())));
    return key -> Optional.ofNullable(contexts.get(salts.key(key)));
  }

  /** Every wording, by its hash, also those whose text nobody may be shown. */
  Collection<Worded> worded() {
    Map<Long, Worded> all = new LinkedHashMap<>();
    for (KnownText one : wordings) {
      all.put(
          one.hash(),
          new Worded(one.hash(), Optional.of(one), one.used(), continuations.termsOf(one.text())));
    }
    if (replies() <= MOST_LENDING) {
      Map<Long, TextCount> counts = new LinkedHashMap<>();
      index.forEach(
          false,
          one -> {
            if (!byHash.containsKey(one.reply())) {
              counts
                  .computeIfAbsent(one.reply(), _ -> new TextCount(one.words()))
                  .add(new Writer(one.agent(), one.queue()), one.conversation(), one.key() != 0);
            }
          });
      counts.forEach(
          (hash, count) ->
              all.put(
                  hash,
                  new Worded(
                      hash,
                      Optional.empty(),
                      count.use(queues),
                      continuations.termsOf(count.words()))));
    }
    return all.values();
  }

  /**
   * Everything that may be shown at {@code desk}.
   *
   * @param library whose entries are recalled too
   * @param hidden the model's hidden state after the context
   * @param context as the model reads it
   * @param meant how probable each answer is by the answer head
   */
  Recall recall(
      LibraryTexts library, float[] hidden, List<Message> context, Desk desk, double[] meant) {
    Writer writer = writer(desk);
    int agent = writer.agent();
    Neighbours neighbours =
        new Neighbours(
            agent, weights(byHidden(hidden), writer), weights(byTerms(context), writer), meant);
    ForEntries forEntries = new ForEntries(library);
    for (LibraryTexts.Lender one : library.lenders()) {
      Worded wording = one.wording();
      forEntries.lend(neighbours.evidence(wording.hash(), wording.shown(), wording.used()), one);
    }
    if (library.only()) {
      return forEntries.join(new Recall(List.of(), Stream.empty(), Withheld.NONE), context, desk);
    }
    Map<Long, KnownText> spokenFor = new LinkedHashMap<>();
    ofAnswers.forEach(one -> spokenFor.put(one.hash(), one));
    ofAgents.getOrDefault(agent, List.of()).forEach(one -> spokenFor.put(one.hash(), one));
    neighbours
        .hashes()
        .map(byHash::get)
        .filter(one -> one != null && one.isFor(agent))
        .forEach(one -> spokenFor.put(one.hash(), one));
    boolean otherQueue = spokenFor.values().removeIf(one -> !one.isFor(writer));
    boolean forbidden = spokenFor.keySet().stream().anyMatch(hash -> !library.allowsWording(hash));
    Recall recall =
        new Recall(
            spokenFor.values().stream()
                .filter(one -> library.allowsWording(one.hash()))
                .map(neighbours::reply)
                .toList(),
            byUse.stream()
                .filter(one -> !spokenFor.containsKey(one.hash()) && one.isFor(writer))
                .filter(one -> library.allowsWording(one.hash()))
                .map(neighbours::reply),
            forbidden ? Withheld.FORBIDDEN : otherQueue ? Withheld.OTHER_QUEUE : Withheld.NONE);
    return forEntries.join(recall, context, desk);
  }

  /** The wordings of the replies to similar contexts, and the evidence for each wording in them. */
  private final class Neighbours {
    private final int agent;
    private final Map<Long, Double> byHidden;
    private final Map<Long, Double> byTerms;
    private final double[] meant;
    private final double allHidden;
    private final double allTerms;
    private final double all = Math.max(1, replies());
    private final double ofAgent;

    Neighbours(int agent, Map<Long, Double> byHidden, Map<Long, Double> byTerms, double[] meant) {
      this.agent = agent;
      this.byHidden = byHidden;
      this.byTerms = byTerms;
      this.meant = meant;
      this.allHidden = byHidden.values().stream().mapToDouble(Double::doubleValue).sum() + FEW;
      this.allTerms = byTerms.values().stream().mapToDouble(Double::doubleValue).sum() + FEW;
      this.ofAgent = agent == UNKNOWN ? 0 : repliesOfAgent[agent];
    }

    Stream<Long> hashes() {
      return Stream.concat(byHidden.keySet().stream(), byTerms.keySet().stream());
    }

    WholeReply reply(KnownText one) {
      Optional<String> id =
          one.answer() == UNKNOWN ? Optional.empty() : Optional.of(answers.id(one.answer()));
      return WholeReply.template(
          one.text(), one.norm(), id, evidence(one.hash(), Optional.of(one), one.used()));
    }

    WholeReply.Evidence evidence(long hash, Optional<KnownText> shown, Use used) {
      double use = Math.max(shown.map(KnownText::answerUse).orElse(0.0), used.replies() / all);
      return new WholeReply.Evidence(
          shown
              .filter(one -> one.answer() != UNKNOWN)
              .map(one -> meant[one.answer()] * one.share())
              .orElse(0.0),
          (byHidden.getOrDefault(hash, 0.0) + FEW * use) / allHidden,
          (byTerms.getOrDefault(hash, 0.0) + FEW * use) / allTerms,
          use,
          (used.ofAgent(agent) + SMOOTHING * use) / (ofAgent + SMOOTHING));
    }
  }

  /** What the replies lend to the entries of the library that are worded like them. */
  private static final class ForEntries {
    private final LibraryTexts library;
    private final double[] byHead;
    private final double[] byHidden;
    private final double[] byTerms;
    private final double[] use;
    private final double[] byAgent;

    ForEntries(LibraryTexts library) {
      this.library = library;
      int count = library.texts().size();
      byHead = new double[count];
      byHidden = new double[count];
      byTerms = new double[count];
      use = new double[count];
      byAgent = new double[count];
    }

    void lend(WholeReply.Evidence one, LibraryTexts.Lender lender) {
      for (int i = 0; i < lender.entries().length; i++) {
        int text = lender.entries()[i];
        double share = lender.shares()[i];
        byHead[text] += share * one.byHead();
        byHidden[text] += share * one.byHidden();
        byTerms[text] += share * one.byTerms();
        use[text] += share * one.use();
        byAgent[text] += share * one.byAgent();
      }
    }

    /** With the entries for this desk; what an entry says too is left out of the others. */
    Recall join(Recall others, List<Message> context, Desk desk) {
      if (library.texts().isEmpty()) {
        return others;
      }
      double[] alike = library.likeMessage(lastOfCustomer(context));
      Optional<String> language = new ReplyLanguage(desk, context).wanted();
      Predicate<LibraryTexts.Text> offered = library.offeredAt(desk);
      Predicate<LibraryTexts.Text> elsewhere =
          library.offeredAt(
              new Desk(desk.agentId(), Optional.empty(), desk.language(), desk.metadata()));
      Withheld withheld = others.withheld();
      List<WholeReply> joint = new ArrayList<>();
      Set<String> norms = new HashSet<>();
      for (int i = 0; i < alike.length; i++) {
        LibraryTexts.Text text = library.texts().get(i);
        if (!text.isIn(language)) {
          language.ifPresent(_ -> norms.add(text.norm())); // nor where agents sent it
        } else if (offered.test(text)) {
          norms.add(text.norm());
          WholeReply.Evidence evidence =
              new WholeReply.Evidence(
                  Math.min(1, byHead[i]),
                  Math.min(1, byHidden[i]),
                  Math.min(1, byTerms[i] + LIKE_MESSAGE * alike[i] * alike[i]),
                  Math.min(1, use[i] + LEAST_USE),
                  Math.min(1, byAgent[i] + LEAST_USE));
          Optional<String> id = Optional.of(text.entry().id());
          joint.add(WholeReply.template(text.entry().text(), text.norm(), id, evidence));
        } else if (withheld == Withheld.NONE && elsewhere.test(text)) {
          withheld = Withheld.OTHER_QUEUE;
        }
      }
      others.spokenFor().stream().filter(one -> !norms.contains(one.norm())).forEach(joint::add);
      return new Recall(
          joint, others.others().filter(one -> !norms.contains(one.norm())), withheld);
    }

    private static String lastOfCustomer(List<Message> context) {
      return context.reversed().stream()
          .filter(message -> !message.isAgent())
          .findFirst()
          .map(Message::text)
          .orElse("");
    }
  }

  /** What may follow a draft by the words before. */
  public Map<String, Double> continuations(String draft, Desk desk) {
    return continuations.after(draft, writer(desk));
  }

  /** The links that may stand where a draft ends; see {@link Continuations#links}. */
  public Map<String, Double> links(String draft, Desk desk) {
    return continuations.links(draft, writer(desk));
  }

  /**
   * What agents typed since training: texts that a draft may begin and its agent may be shown.
   * Neither the model nor {@link #continuations} knows them.
   */
  public List<String> typedSince(String draft, Desk desk) {
    String lower = Words.lower(draft);
    if (lower.isBlank()) {
      return List.of();
    }
    Writer writer = writer(desk);
    return typed.stream()
        .filter(one -> LibraryTexts.mayAgree(one.text(), lower) && one.isFor(writer))
        .map(KnownText::text)
        .toList();
  }

  private Writer writer(Desk desk) {
    return new Writer(
        numberOf(desk.agentId()),
        desk.queue().map(name -> queues.number(salts.queue(name))).orElse(UNKNOWN));
  }

  private int numberOf(Optional<String> agentId) {
    if (agentId.isEmpty() || agents.isEmpty()) {
      return UNKNOWN;
    }
    int typedAs = numbers.getOrDefault(pseudonym(salts.typed(), agentId.get()), UNKNOWN);
    return numbers.getOrDefault(pseudonym(salts.agents(), agentId.get()), typedAs);
  }

  /** A reply found, and what it counts. */
  private record Neighbour(MemoryIndex.Hit hit, double weight) {}

  /** The weight of each wording in these replies. */
  private static Map<Long, Double> weights(List<Neighbour> neighbours, Writer writer) {
    Map<Long, Double> weights = new LinkedHashMap<>();
    for (Neighbour one : neighbours) {
      MemoryIndex.Hit hit = one.hit();
      boolean own = writer.agent() != UNKNOWN && hit.agent() == writer.agent();
      boolean near = writer.queue() != UNKNOWN && hit.queue() == writer.queue();
      double times = (own ? OWN_WEIGHT : 1) * (near ? QUEUE_WEIGHT : 1);
      weights.merge(hit.reply(), one.weight() * times, Double::sum);
    }
    return weights;
  }

  /** The replies to the contexts that the model sees most alike. */
  private List<Neighbour> byHidden(float[] hidden) {
    List<MemoryIndex.Hit> nearest = index.nearest(hidden, NEIGHBOURS);
    double best = nearest.stream().mapToDouble(MemoryIndex.Hit::similarity).max().orElse(0);
    return nearest.stream()
        .map(one -> new Neighbour(one, Math.exp((one.similarity() - best) / TEMPERATURE)))
        .toList();
  }

  /** The replies to the contexts that are worded most alike. */
  private List<Neighbour> byTerms(List<Message> context) {
    return index.alike(ContextTerms.of(context, salts.texts()), WORDED_ALIKE).stream()
        .map(one -> new Neighbour(one, Math.pow(one.similarity(), SHARPNESS)))
        .toList();
  }
}
