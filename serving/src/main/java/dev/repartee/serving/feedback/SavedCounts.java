package dev.repartee.serving.feedback;

import dev.repartee.serving.http.SavedTyping;
import dev.repartee.serving.model.ModelIdentity;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Adds up what each version's suggestions saved. */
final class SavedCounts implements FeedbackListener {

  /** Clients name the versions, so that there could be any number. */
  private static final int MOST_VERSIONS = 100;

  private final Map<ModelIdentity, SavedTyping> counts = new LinkedHashMap<>();

  @Override
  public synchronized void stored(
      ModelIdentity model, String action, int finalCharacters, int typedCharacters) {
    if (counts.size() < MOST_VERSIONS || counts.containsKey(model)) {
      counts.merge(model, one(model, action, finalCharacters, typedCharacters), SavedCounts::sum);
    }
  }

  synchronized List<SavedTyping> byVersion() {
    return List.copyOf(counts.values());
  }

  private static SavedTyping one(
      ModelIdentity model, String action, int finalCharacters, int typedCharacters) {
    return counted(
        model,
        new long[] {
          action.equals(FeedbackAction.ACCEPTED.id()) ? 1 : 0,
          action.equals(FeedbackAction.EDITED.id()) ? 1 : 0,
          action.equals(FeedbackAction.DISMISSED.id()) ? 1 : 0
        },
        finalCharacters,
        typedCharacters);
  }

  private static SavedTyping sum(SavedTyping a, SavedTyping b) {
    return counted(
        a.model(),
        new long[] {
          a.accepted() + b.accepted(), a.edited() + b.edited(), a.dismissed() + b.dismissed()
        },
        a.finalCharacters() + b.finalCharacters(),
        a.typedCharacters() + b.typedCharacters());
  }

  /** {@code actions} are accepted, edited and dismissed. */
  private static SavedTyping counted(
      ModelIdentity model, long[] actions, long finalCharacters, long typedCharacters) {
    long saved = finalCharacters - typedCharacters - actions[0] - actions[1];
    return new SavedTyping(
        model,
        actions[0],
        actions[1],
        actions[2],
        finalCharacters,
        typedCharacters,
        saved,
        finalCharacters == 0 ? 0 : (double) saved / finalCharacters);
  }
}
