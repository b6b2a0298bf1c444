package dev.repartee.engine.suggest;

import dev.repartee.text.DotProduct;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.privacy.Sharing;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * What agents replied, and in which contexts. Everything that knows texts is a query on it: the
 * replies to the nearest contexts, by the model's hidden state as in the kNN language model
 * (Khandelwal et al. 2020) and by TF-IDF, how often each text is used, and by whom. It never
 * changes: a {@link MemoryBuilder} makes it, and decides which texts may be shown to whom; a {@link
 * MemoryFile} stores it. For several threads.
 *
 * <p>Texts that nobody may be shown are kept as a hash and, for {@link Continuations}, as their
 * words, the rare ones of which are hashes too; contexts as a hidden state and hashes of their
 * words.
 */
public final class Memory {

  /** The file with the hidden states in a model folder. */
  public static final String FILE = "memory.safetensors";

  /** About how many replies {@code finetune} keeps: more are slow to compare and large to ship. */
  public static final int MOST = 10_000;

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

  static final int UNKNOWN = -1;

  /** The mean is of the first rows: so many that one in {@code 1.1} of all is among them. */
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

  /**
   * One way to word a reply, and who used it.
   *
   * @param hash of the text
   * @param text null where nobody may be shown it, and so is its norm
   * @param answer that it words, or {@link #UNKNOWN}
   * @param share of the answer's uses that are worded so
   * @param answerUse its share of all uses of answers
   * @param shared whether training conversations make it a text for everybody
   * @param learned who may see it because of what was typed since
   * @param words of the first reply that is worded so
   * @param replies that are worded so
   * @param conversations that hold it, by agent
   * @param typed replies since training, by agent
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Wording(
      String hash,
      String text,
      String norm,
      int answer,
      double share,
      double answerUse,
      boolean shared,
      Optional<Readers> learned,
      int[] words,
      int replies,
      Map<Integer, Integer> conversations,
      Map<Integer, Integer> typed) {

    int ofAgent(int agent) {
      return agent == UNKNOWN
          ? 0
          : conversations.getOrDefault(agent, 0) + typed.getOrDefault(agent, 0);
    }

    boolean isForAll() {
      return shared || learned.map(Readers::all).orElse(false);
    }

    boolean isFor(int agent) {
      return isForAll()
          || (agent != UNKNOWN
              && (Sharing.isOwn(conversations.getOrDefault(agent, 0))
                  || learned.map(readers -> readers.agents().contains(agent)).orElse(false)));
    }
  }

  /**
   * Who may see a text.
   *
   * @param agents who may see it where not everybody may, as numbers
   */
  record Readers(boolean all, Set<Integer> agents) {

    Readers {
      agents = Set.copyOf(agents);
    }
  }

  /**
   * A reply that was given.
   *
   * @param reply number of its wording
   * @param agent its number, or {@link #UNKNOWN}
   * @param conversation its number
   * @param terms of its context, see {@link ContextIndex#terms}
   * @param words of the reply, numbers of {@link Continuations#words}
   * @param hidden the model's hidden state after the context
   * @param key of what was typed since training; empty for what training conversations hold
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(
      int reply,
      int agent,
      int conversation,
      List<ContextIndex.Terms> terms,
      int[] words,
      float[] hidden,
      String key) {

    boolean isTyped() {
      return !key.isEmpty();
    }
  }

  /**
   * How agents, texts, words and conversations are hashed.
   *
   * @param agents salt of agents' ids
   * @param texts salt of texts, words, terms and conversations
   * @param typed salt of the ids of agents of whom only typed replies are known
   * @param byWording whether texts of one {@link dev.repartee.text.TextNorm#wording} are the same;
   *     in earlier versions those of one {@link dev.repartee.text.TextNorm#norm} were
   */
  record Salts(String agents, String texts, String typed, boolean byWording) {}

  private final Salts salts;
  private final Wordings answers;
  private final List<String> agents;
  private final Map<String, Integer> numbers; // of agents
  private final int[] repliesOfAgent;
  private final List<Wording> wordings;
  private final List<String> conversations;
  private final List<Entry> entries;
  private final ContextIndex contexts;
  private final Continuations continuations;
  private final float[] mean;
  private final double meanSquares;
  private final double[] byMean; // for each entry, the product of its hidden state with the mean
  private final double[] lengths; // for each entry, that of its hidden state less the mean

  /**
   * @param agents hashes of their ids
   * @param conversations hashes of the training conversations' ids, by number; an empty one is not
   *     known
   * @param width of the model's hidden states
   */
  Memory(
      Salts salts,
      Wordings answers,
      List<String> agents,
      List<String> conversations,
      List<Wording> wordings,
      List<Entry> entries,
      Continuations continuations,
      int width) {
    this.salts = salts;
    this.answers = answers;
    this.agents = List.copyOf(agents);
    this.conversations = List.copyOf(conversations);
    this.numbers = new HashMap<>();
    for (int agent = 0; agent < agents.size(); agent++) {
      numbers.put(agents.get(agent), agent);
    }
    this.wordings = List.copyOf(wordings);
    this.entries = List.copyOf(entries);
    this.continuations = continuations;
    this.contexts = new ContextIndex(entries.stream().map(Entry::terms).toList());
    this.repliesOfAgent = new int[agents.size()];
    for (Entry entry : entries) {
      if (entry.agent() != UNKNOWN) {
        repliesOfAgent[entry.agent()]++;
      }
    }
    this.mean = mean(entries, width);
    this.meanSquares = DotProduct.of(mean, mean, 0);
    this.byMean = new double[entries.size()];
    this.lengths = new double[entries.size()];
    for (int n = 0; n < lengths.length; n++) {
      float[] hidden = entries.get(n).hidden();
      byMean[n] = DotProduct.of(hidden, mean, 0);
      lengths[n] = length(DotProduct.of(hidden, hidden, 0), byMean[n]);
    }
  }

  private static float[] mean(List<Entry> entries, int width) {
    int first = 0;
    for (int next = 1; next <= entries.size(); next = (int) (GROWTH * next) + 1) {
      first = next;
    }
    float[] mean = new float[width];
    for (Entry entry : entries.subList(0, first)) {
      for (int c = 0; c < width; c++) {
        mean[c] += entry.hidden()[c] / first;
      }
    }
    return mean;
  }

  /** Of a vector less the mean. */
  private double length(double squares, double byMean) {
    return Math.sqrt(Math.max(squares - 2 * byMean + meanSquares, 1e-12));
  }

  /** The hash by which an agent is known where ids have this salt. */
  public static String pseudonym(String salt, String agentId) {
    return Sha256.brief(salt + agentId);
  }

  /** The hash by which a conversation is known where ids have this salt. */
  public static String conversationHash(String salt, String id) {
    return Sha256.brief(salt + "conversation" + id);
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

  /** How much is remembered. */
  public Size size() {
    int shared = (int) wordings.stream().filter(Wording::isForAll).count();
    Optional<String> known =
        salts.agents().isEmpty() ? Optional.empty() : Optional.of(fingerprint(salts.agents()));
    int texts = (int) wordings.stream().filter(one -> one.text() != null).count();
    return new Size(known, entries.size(), agents.size(), shared, texts - shared);
  }

  /** The replies that are kept as text, the answers' wordings among them. */
  List<String> texts() {
    return wordings.stream().map(Wording::text).filter(Objects::nonNull).toList();
  }

  Salts salts() {
    return salts;
  }

  List<String> agents() {
    return agents;
  }

  List<String> conversations() {
    return conversations;
  }

  List<Wording> wordings() {
    return wordings;
  }

  List<Entry> entries() {
    return entries;
  }

  Continuations continuations() {
    return continuations;
  }

  int width() {
    return mean.length;
  }

  /** The different terms of a wording's text. */
  long[] termsOf(Wording one) {
    return one.text() == null
        ? continuations.termsOf(one.words())
        : continuations.termsOf(one.text());
  }

  /**
   * Everything that may be shown at {@code desk}.
   *
   * @param library whose entries are recalled too
   * @param hidden the model's hidden state after the context
   * @param context as the model reads it
   * @param meant how probable each answer is by the answer head
   */
  List<Recalled> recall(
      LibraryTexts library, float[] hidden, List<Message> context, Desk desk, double[] meant) {
    int agent = numberOf(desk.agentId());
    double[] byHidden = byHidden(hidden, agent);
    double[] byTerms = byTerms(context, agent);
    double allHidden = Arrays.stream(byHidden).sum() + FEW;
    double allTerms = Arrays.stream(byTerms).sum() + FEW;
    double all = Math.max(1, entries.size());
    double ofAgent = agent == UNKNOWN ? 0 : repliesOfAgent[agent];
    ForEntries forEntries = new ForEntries(library);
    List<Recalled> recalled = new ArrayList<>();
    for (int w = 0; w < wordings.size(); w++) {
      Wording one = wordings.get(w);
      LibraryTexts.Near near = library.near(w);
      boolean shown = one.text() != null && one.isFor(agent) && !library.forbids(w);
      if (!shown && near.texts().length == 0) {
        continue;
      }
      double use = Math.max(one.answerUse(), one.replies() / all);
      Recalled found =
          new Recalled(
              one.text(),
              one.norm(),
              one.answer() == UNKNOWN ? Optional.empty() : Optional.of(answers.id(one.answer())),
              one.answer() == UNKNOWN ? 0 : meant[one.answer()] * one.share(),
              (byHidden[w] + FEW * use) / allHidden,
              (byTerms[w] + FEW * use) / allTerms,
              use,
              (one.ofAgent(agent) + SMOOTHING * use) / (ofAgent + SMOOTHING),
              !one.isForAll());
      forEntries.lend(found, near);
      if (shown && !library.only()) {
        recalled.add(found);
      }
    }
    return forEntries.join(recalled, context, desk);
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
        if (library.isFor(text, desk)) {
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
    return continuations.after(draft, numberOf(agentId));
  }

  private int numberOf(Optional<String> agentId) {
    if (agentId.isEmpty() || agents.isEmpty()) {
      return UNKNOWN;
    }
    int typedAs = numbers.getOrDefault(pseudonym(salts.typed(), agentId.get()), UNKNOWN);
    return numbers.getOrDefault(pseudonym(salts.agents(), agentId.get()), typedAs);
  }

  private static double weight(Entry entry, int agent) {
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
    for (int n = 0; n < entries.size(); n++) {
      double product =
          DotProduct.of(hidden, entries.get(n).hidden(), 0) - queryByMean - byMean[n] + meanSquares;
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
    List<ContextIndex.Terms> terms = ContextIndex.terms(salts.texts(), context);
    for (ContextIndex.Near near : contexts.nearest(terms, WORDED_ALIKE)) {
      Entry entry = entries.get(near.index());
      shares[entry.reply()] += Math.pow(near.similarity(), SHARPNESS) * weight(entry, agent);
    }
    return shares;
  }
}
