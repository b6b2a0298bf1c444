package dev.repartee.engine.memory;

import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.Phrasing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Every way in which the answers of a set are worded, and which of them a reply is. */
public final class Wordings {

  /**
   * One way to word an answer.
   *
   * @param answer its position in the set
   * @param share of the answer's uses that are worded so, 0 to 1
   * @param norm the text under {@link TextNorm#norm}
   */
  public record Wording(int answer, String text, String norm, double share) {}

  private final AnswerSet set;
  private final AnswerLookup lookup;
  private final List<Wording> all;
  private final Map<String, Integer> byNorm = new HashMap<>();

  /** The wordings of {@code set}, in its order. */
  public Wordings(AnswerSet set) {
    this.set = set;
    this.lookup = new AnswerLookup(set);
    List<Wording> found = new ArrayList<>();
    for (int i = 0; i < set.size(); i++) {
      add(set.answers().get(i), i, found);
    }
    this.all = List.copyOf(found);
    for (int i = 0; i < all.size(); i++) {
      byNorm.putIfAbsent(all.get(i).norm(), i);
    }
  }

  private static void add(Answer answer, int position, List<Wording> found) {
    Map<String, Phrasing> best = new HashMap<>();
    Map<String, Long> counts = new HashMap<>();
    long shown = 0;
    for (Phrasing phrasing : answer.phrasings()) {
      String norm = TextNorm.norm(phrasing.text());
      best.putIfAbsent(norm, phrasing);
      counts.merge(norm, phrasing.count(), Long::sum);
      shown += phrasing.count();
    }
    // Uses that are worded in ways too rare to be shown count too.
    double uses = Math.max(1, Math.max(shown, answer.count()));
    String text = TextNorm.norm(answer.text());
    best.forEach(
        (norm, phrasing) ->
            found.add(
                new Wording(
                    position,
                    norm.equals(text) ? answer.text() : phrasing.text(),
                    norm,
                    counts.get(norm) / uses)));
    if (!best.containsKey(text)) {
      found.add(new Wording(position, answer.text(), text, 1 / uses));
    }
  }

  public List<Wording> all() {
    return all;
  }

  /** How many answers these word. */
  public int answers() {
    return set.size();
  }

  String id(int answer) {
    return set.answers().get(answer).id();
  }

  /** The share of each answer in all uses of answers; 0 of those that are only parts of replies. */
  double[] uses() {
    double total = Math.max(1, set.answers().stream().mapToLong(Answer::count).sum());
    return set.answers().stream().mapToDouble(answer -> answer.count() / total).toArray();
  }

  /** Which wording has this {@link TextNorm#norm}. */
  public OptionalInt withNorm(String norm) {
    Integer position = byNorm.get(norm);
    return position == null ? OptionalInt.empty() : OptionalInt.of(position);
  }

  /**
   * A number for what a reply is: the position of the wording; or, behind those, of the answer that
   * it words in a way too rare to be shown; or, behind these, none of the answers.
   */
  public int label(String reply) {
    OptionalInt wording = withNorm(TextNorm.norm(reply));
    return wording.isPresent()
        ? wording.getAsInt()
        : all.size() + lookup.positionOf(reply).orElse(answers());
  }

  /** The answer that a label means; as many as there are answers for none of them. */
  public int answerOf(int label) {
    return label < all.size() ? all.get(label).answer() : label - all.size();
  }

  /**
   * Finds the answer that a reply gives. Texts that are equal under {@link TextNorm#norm} come
   * first, then texts that differ only in numbers, then hidden phrasings. Of two answers with the
   * same phrasing the earlier one counts.
   */
  public static final class AnswerLookup {

    private final Map<String, Integer> byNorm = new HashMap<>();
    private final Map<String, Integer> byMask = new HashMap<>();
    private final Map<String, Integer> byHash = new HashMap<>();

    /** Indexes the phrasings of {@code answers}. */
    public AnswerLookup(AnswerSet answers) {
      for (int i = 0; i < answers.size(); i++) {
        Answer answer = answers.answers().get(i);
        add(answer.text(), i);
        for (Phrasing phrasing : answer.phrasings()) {
          add(phrasing.text(), i);
        }
        for (String hash : answer.hiddenPhrasings()) {
          byHash.putIfAbsent(hash, i);
        }
      }
    }

    private void add(String text, int position) {
      byNorm.putIfAbsent(TextNorm.norm(text), position);
      byMask.putIfAbsent(TextNorm.mask(text), position);
    }

    /** The position in the set of the answer that has {@code reply} as a phrasing. */
    public OptionalInt positionOf(String reply) {
      Integer position = byNorm.get(TextNorm.norm(reply));
      if (position == null) {
        String masked = TextNorm.mask(reply);
        position = byMask.get(masked);
        if (position == null && !byHash.isEmpty()) {
          position = byHash.get(Phrasing.hashOfKey(masked));
        }
      }
      return position == null ? OptionalInt.empty() : OptionalInt.of(position);
    }
  }
}
