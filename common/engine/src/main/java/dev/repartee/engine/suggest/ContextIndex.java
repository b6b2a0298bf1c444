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
 * has it with {@code sublinear_tf}. Contexts can be added at any time. For several threads.
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

  /** Lengths are computed anew each time the number of contexts has grown by this factor. */
  private static final double GROWTH = 1.1;

  /** How often a text of one side holds each term. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Terms(int[] hashes, int[] counts) {}

  /** The contexts that hold a term, and {@code 1 + ln tf} of each. */
  private static final class Postings {
    private int[] contexts = new int[2];
    private float[] frequencies = new float[2];
    private int size;

    private void remove(int context) {
      for (int i = 0; i < size; i++) {
        if (contexts[i] == context) {
          size--;
          contexts[i] = contexts[size];
          frequencies[i] = frequencies[size];
          return;
        }
      }
    }

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
    private double[] lengths = new double[16];

    void add(int context, Terms terms) {
      if (context == lengths.length) {
        lengths = Arrays.copyOf(lengths, 2 * context);
      }
      for (int i = 0; i < terms.hashes().length; i++) {
        postings
            .computeIfAbsent(terms.hashes()[i], term -> new Postings())
            .add(context, frequency(terms.counts()[i]));
      }
      double squares = 0;
      for (int i = 0; i < terms.hashes().length; i++) {
        double weight = frequency(terms.counts()[i]) * rarity(postings.get(terms.hashes()[i]));
        squares += weight * weight;
      }
      lengths[context] = Math.sqrt(squares);
    }

    void remove(int context, Terms terms) {
      for (int hash : terms.hashes()) {
        Postings holders = postings.get(hash);
        holders.remove(context);
        if (holders.size == 0) {
          postings.remove(hash);
        }
      }
    }

    /** With what is known now of how rare the terms are. */
    void measure() {
      Arrays.fill(lengths, 0, count, 0);
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

  private final String salt;
  private int count;
  private int measured;
  private final Side customers = new Side();
  private final Side agents = new Side();

  /** An index whose terms are hashed without a salt, for one that is not stored. */
  public ContextIndex() {
    this("");
  }

  /**
   * @param salt of the hashes of terms
   */
  ContextIndex(String salt) {
    this.salt = salt;
  }

  private static double frequency(int count) {
    return 1 + Math.log(count);
  }

  private double rarity(Postings term) {
    return 1 + Math.log((1.0 + count) / (1.0 + term.size));
  }

  /** How many contexts were added. */
  public synchronized int size() {
    return count;
  }

  /** What this index sees of a context: each side's last message, and who wrote last. */
  List<Terms> terms(List<Message> context) {
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
    return List.of(termsOf(customer), termsOf(agent + " " + last));
  }

  private Terms termsOf(String text) {
    List<String> words =
        WORD.matcher(text.toLowerCase(Locale.ROOT)).results().map(MatchResult::group).toList();
    Map<Integer, Integer> counts = new HashMap<>();
    for (int i = 0; i < words.size(); i++) {
      counts.merge(hash(words.get(i)), 1, Integer::sum);
      if (i > 0) {
        counts.merge(hash(words.get(i - 1) + " " + words.get(i)), 1, Integer::sum);
      }
    }
    int[] hashes = counts.keySet().stream().mapToInt(Integer::intValue).sorted().toArray();
    return new Terms(hashes, Arrays.stream(hashes).map(counts::get).toArray());
  }

  /** Folded: of 100,000 terms about one pair has the same. */
  private int hash(String term) {
    long hash = Fnv.hash(salt + term);
    return (int) (hash ^ (hash >>> 32));
  }

  /** Adds a context, under the next number. */
  public synchronized void add(List<Message> context) {
    addTerms(terms(context));
  }

  synchronized void addTerms(List<Terms> terms) {
    customers.add(count, terms.get(0));
    agents.add(count, terms.get(1));
    count++;
  }

  /** Removes a context, whose number is then free. */
  synchronized void remove(int context, List<Terms> terms) {
    customers.remove(context, terms.get(0));
    agents.remove(context, terms.get(1));
  }

  /** Adds a context under a number that is free. */
  synchronized void putTerms(int context, List<Terms> terms) {
    customers.add(context, terms.get(0));
    agents.add(context, terms.get(1));
  }

  /**
   * The {@code most} contexts most similar to {@code context}, without those that share no term.
   */
  public synchronized List<Near> nearest(List<Message> context, int most) {
    if (count > GROWTH * measured) {
      customers.measure();
      agents.measure();
      measured = count;
    }
    double[] similarities = new double[count];
    List<Terms> terms = terms(context);
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
