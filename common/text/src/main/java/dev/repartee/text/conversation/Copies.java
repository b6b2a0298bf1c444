package dev.repartee.text.conversation;

import dev.repartee.text.Fnv;
import dev.repartee.text.WordBreaks;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Conversations that a corpus holds several times under other ids, whole or a part of them: each
 * counts once. Runs of four words are compared, the customer's and the agent's apart (Broder, "On
 * the resemblance and containment of documents", 1997). A run that three conversations hold is a
 * template, which says nothing. Of the other runs a conversation must share two thirds of its
 * customer's and half of its agent's with a longer one, {@value #LEAST} together: a macro behind a
 * short question is no copy. The longest come first, so that copies make no templates. Takes time
 * in proportion to the words, and 16 bytes of memory for each.
 */
public final class Copies {

  private static final int RUN = 4;
  private static final int LEAST_OF_CUSTOMER = 9;
  private static final int LEAST_WHOLE = 5; // of the customer, where all is shared
  private static final int LEAST = 24;

  private Copies() {}

  /** The ids of the copies in files. */
  public static Set<String> in(List<Path> files, Consumer<String> told) {
    return in(ConversationReader.stream(files), told);
  }

  /** The conversations of files without the copies; the caller closes them. */
  public static Stream<Conversation> without(List<Path> files, Consumer<String> told) {
    Set<String> copies = in(files, told);
    return ConversationReader.stream(files).filter(one -> !copies.contains(one.id()));
  }

  /**
   * The ids of the copies among conversations, of which the longest is none, or the first of them.
   *
   * @param conversations are closed
   * @param told gets the number of copies, if there are any
   */
  public static Set<String> in(Stream<Conversation> conversations, Consumer<String> told) {
    List<String> ids = new ArrayList<>();
    List<int[]> runs = new ArrayList<>();
    try (conversations) {
      conversations.forEachOrdered(
          one -> {
            ids.add(one.id());
            runs.add(IntStream.concat(runs(one, false), runs(one, true)).distinct().toArray());
          });
    }
    int[] known = runs.stream().flatMapToInt(Arrays::stream).sorted().toArray();
    int[] first = new int[known.length]; // number of a conversation that holds a run, from 1
    int[] second = new int[known.length]; // -1 for templates
    Set<String> copies = new HashSet<>();
    Comparator<Integer> length = Comparator.comparingInt(i -> runs.get(i).length);
    for (int i : IntStream.range(0, ids.size()).boxed().sorted(length.reversed()).toList()) {
      int[] places =
          Arrays.stream(runs.get(i)).map(run -> Arrays.binarySearch(known, run)).toArray();
      int[] compared = new int[2]; // of customer and agent
      Map<Integer, int[]> shared = new HashMap<>(); // by number
      for (int at : places) {
        if (second[at] >= 0) {
          compared[known[at] & 1]++;
          shared.computeIfAbsent(first[at], _ -> new int[2])[known[at] & 1]++;
          shared.computeIfAbsent(second[at], _ -> new int[2])[known[at] & 1]++;
        }
      }
      shared.remove(0);
      if (shared.values().stream().anyMatch(with -> isCopy(with[0], with[1], compared))) {
        copies.add(ids.get(i));
        continue;
      }
      for (int at : places) {
        second[at] = first[at] == 0 ? 0 : second[at] == 0 ? i + 1 : -1;
        first[at] = first[at] == 0 ? i + 1 : first[at];
      }
    }
    if (!copies.isEmpty()) {
      told.accept(
          "%,d conversations are copies of others or parts of them".formatted(copies.size()));
    }
    return copies;
  }

  /** As hashes, odd ones of the agent; over the ends of messages, which desks join and cut. */
  private static IntStream runs(Conversation one, boolean agent) {
    List<String> words =
        one.messages().stream()
            .filter(message -> message.isAgent() == agent)
            .flatMap(message -> WordBreaks.words(message.text()).stream())
            .toList();
    return IntStream.rangeClosed(0, words.size() - RUN)
        .map(i -> Long.hashCode(Fnv.hash(String.join(" ", words.subList(i, i + RUN)))))
        .map(hash -> agent ? hash | 1 : hash & ~1);
  }

  private static boolean isCopy(int ofCustomer, int ofAgent, int[] compared) {
    boolean whole = ofCustomer == compared[0] && ofAgent == compared[1];
    return ofCustomer >= (whole ? LEAST_WHOLE : LEAST_OF_CUSTOMER)
        && ofCustomer + ofAgent >= LEAST
        && 3 * ofCustomer >= 2 * compared[0]
        && 2 * ofAgent >= compared[1];
  }
}
