package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.finetune.metric.Rule.Cost;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The agent of the protocol: types a known reply and takes every offer that helps. While a wrong
 * key stands in the draft, offers are read and not taken.
 */
public final class SimulatedAgent {

  /** Gets every offer that the agent is shown after a right draft, in order. */
  @FunctionalInterface
  public interface OfferWatcher {

    /** Ignores them. */
    OfferWatcher NONE = (position, offer, stood, taken) -> {};

    /**
     * Called before the agent goes on.
     *
     * @param position characters that stood there
     * @param offer of any length
     * @param stood whether the same whole text stood there a key ago
     * @param taken how many characters of it the agent took; 0 for none
     */
    void shown(int position, Offer offer, boolean stood, int taken);
  }

  /** An offer of fewer characters is not worth taking. */
  private static final int LEAST = 4;

  private SimulatedAgent() {}

  /**
   * Types {@code reply}; nothing is offered before its first character.
   *
   * @param completions what is offered after a draft
   */
  static Cost type(
      ReplyText reply,
      Function<String, Optional<Suggestion>> completions,
      Rule rule,
      int repliesShown,
      OfferWatcher watcher) {
    Screen screen = new Screen(completions);
    int typed = 0;
    int actions = 0;
    int position = 0;
    int corrected = -1; // where the last wrong key was
    while (position < reply.length()) {
      int taken = 0;
      int draftEnd = position;
      Optional<Offer> offer =
          screen.after(reply.draft(draftEnd), () -> reply.foldedDraft(draftEnd));
      if (offer.isPresent()) {
        if ((screen.stood || !rule.steady())
            && offer.get().length() >= LEAST
            && reply.isRight(position, offer.get())) {
          taken = offer.get().length();
        }
        watcher.shown(position, offer.get(), screen.stood, taken);
      }
      int[] wrong = reply.wrongKeys(position);
      if (taken > 0) {
        actions++;
        position += taken;
        screen.last = Optional.empty();
      } else if (wrong.length > 0 && corrected < position) {
        screen.correct(reply.draft(position), wrong);
        typed += 2 * wrong.length;
        corrected = position;
      } else {
        typed++;
        position++;
      }
    }
    return new Cost(typed, actions, screen.shown, repliesShown);
  }

  /** What the agent is shown after each key, and how many offers are new. */
  private static final class Screen {

    private final Function<String, Optional<Suggestion>> completions;
    private Optional<Offer> last = Optional.empty(); // what stood there a key ago
    private boolean stood;
    private int shown;

    Screen(Function<String, Optional<Suggestion>> completions) {
      this.completions = completions;
    }

    /**
     * @param folded the draft, as {@link Offer#foldCase} has it
     */
    Optional<Offer> after(String draft, Supplier<int[]> folded) {
      Optional<Offer> offer =
          draft.isEmpty()
              ? Optional.empty()
              : completions
                  .apply(draft)
                  .map(completion -> new Offer(folded.get(), completion))
                  .filter(found -> found.length() > 0);
      stood = offer.isPresent() && last.isPresent() && offer.get().continues(last.get());
      if (offer.isPresent() && !stood) {
        shown++;
      }
      last = offer;
      return offer;
    }

    /** Types wrong keys and deletes them again, all but the last. */
    void correct(String right, int[] wrong) {
      for (int key = 1; key < 2 * wrong.length; key++) {
        String draft = right + new String(wrong, 0, Math.min(key, 2 * wrong.length - key));
        var _ = after(draft, () -> Offer.foldCase(draft));
      }
    }
  }
}
