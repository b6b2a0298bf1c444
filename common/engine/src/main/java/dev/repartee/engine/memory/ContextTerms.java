package dev.repartee.engine.memory;

import dev.repartee.text.Fnv;
import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Message;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the search by words knows of a context: the words and pairs of words of each side's last
 * message, and who wrote last. Each term is a salted hash of 32 bits.
 *
 * @param customer the terms of the customer's last message
 * @param agent those of the agent's, and a term for who wrote last
 */
public record ContextTerms(Side customer, Side agent) {

  /** Of an entry whose terms were not read. */
  static final ContextTerms NONE =
      new ContextTerms(new Side(new int[0], new int[0]), new Side(new int[0], new int[0]));

  private static final String NO_MESSAGE = "zzstart";

  /**
   * The terms of one side.
   *
   * @param hashes in ascending order as unsigned numbers, each once
   * @param counts how often the text holds each of them
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Side(int[] hashes, int[] counts) {

    public Side {
      if (hashes.length != counts.length) {
        throw new IllegalArgumentException(
            "%d hashes have %d counts".formatted(hashes.length, counts.length));
      }
    }
  }

  /** The terms of {@code context}, hashed with {@code salt}. */
  public static ContextTerms of(List<Message> context, String salt) {
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
    return new ContextTerms(side(customer, salt), side(agent + " " + last, salt));
  }

  private static Side side(String text, String salt) {
    List<String> words = WordRule.words(text);
    Map<Integer, Integer> counts = new TreeMap<>(Integer::compareUnsigned);
    for (int i = 0; i < words.size(); i++) {
      counts.merge(hash(words.get(i), salt), 1, Integer::sum);
      if (i > 0) {
        counts.merge(hash(words.get(i - 1) + " " + words.get(i), salt), 1, Integer::sum);
      }
    }
    int[] hashes = counts.keySet().stream().mapToInt(Integer::intValue).toArray();
    return new Side(hashes, Arrays.stream(hashes).map(counts::get).toArray());
  }

  /** Folded: of 100,000 terms about one pair has the same. */
  private static int hash(String term, String salt) {
    long hash = Fnv.hash(salt + term);
    return (int) (hash ^ (hash >>> 32));
  }
}
