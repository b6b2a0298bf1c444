package dev.repartee.engine.suggest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.repartee.engine.gpt2.Gpt2;
import dev.repartee.engine.gpt2.KvCache;
import dev.repartee.engine.gpt2.Passes;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.BranchSearch.Branch;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Completions by a random model. */
class CompletionTest {

  private static final String REPLY = "Your order is on the way.";
  private static final List<Message> CONTEXT = List.of(Message.customer("Where is it?"));

  @TempDir private static Path random;

  @BeforeAll
  static void writeModel() throws IOException {
    TinyModel.writeRandom(random, TinyModel.card(false), TinyModel.answers(REPLY));
  }

  /** The probability of the draft is that of all ways to spell it in tokens. */
  @Test
  void everyTokenizationOfTheDraftCounts() {
    try (Gpt2 model = TestDevice.load(random, Precision.FP32);
        Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(random);
        Passes passes = new Passes.Direct(model);
        ContextCaches caches = new ContextCaches(passes, 40 + ReplyTree.ROOM, 4)) {
      TokenIndex index = new TokenIndex(tokenizer);
      PromptFormat format = new PromptFormat(tokenizer);
      int[] context = format.context(CONTEXT, 40);
      BranchSearch.Limits limits = new BranchSearch.Limits(20, 8, 0, 1);
      for (String draft : List.of("o", "or", "ord", " you", "the")) {
        byte[] typed = draft.getBytes(StandardCharsets.UTF_8);
        try (ReplyTree tree = new ReplyTree(passes, caches, context)) {
          BranchSearch search = new BranchSearch(tree, index, limits, ReplyTree.ModelAccess.NOW);
          List<Branch> found = search.run(List.of(Branch.start(tree.root(), typed)));
          double all = agreeing(model, index, context, typed);
          assertThat(search.agreeing).as(draft).isCloseTo(all, within(1e-3 * all));
          double sum = found.stream().mapToDouble(search::probability).sum();
          assertThat(sum).as(draft).isLessThanOrEqualTo(1.001);
        }
      }
    }
  }

  /** Reads every way to spell the bytes, token by token. */
  private static double agreeing(Gpt2 model, TokenIndex index, int[] text, byte[] typed) {
    float[] logits;
    try (KvCache cache = model.newCache(text.length)) {
      logits = model.step(cache, text, 1).getLast();
    }
    double all = IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i])).sum();
    double sum = 0;
    for (int id = 0; id < logits.length; id++) {
      byte[] bytes = index.bytes(id);
      double probability = Math.exp(logits[id]) / all;
      if (bytes.length >= typed.length && TokenIndex.startsWith(bytes, typed)) {
        sum += probability;
      } else if (bytes.length > 0 && TokenIndex.startsWith(typed, bytes)) {
        int[] longer = IntStream.concat(IntStream.of(text), IntStream.of(id)).toArray();
        byte[] rest = Arrays.copyOfRange(typed, bytes.length, typed.length);
        sum += probability * agreeing(model, index, longer, rest);
      }
    }
    return sum;
  }

  @Test
  void aWordEndsAsProbablyAsTheTokensThatEndOne() {
    try (Gpt2 model = TestDevice.load(random, Precision.FP32);
        Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(random);
        Passes passes = new Passes.Direct(model);
        ContextCaches caches = new ContextCaches(passes, 40 + ReplyTree.ROOM, 4)) {
      TokenIndex index = new TokenIndex(tokenizer);
      int[] context = new PromptFormat(tokenizer).context(CONTEXT, 40);
      float[] logits;
      try (KvCache cache = model.newCache(context.length)) {
        logits = model.step(cache, context, 1).getLast();
      }
      double all = 0;
      double ends = 0;
      for (int id = 0; id < logits.length; id++) {
        all += Math.exp(logits[id]);
        String token = new String(index.bytes(id), StandardCharsets.ISO_8859_1);
        boolean goesOn = token.matches("(?s)[A-Za-z0-9'\\x80-\\xff].*");
        ends += goesOn ? 0 : Math.exp(logits[id]);
      }
      try (ReplyTree tree = new ReplyTree(passes, caches, context)) {
        assertThat(tree.root().endsWord(index)).isCloseTo(ends / all, within(1e-4));
      }
    }
  }
}
