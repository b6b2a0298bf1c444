package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The baseline {@code freq}: the most frequent replies whatever the context, filtered by the draft.
 * Has no state after construction.
 */
public final class FrequencyPredictor implements ThresholdPredictor {

  private static final int LEAST_USES = 2;
  private static final int MOST_ANSWERS = 2000;

  private final RankedReplies replies;

  private FrequencyPredictor(RankedReplies replies) {
    this.replies = replies;
  }

  /**
   * Learns from the agents' messages: replies that are equal under {@link
   * dev.repartee.text.TextNorm#norm} count as one, which is shown in its most frequent spelling;
   * those used once are left out.
   */
  public static FrequencyPredictor train(List<Conversation> conversations) {
    return of(ReplySpellings.count(conversations));
  }

  static FrequencyPredictor of(ReplySpellings spellings) {
    List<String> ranked = spellings.mostFrequent(LEAST_USES, MOST_ANSWERS);
    return new FrequencyPredictor(
        new RankedReplies(
            IntStream.range(0, ranked.size())
                .mapToObj(
                    i ->
                        new RankedReplies.Ranked(
                            "freq-" + (i + 1),
                            spellings.shown(ranked.get(i)),
                            spellings.share(ranked.get(i))))
                .toList()));
  }

  @Override
  public BaselineSession open(List<Message> context, Desk desk) {
    return new Session();
  }

  @Override
  public void close() {
    // Holds memory only.
  }

  private final class Session implements BaselineSession {

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return replies.answers(draft, limit);
    }

    @Override
    public Optional<Suggestion> complete(String draft, double least) {
      return replies.complete(draft).filter(offer -> offer.score() >= least);
    }
  }
}
