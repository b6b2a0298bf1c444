package dev.repartee.finetune.gpt2;

import dev.repartee.engine.tokenizer.ByteAlphabet;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.WordBreaks;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Learns a byte-level vocabulary from conversations by byte-pair encoding: the two tokens that
 * stand beside each other most often become one, again and again (Sennrich, Haddow and Birch,
 * Neural Machine Translation of Rare Words with Subword Units, 2016). The same conversations give
 * the same vocabulary.
 *
 * <p>Anyone who has the model can read its vocabulary. So words that fewer than {@value
 * CommonWords#LEAST_CONVERSATIONS} conversations hold, which may be private, teach nothing.
 */
public final class VocabularyTrainer {

  /** How GPT-2 cuts text; no token crosses a cut. */
  private static final Pattern WORD =
      Pattern.compile(
          "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
          Pattern.UNICODE_CHARACTER_CLASS);

  /** Two tokens that stand beside each other, and how often they did when this was queued. */
  private record Pair(int left, int right, long count) {

    static long key(int left, int right) {
      return ((long) left << Integer.SIZE) | right;
    }
  }

  private static final class WordCount {
    private int uses;
    private int conversations;
  }

  private final Map<String, WordCount> countOfWord = new TreeMap<>();
  private final List<String> tokens = new ArrayList<>();
  private final Map<String, Integer> idOfToken = new HashMap<>();
  private final List<String> merges = new ArrayList<>();
  private final List<int[]> words = new ArrayList<>();
  private int[] counts = {};
  private final Map<Long, Long> countOfPair = new HashMap<>();
  private final Map<Long, Set<Integer>> wordsOfPair = new HashMap<>();
  private final PriorityQueue<Pair> queue =
      new PriorityQueue<>(
          Comparator.comparingLong((Pair pair) -> -pair.count())
              .thenComparing(pair -> tokens.get(pair.left()))
              .thenComparing(pair -> tokens.get(pair.right())));

  /** Counts the words of a conversation. */
  public void add(Conversation conversation) {
    Set<String> seen = new HashSet<>();
    for (Message message : conversation.messages()) {
      Matcher word = WORD.matcher(message.text());
      while (word.find()) {
        for (String piece : WordBreaks.pieces(word.group())) {
          String symbols = ByteAlphabet.symbols(piece.getBytes(StandardCharsets.UTF_8));
          WordCount count = countOfWord.computeIfAbsent(symbols, unseen -> new WordCount());
          count.uses++;
          count.conversations += seen.add(symbols) ? 1 : 0;
        }
      }
    }
  }

  /**
   * A tokenizer of at most {@code size} tokens, all bytes among them; the caller closes it. Once.
   */
  public Gpt2Tokenizer train(int size) {
    for (int value = 0; value < ByteAlphabet.SIZE; value++) {
      token(ByteAlphabet.symbols(new byte[] {(byte) value}));
    }
    countOfWord.values().removeIf(count -> count.conversations < CommonWords.LEAST_CONVERSATIONS);
    counts = countOfWord.values().stream().mapToInt(count -> count.uses).toArray();
    Set<Long> found = new HashSet<>();
    for (String word : countOfWord.keySet()) {
      words.add(word.chars().map(symbol -> idOfToken.get(Character.toString(symbol))).toArray());
      count(words.size() - 1, 1, found);
    }
    enqueue(found);
    while (tokens.size() < size && !queue.isEmpty()) {
      Pair best = queue.poll();
      long now = countOfPair.getOrDefault(Pair.key(best.left, best.right), 0L);
      if (now == best.count()) { // else it was queued again with the count that it has
        merge(best);
      }
    }
    return Gpt2Tokenizer.of(
        "the learned tokenizer", StandardVocabulary.tokenizerJson(tokens, merges));
  }

  /** The id of this token, which may be new. */
  private int token(String token) {
    return idOfToken.computeIfAbsent(
        token,
        unseen -> {
          tokens.add(unseen);
          return tokens.size() - 1;
        });
  }

  private void merge(Pair pair) {
    merges.add(tokens.get(pair.left()) + ' ' + tokens.get(pair.right()));
    int merged = token(tokens.get(pair.left()) + tokens.get(pair.right()));
    Set<Long> changed = new HashSet<>();
    for (int word : List.copyOf(wordsOfPair.get(Pair.key(pair.left, pair.right)))) {
      count(word, -1, changed);
      words.set(word, merged(words.get(word), pair, merged));
      count(word, 1, changed);
    }
    enqueue(changed);
  }

  private static int[] merged(int[] word, Pair pair, int merged) {
    int[] shorter = new int[word.length];
    int length = 0;
    for (int i = 0; i < word.length; i++) {
      boolean here = i + 1 < word.length && word[i] == pair.left() && word[i + 1] == pair.right();
      shorter[length++] = here ? merged : word[i];
      i += here ? 1 : 0;
    }
    return Arrays.copyOf(shorter, length);
  }

  /** Adds the pairs of a word to the counts, or takes them out. */
  private void count(int word, int sign, Set<Long> changed) {
    int[] ids = words.get(word);
    for (int i = 0; i + 1 < ids.length; i++) {
      long key = Pair.key(ids[i], ids[i + 1]);
      countOfPair.merge(key, (long) sign * counts[word], Long::sum);
      Set<Integer> where = wordsOfPair.computeIfAbsent(key, unseen -> new HashSet<>());
      if (sign > 0) {
        where.add(word);
      } else {
        where.remove(word);
      }
      changed.add(key);
    }
  }

  private void enqueue(Set<Long> keys) {
    for (long key : keys) {
      long count = countOfPair.get(key);
      if (count > 0) {
        queue.add(new Pair((int) (key >>> Integer.SIZE), (int) key, count));
      }
    }
  }
}
