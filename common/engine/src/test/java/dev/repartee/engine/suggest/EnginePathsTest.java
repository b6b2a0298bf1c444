package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Caches, trees and speculation save time and change nothing: every way to read a reply finds the
 * tokens that reading the whole text anew for each token finds.
 */
class EnginePathsTest {

  private static final int CONTEXTS = 500;
  private static final int CONTEXTS_INT8 = 150;
  private static final int NEW_TOKENS = 6;
  private static final int LONGEST_CONTEXT = 60;
  private static final int OPEN = 3;

  /** A tie between the best two tokens, in nats, may be decided by rounding. */
  private static final double TIE = 1e-4;

  /** In INT8 the activations of a call share a scale, so what is read together rounds alike. */
  private static final double TIE_INT8 = 0.3;

  /** The tree forgets what is less probable than 1e-8. */
  private static final double COMPARED = Math.log(1e-6);

  @TempDir private static Path folder;
  private static Gpt2Config config;

  private final Random random = new Random(11);

  /**
   * The best tokens after a draft and those that reading anew found before.
   *
   * @param logs before each token, the natural logarithm of every token's probability
   */
  private record Decoded(List<Integer> tokens, List<double[]> logs) {

    Decoded() {
      this(new ArrayList<>(), new ArrayList<>());
    }

    void add(double[] next) {
      tokens.add(best(next));
      logs.add(next);
    }

    boolean isTie(int at, double tie) {
      double[] others = logs.get(at).clone();
      others[tokens.get(at)] = Double.NEGATIVE_INFINITY;
      return logs.get(at)[tokens.get(at)] - others[best(others)] < tie;
    }
  }

  @BeforeAll
  static void writeModel() throws IOException {
    config = TinyModel.writeRandom(folder, TinyModel.card(false), TinyModel.answers("Hello there"));
  }

  @Tag("slow")
  @Test
  void everyWayToReadAReplyFindsTheSameTokens() {
    try (Gpt2 model = TestDevice.load(folder, Precision.FP32)) {
      int compared = 0;
      for (Replies replies : replies(model, CONTEXTS)) {
        compared += sameTokens(replies, TIE);
        replies.others().forEach((way, found) -> sameLogs(way, replies.plain(), found));
      }
      assertThat(compared).isGreaterThan(CONTEXTS * NEW_TOKENS * 99 / 100);
    }
  }

  @Tag("slow")
  @Test
  void everyWayFindsTheSameTokensInInt8() {
    try (Gpt2 model = TestDevice.load(folder, Precision.INT8)) {
      int compared = 0;
      for (Replies replies : replies(model, CONTEXTS_INT8)) {
        compared += sameTokens(replies, TIE_INT8);
      }
      assertThat(compared).isGreaterThan(CONTEXTS_INT8 * NEW_TOKENS / 2);
    }
  }

  /**
   * The same reply, found in each of the ways.
   *
   * @param others by what they are called
   */
  private record Replies(Decoded plain, Map<String, Decoded> others) {}

  private List<Replies> replies(Gpt2 model, int contexts) {
    List<Replies> replies = new ArrayList<>();
    Deque<ReplyTree> open = new ArrayDeque<>();
    int[] context = {1, 2};
    try (Passes passes = new Passes.Direct(model);
        ContextCaches shared = new ContextCaches(passes, LONGEST_CONTEXT + ReplyTree.ROOM, 4)) {
      for (int i = 0; i < contexts; i++) {
        context = another(context);
        int[] draft = tokens(random.nextInt(5));
        Decoded plain = plain(model, join(context, draft));
        Decoded tree;
        try (ContextCaches own = new ContextCaches(passes, LONGEST_CONTEXT + ReplyTree.ROOM, 4);
            ReplyTree alone = new ReplyTree(passes, own, context)) {
          tree = tree(alone, draft, plain);
        }
        // Some stay open, so that caches are copied as well as handed on.
        open.addLast(new ReplyTree(passes, shared, context));
        Decoded takenOver = tree(open.getLast(), draft, plain);
        if (open.size() > random.nextInt(OPEN)) {
          open.removeFirst().close();
        }
        replies.add(
            new Replies(
                plain,
                Map.of(
                    "cached step", step(model, join(context, draft), plain),
                    "tree", tree,
                    "tree after a context taken over", takenOver)));
      }
      open.forEach(ReplyTree::close);
    }
    return replies;
  }

  /** Longer than the last, parting from it somewhere, or altogether different. */
  private int[] another(int[] last) {
    int kept =
        switch (random.nextInt(3)) {
          case 0 -> last.length;
          case 1 -> random.nextInt(last.length);
          default -> 0;
        };
    int[] context = join(Arrays.copyOf(last, kept), tokens(1 + random.nextInt(20)));
    return Arrays.copyOf(context, Math.min(context.length, LONGEST_CONTEXT));
  }

  private int[] tokens(int count) {
    return random.ints(count, 0, config.vocabulary()).toArray();
  }

  private static int[] join(int[] one, int[] other) {
    return IntStream.concat(IntStream.of(one), IntStream.of(other)).toArray();
  }

  private static Decoded plain(Gpt2 model, int[] begin) {
    Decoded decoded = new Decoded();
    int[] text = begin;
    for (int i = 0; i < NEW_TOKENS; i++) {
      try (KvCache cache = model.newCache(text.length)) {
        decoded.add(logs(model.step(cache, text, 1).getLast()));
      }
      text = join(text, new int[] {decoded.tokens().getLast()});
    }
    return decoded;
  }

  private static Decoded step(Gpt2 model, int[] begin, Decoded wanted) {
    Decoded decoded = new Decoded();
    try (KvCache cache = model.newCache(begin.length + NEW_TOKENS)) {
      int[] unread = begin;
      for (int token : wanted.tokens()) {
        decoded.add(logs(model.step(cache, unread, 1).getLast()));
        unread = new int[] {token};
      }
    }
    return decoded;
  }

  /** Proposes what is right up to some place, and what is all wrong, in any order. */
  private Decoded tree(ReplyTree tree, int[] draft, Decoded wanted) {
    int[] guess = wanted.tokens().stream().mapToInt(Integer::intValue).toArray();
    guess[random.nextInt(guess.length)] = random.nextInt(config.vocabulary());
    List<ReplyTree.Growth> proposals = new ArrayList<>();
    proposals.add(new ReplyTree.Growth(tree.root(), join(draft, guess)));
    proposals.add(new ReplyTree.Growth(tree.root(), join(draft, tokens(4))));
    proposals.add(new ReplyTree.Growth(tree.root(), tokens(3)));
    Collections.shuffle(proposals, random);
    tree.grow(proposals);
    ReplyTree.Node node = tree.root();
    for (int token : draft) {
      node = node.child(token);
    }
    Decoded decoded = new Decoded();
    for (int token : wanted.tokens()) {
      ReplyTree.Node here = node;
      decoded.add(IntStream.range(0, config.vocabulary()).mapToDouble(here::log).toArray());
      assertThat(here.best(1)[0]).isEqualTo(decoded.tokens().getLast());
      tree.grow(List.of(new ReplyTree.Growth(node, new int[] {token})));
      node = node.child(token);
    }
    return decoded;
  }

  /** How many tokens were compared. */
  private static int sameTokens(Replies replies, double tie) {
    int compared = 0;
    for (int i = 0; i < NEW_TOKENS; i++) {
      if (!replies.plain().isTie(i, tie)) {
        compared++;
        for (Map.Entry<String, Decoded> way : replies.others().entrySet()) {
          assertThat(way.getValue().tokens().get(i))
              .as(way.getKey())
              .isEqualTo(replies.plain().tokens().get(i));
        }
      }
    }
    return compared;
  }

  private static void sameLogs(String way, Decoded wanted, Decoded found) {
    for (int i = 0; i < wanted.logs().size(); i++) {
      for (int id = 0; id < config.vocabulary(); id++) {
        double log = wanted.logs().get(i)[id];
        if (log > COMPARED) {
          assertThat(found.logs().get(i)[id]).as(way).isCloseTo(log, within(1e-3));
        }
      }
    }
  }

  private static double[] logs(float[] logits) {
    double sum = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
    return IntStream.range(0, logits.length).mapToDouble(i -> logits[i] - Math.log(sum)).toArray();
  }

  private static int best(double[] logs) {
    return IntStream.range(0, logs.length)
        .reduce(0, (best, id) -> logs[id] > logs[best] ? id : best);
  }
}
