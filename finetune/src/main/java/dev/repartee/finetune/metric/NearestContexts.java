package dev.repartee.finetune.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * The contexts most similar to a context: the mean of the cosines of the TF-IDF vectors of both
 * sides' last messages, found through an inverted index.
 */
final class NearestContexts {

  /** In large data, terms of a single text are most of the memory and find nothing else. */
  private static final int MANY = 50_000;

  /**
   * A context found.
   *
   * @param index of the context among those learned
   */
  record Near(int index, double similarity) {}

  private static final Comparator<Near> NEAREST_FIRST =
      Comparator.comparingDouble(Near::similarity).reversed().thenComparingInt(Near::index);

  /** The texts that hold a term, and its weight in each. */
  private static final class Postings {
    private int[] contexts = new int[2];
    private float[] weights = new float[2];
    private int size;

    private void add(int context, double weight) {
      if (size == contexts.length) {
        contexts = Arrays.copyOf(contexts, 2 * size);
        weights = Arrays.copyOf(weights, 2 * size);
      }
      contexts[size] = context;
      weights[size++] = (float) weight;
    }
  }

  private final int count;
  private final TermWeights customers;
  private final TermWeights agents;
  private final List<Postings> postings;

  NearestContexts(List<ReplyContext> contexts) {
    count = contexts.size();
    int leastTexts = count > MANY ? 2 : 1;
    customers = new TermWeights(contexts.stream().map(ReplyContext::customer).toList(), leastTexts);
    agents = new TermWeights(contexts.stream().map(ReplyContext::agent).toList(), leastTexts);
    postings = Stream.generate(Postings::new).limit(customers.size() + agents.size()).toList();
    for (int i = 0; i < count; i++) {
      int context = i;
      vector(contexts.get(i))
          .forEach(term -> postings.get(term.number()).add(context, term.weight()));
    }
  }

  private record Term(int number, double weight) {}

  /** Both sides' vectors one behind the other, scaled to length one. */
  private List<Term> vector(ReplyContext context) {
    List<Term> terms = new ArrayList<>();
    customers
        .weigh(context.customer())
        .forEach((term, weight) -> terms.add(new Term(term, weight)));
    int first = customers.size();
    agents
        .weigh(context.agent())
        .forEach((term, weight) -> terms.add(new Term(first + term, weight)));
    double length =
        Math.sqrt(terms.stream().mapToDouble(term -> term.weight() * term.weight()).sum());
    return terms.stream().map(term -> new Term(term.number(), term.weight() / length)).toList();
  }

  /**
   * The {@code most} contexts most similar to {@code context}, those with nothing in common out.
   */
  List<Near> find(ReplyContext context, int most) {
    double[] similarities = new double[count];
    for (Term term : vector(context)) {
      Postings holders = postings.get(term.number());
      for (int i = 0; i < holders.size; i++) {
        similarities[holders.contexts[i]] += term.weight() * holders.weights[i];
      }
    }
    PriorityQueue<Near> nearest = new PriorityQueue<>(NEAREST_FIRST.reversed());
    for (int i = 0; i < count; i++) {
      boolean wanted =
          similarities[i] > 0
              && (nearest.size() < most || similarities[i] > nearest.element().similarity());
      if (wanted) {
        nearest.add(new Near(i, similarities[i]));
        if (nearest.size() > most) {
          nearest.remove();
        }
      }
    }
    return nearest.stream().sorted(NEAREST_FIRST).toList();
  }
}
