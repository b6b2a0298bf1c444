package dev.repartee.lab.benchmark;

import dev.repartee.engine.gpt2.Compute;
import dev.repartee.engine.gpt2.FastestPrecision;
import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.suggest.MemoryBuilder.AgentReply;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Replies of a contact center that follow from their numbers. Words, and what many say, are as
 * frequent as Zipf's law has it. Four replies in ten are texts that all agents say, of which there
 * are twenty times the root of the replies; one in ten is one of a hundred phrases of its agent;
 * half are said once. An agent has 2,000 replies, a conversation eight. Hidden states are copies of
 * 3,000 states, of which few are frequent, moved within 64 dimensions, in which a model's states
 * lie, and a little outside of them.
 */
final class MadeUpReplies {

  static final int OF_CONVERSATION = 8;

  private static final int OF_AGENT = 2000;
  private static final int DIMENSIONS = 64;
  private static final int STATES = 3000;
  private static final int FIRST_OF_STATES = 1_000_000_000;
  private static final int CONTEXT_TOKENS = 256;
  private static final int WORDS = 50_000;
  private static final int RARE_WORDS = 10_000_000;
  private static final double RARE = 0.005;
  private static final int LEAST_WORDS = 3;
  private static final int MORE_WORDS = 30;
  private static final int PHRASES = 100;
  private static final String CONSONANTS = "bcdfghjklmnprstvwxyz";
  private static final String VOWELS = "aeiou";

  private final int replies;
  private final float[] mean;
  private final float[][] axes = new float[DIMENSIONS][];
  private final float[][] states = new float[STATES][DIMENSIONS]; // along the axes
  private final float outside;

  /**
   * @param replies how many there are
   * @param read hidden states of a model, see {@link #states}
   */
  MadeUpReplies(int replies, List<float[]> read) {
    this.replies = replies;
    mean = new float[read.getFirst().length];
    for (float[] state : read) {
      for (int c = 0; c < mean.length; c++) {
        mean[c] += state[c] / read.size();
      }
    }
    double squares = 0;
    for (int k = 0; k < DIMENSIONS; k++) {
      axes[k] = read.get(k).clone();
      for (int c = 0; c < mean.length; c++) {
        axes[k][c] -= mean[c];
        squares += axes[k][c] * axes[k][c];
      }
    }
    outside = (float) (0.2 * Math.sqrt(squares / DIMENSIONS / mean.length));
    for (int n = 0; n < STATES; n++) {
      SplittableRandom random = random(n, 13);
      for (int k = 0; k < DIMENSIONS; k++) {
        states[n][k] = (float) random.nextGaussian();
      }
    }
  }

  /** The hidden states that a model has after 64 made-up contexts. */
  static List<float[]> states(Path model) {
    Compute compute = Compute.cpu(FastestPrecision.forInference(false));
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(model);
        Gpt2 gpt2 = Gpt2.load(model, compute);
        KvCache cache = gpt2.newCache(CONTEXT_TOKENS)) {
      PromptFormat format = new PromptFormat(tokenizer);
      List<float[]> states = new ArrayList<>();
      for (int n = 0; n < DIMENSIONS; n++) {
        cache.truncate(0);
        int[] tokens = format.context(context(FIRST_OF_STATES + n), CONTEXT_TOKENS);
        states.add(gpt2.step(cache, tokens, 1).lastHidden());
      }
      return states;
    }
  }

  int agents() {
    return Math.max(2, replies / OF_AGENT);
  }

  /** The agent of a conversation. */
  int agent(int conversation) {
    return random(conversation, 1).nextInt(agents());
  }

  List<AgentReply> conversation(int number) {
    int first = OF_CONVERSATION * number;
    return IntStream.range(first, Math.min(replies, first + OF_CONVERSATION))
        .mapToObj(n -> new AgentReply(hidden(n), context(n), reply(n, agent(number))))
        .toList();
  }

  /** What is said before a reply. */
  static List<Message> context(int n) {
    return List.of(
        Message.customer(text(n, 2)), Message.agent(text(n, 3)), Message.customer(text(n, 4)));
  }

  private String reply(int n, int agent) {
    SplittableRandom random = random(n, 5);
    double kind = random.nextDouble();
    if (kind < 0.4) {
      return text(zipf(random, (int) (20 * Math.sqrt(replies))), 6);
    }
    return kind < 0.5 ? text(agent * PHRASES + zipf(random, PHRASES), 7) : text(n, 8);
  }

  /** A text that follows from a number. */
  static String text(int number, int kind) {
    SplittableRandom random = random(number, kind);
    int words = LEAST_WORDS + zipf(random, MORE_WORDS);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      int word =
          random.nextDouble() < RARE ? WORDS + random.nextInt(RARE_WORDS) : zipf(random, WORDS);
      text.append(i == 0 ? "" : " ");
      do {
        text.append(CONSONANTS.charAt(word % 20)).append(VOWELS.charAt(word / 20 % 5));
        word /= 100;
      } while (word > 0);
    }
    text.setCharAt(0, Character.toUpperCase(text.charAt(0)));
    return text.append('.').toString();
  }

  /** The hidden state before a reply. */
  float[] hidden(int n) {
    SplittableRandom random = random(n, 9);
    float[] state = states[zipf(random, STATES)];
    float[] hidden = mean.clone();
    for (int k = 0; k < DIMENSIONS; k++) {
      float along = (state[k] + 0.5f * (float) random.nextGaussian()) / 8;
      float[] axis = axes[k];
      for (int c = 0; c < hidden.length; c++) {
        hidden[c] += along * axis[c];
      }
    }
    for (int c = 0; c < hidden.length; c++) {
      hidden[c] += outside * (random.nextFloat() - 0.5f);
    }
    return hidden;
  }

  private static SplittableRandom random(int number, int kind) {
    return new SplittableRandom((16L * number + kind) * 0x9E3779B97F4A7C15L);
  }

  /** From 0 to {@code below}, the first most often. */
  private static int zipf(SplittableRandom random, int below) {
    return (int) Math.exp(random.nextDouble() * Math.log(below)) - 1;
  }
}
