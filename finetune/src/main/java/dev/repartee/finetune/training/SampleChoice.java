package dev.repartee.finetune.training;

import dev.repartee.finetune.report.SamplePrediction;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * Chooses a few replies of many conversations, each of another conversation, from short to long.
 * Seed and conversations alone decide. Holds a bounded number of them.
 */
public final class SampleChoice implements Consumer<Conversation> {

  /** Conversations that the lengths are chosen among; each is as likely to be one of them. */
  private static final int POOL = 60;

  private static final int SAMPLES = 6;

  private final Random random;
  private final List<SamplePrediction> pool = new ArrayList<>();
  private int seen;

  public SampleChoice(long seed) {
    this.random = new Random(seed);
  }

  /** Considers one of the conversation's replies, unless it has none that follows a message. */
  @Override
  public void accept(Conversation conversation) {
    List<Message> messages = conversation.messages();
    int[] replies =
        IntStream.range(1, messages.size())
            .filter(i -> messages.get(i).isAgent() && !messages.get(i).text().isBlank())
            .toArray();
    if (replies.length == 0) {
      return;
    }
    int reply = replies[random.nextInt(replies.length)];
    // Algorithm R (Vitter 1985).
    int place = seen < POOL ? seen : random.nextInt(seen + 1);
    seen++;
    if (place < POOL) {
      SamplePrediction sample =
          new SamplePrediction(
              messages.subList(0, reply),
              messages.get(reply).text(),
              Optional.empty(),
              Optional.empty());
      if (place == pool.size()) {
        pool.add(sample);
      } else {
        pool.set(place, sample);
      }
    }
  }

  /** The chosen replies without predictions, short ones first; no text stands twice. */
  public List<SamplePrediction> chosen() {
    Set<String> texts = new HashSet<>();
    List<SamplePrediction> byLength =
        pool.stream()
            .filter(sample -> texts.add(sample.written()))
            .sorted(Comparator.comparingInt(sample -> sample.written().length()))
            .toList();
    int count = Math.min(SAMPLES, byLength.size());
    return IntStream.range(0, count)
        .mapToObj(i -> byLength.get((2 * i + 1) * byLength.size() / (2 * count)))
        .toList();
  }
}
