package dev.repartee.engine.suggest;

import dev.repartee.text.Fnv;
import dev.repartee.text.conversation.Message;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Finds the contexts that are worded most alike: the mean of the cosines of the TF-IDF vectors of
 * both sides' last messages, through an inverted index. Terms are words and pairs of words, each
 * kept as a hash; their weight is {@code (1 + ln tf) (1 + ln((1 + n) / (1 + df)))}, as scikit-learn
 * has it with {@code sublinear_tf}. Never changes.
 */
public final class ContextIndex {

  /**
   * A context found.
   *
   * @param index of the context, in the order in which they were added
   * @param similarity above 0, at most 1
   */
  public record Near(int index, double similarity) {}

  private static final Comparator<Near> NEAREST_FIRST =
      Comparator.comparingDouble(Near::similarity).reversed().thenComparingInt(Near::index);

  /** Also words of one letter, which scikit-learn leaves out by default. */
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}_]+");

  private static final String NO_MESSAGE = "zzstart";

  /** How often a text of one side holds each term. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Terms(int[] hashes, int[] counts) {}

  /** The contexts that hold a term, and {@code 1 + ln tf} of each. */
  private static final class Postings {
    private int[] contexts = new int[2];
    private float[] frequencies = new float[2];
    private int size;

    private void add(int context, double frequency) {
      if (size == contexts.length) {
        contexts = Arrays.copyOf(contexts, 2 * size);
        frequencies = Arrays.copyOf(frequencies, 2 * size);
      }
      contexts[size] = context;
      frequencies[size++] = (float) frequency;
    }
  }

  /** One side's last messages. */
  private final class Side {
    private final Map<Integer, Postings> postings = new HashMap<>();
    private final double[] lengths = new double[count];

    Side(List<Terms> contexts) {
      for (int context = 0; context < count; context++) {
        Terms terms = contexts.get(context);
        for (int i = 0; i < terms.hashes().length; i++) {
          postings
              .computeIfAbsent(terms.hashes()[i], term -> new Postings())
              .add(context, frequency(terms.counts()[i]));
        }
      }
      for (Postings term : postings.values()) {
        double rarity = rarity(term);
        for (int i = 0; i < term.size; i++) {
          double weight = term.frequencies[i] * rarity;
          lengths[term.contexts[i]] += weight * weight;
        }
      }
      for (int i = 0; i < count; i++) {
        lengths[i] = Math.sqrt(lengths[i]);
      }
    }

    /** Adds to each context's similarity this side's cosine; returns whether any term is known. */
    boolean addCosines(Terms terms, double[] similarities) {
      double squares = 0;
      for (int i = 0; i < terms.hashes().length; i++) {
        Postings holders = postings.get(terms.hashes()[i]);
        if (holders != null) {
          double weight = frequency(terms.counts()[i]) * rarity(holders);
          squares += weight * weight;
        }
      }
      double length = Math.sqrt(squares);
      for (int i = 0; i < terms.hashes().length; i++) {
        Postings holders = postings.get(terms.hashes()[i]);
        if (holders == null) {
          continue;
        }
        double rarity = rarity(holders);
        double weight = frequency(terms.counts()[i]) * rarity * rarity / length;
        for (int j = 0; j < holders.size; j++) {
          int context = holders.contexts[j];
          similarities[context] += weight * holders.frequencies[j] / lengths[context];
        }
      }
      return squares > 0;
    }
  }

  private final int count;
  private final Side customers;
  private final Side agents;

  /**
   * @param contexts each as {@link #terms} sees it
   */
  public ContextIndex(List<List<Terms>> contexts) {
    count = contexts.size();
    customers = new Side(contexts.stream().map(List::getFirst).toList());
    agents = new Side(contexts.stream().map(List::getLast).toList());
  }

  private static double frequency(int count) {
    return 1 + Math.log(count);
  }

  private double rarity(Postings term) {
    return 1 + Math.log((1.0 + count) / (1.0 + term.size));
  }

  /**
   * What an index sees of a context: each side's last message, and who wrote last.
   *
   * @param salt of the hashes of terms; empty for an index that is not stored
   */
  public static List<Terms> terms(String salt, List<Message> context) {
    String customer = NO_MESSAGE;
    String agent = NO_MESSAGE;
    String last = "zzlaststart";
    for (Message message : context) {
      if (message.isAgent()) {
        agent = message.text();
        last = "zzlastagent";
      } else {
        customer = message.text();
        last = "zzlastcustomer";
      }
    }
    return List.of(termsOf(salt, customer), termsOf(salt, agent + " " + last));
  }

  private static Terms termsOf(String salt, String text) {
    List<String> words =
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      counts.merge(hash(salt, words.get(i)), 1, Integer::sum);
      if (i > 0) {
        counts.merge(hash(salt, words.get(i - 1) + " " + words.get(i)), 1, Integer::sum);
      }
    }
    int[] hashes = counts.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    return new Terms(hashes, Arrays.stream(hashes).map(counts::get).toArray());
  }

  /** Folded: of 100,000 terms about one pair has the same. */
  private static int hash(String salt, String term) {
    long hash = Fnv.hash(salt + term);
    return (int) (hash ^ (hash >>> 32));
  }

  /**
   * The {@code most} contexts most similar to the one of these terms, without those that share no
   * term.
   */
  public List<Near> nearest(List<Terms> terms, int most) {
    double[] similarities = new double[count];
    int sides = customers.addCosines(terms.get(0), similarities) ? 1 : 0;
    sides += agents.addCosines(terms.get(1), similarities) ? 1 : 0;
    // Both vectors one behind the other have the length sqrt(2), or 1 where a side is unknown.
    double scale = 1 / Math.sqrt(2.0 * sides);
    PriorityQueue<Near> nearest = new PriorityQueue<>(NEAREST_FIRST.reversed());
    for (int i = 0; i < count; i++) {
      double similarity = similarities[i] * scale;
      if (similarity > 0
          && (nearest.size() < most || similarity > nearest.element().similarity())) {
        nearest.add(new Near(i, similarity));
        if (nearest.size() > most) {
          nearest.remove();
        }
      }
    }
    return nearest.stream().sorted(NEAREST_FIRST).toList();
  }
}
