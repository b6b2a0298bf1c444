package dev.repartee.finetune.testing;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.suggest.ModelCard;
import dev.repartee.engine.suggest.PromptFormat;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.finetune.gpt2.AdamW;
import dev.repartee.finetune.gpt2.PackedBatch;
import dev.repartee.finetune.gpt2.TrainableGpt2;
import dev.repartee.finetune.gpt2.TrainingOptions;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A {@link TinyModel} that was trained. */
public final class TrainedModel {

  private static final AdamW ADAMW = new AdamW(0.9, 0.95, 1e-8, 0);

  private TrainedModel() {}

  /** Knows these conversations, which end with an agent's reply each, by heart. */
  public static void write(
      Path folder, ModelCard card, AnswerSet answers, List<List<Message>> conversations)
      throws IOException {
    Gpt2Config config = TinyModel.writeTokenizer(folder, 64);
    try (Gpt2Tokenizer tokenizer = Gpt2Tokenizer.read(folder);
        Gpt2Program program = TrainableGpt2.openProgram(config, Device.cpu());
        TrainableGpt2 model =
            new TrainableGpt2(
                program,
                Gpt2Weights.random(config, program, 7),
                TrainingOptions.of(Precision.FP32))) {
      PackedBatch batch = batch(new PromptFormat(tokenizer), conversations);
      for (int step = 0; step < 150; step++) {
        model.accumulate(List.of(batch), 1.0 / batch.scored(), step);
        model.update(step < 100 ? 5e-3 : 1e-3, ADAMW, 1);
      }
      model.weights().write(folder);
    }
    TinyModel.write(folder, config, card, answers);
  }

  /** The last message of each is learned. */
  private static PackedBatch batch(PromptFormat format, List<List<Message>> conversations) {
    LongList ids = new LongList();
    LongList positions = new LongList();
    LongList labels = new LongList();
    int[] lengths = new int[conversations.size()];
    for (int c = 0; c < lengths.length; c++) {
      int[] all =
          conversations.get(c).stream()
              .flatMapToInt(message -> IntStream.of(format.encode(message)))
              .toArray();
      int reply = format.encode(conversations.get(c).getLast()).length;
      lengths[c] = all.length - 1;
      for (int t = 0; t < all.length - 1; t++) {
        if (t >= all.length - reply) {
          positions.add(ids.size());
          labels.add(all[t + 1]);
        }
        ids.add(all[t]);
      }
    }
    return new PackedBatch(ids.toArray(), lengths, positions.toArray(), labels.toArray());
  }

  private static final class LongList {
    private final Stream.Builder<Long> values = Stream.builder();
    private int size;

    void add(long value) {
      values.add(value);
      size++;
    }

    int size() {
      return size;
    }

    long[] toArray() {
      return values.build().mapToLong(Long::longValue).toArray();
    }
  }
}
