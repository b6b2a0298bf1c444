package dev.repartee.engine.suggest;

import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What the {@link Memory} proposes for a context, with all that speaks for each text. The model's
 * own likelihood of a text added nothing to that on STAR, and was most of what a message took.
 *
 * @param head what the answer head adds, where answers were given
 */
record KnownReplies(
    Memory memory, LibraryTexts library, Wordings wordings, Optional<AnswerHead> head) {

  private static final int MOST = 50;

  private Memory.Recall recall(float[] hidden, ModelView view, Desk desk) {
    double[] meant = head.map(known -> known.probabilities(hidden)).orElseGet(wordings::uses);
    return memory.recall(library, hidden, view.context(), desk, meant);
  }

  /** How promising each entry of the library is, by its id. */
  Map<String, Double> ofEntries(float[] hidden, ModelView view, Desk desk) {
    Map<String, Double> promises = new HashMap<>();
    for (Memory.Recalled one : recall(hidden, view, desk).spokenFor()) {
      one.id().ifPresent(id -> promises.merge(id, one.promise(), Math::max));
    }
    return promises;
  }

  /** The most promising that can be said in full, best first; one of each norm. */
  List<WholeReply> in(float[] hidden, ModelView view, Desk desk, ReplyLanguage language) {
    Set<String> said =
        view.context().stream()
            .filter(Message::isAgent)
            .map(message -> TextNorm.norm(message.text()))
            .collect(Collectors.toSet());
    Set<String> norms = new HashSet<>();
    List<WholeReply> known = new ArrayList<>();
    Iterator<Memory.Recalled> recalled = recall(hidden, view, desk).bestFirst();
    while (known.size() < MOST && recalled.hasNext()) {
      Memory.Recalled one = recalled.next();
      FilledText filled = view.fill(one.text());
      String text = filled.text();
      boolean hasValues = !text.equals(one.text());
      if (!filled.isWhole()
          || (hasValues && !library.allows(text))
          || !language.allows(one.text())) {
        continue;
      }
      String norm = hasValues ? TextNorm.norm(text) : one.norm();
      if (norms.add(norm)) {
        WholeReply.Evidence evidence =
            new WholeReply.Evidence(
                one.byHead(),
                one.byHidden(),
                one.byTerms(),
                one.use(),
                one.byAgent(),
                said.contains(one.norm()));
        known.add(new WholeReply(text, one.text(), norm, one.id(), evidence));
      }
    }
    return List.copyOf(known);
  }
}
