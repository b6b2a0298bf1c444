package dev.repartee.engine.suggest;

import dev.repartee.text.WordBreaks;
import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps suggestions to words that many conversations share or that this one holds, so that nothing
 * the model learned by heart from a single conversation is told to others.
 */
final class AllowedWords {

  private final Optional<CommonWords> common;
  private final Set<String> said = new HashSet<>();

  /**
   * What may be said after {@code context}, as people wrote it, at a desk that knows more words;
   * everything without word list.
   */
  AllowedWords(Optional<CommonWords> common, List<Message> context, Desk desk) {
    this.common = common;
    if (common.isPresent()) {
      context.forEach(message -> said.addAll(WordRule.words(message.text())));
      desk.metadata().values().forEach(value -> said.addAll(WordRule.words(value)));
    }
  }

  /** Whether {@code text} may follow {@code draft}, whose last word it may complete. */
  boolean test(String draft, String text) {
    if (common.isEmpty()) {
      return true;
    }
    // Words that end before the draft does are the agent's own; its last one may go on.
    int run = WordBreaks.startOfRun(draft);
    String added = draft.substring(run) + text;
    int from = draft.length() - run;
    if (common.get().cover(added, from, said)) {
      return true;
    }
    Set<String> typed = new HashSet<>(WordRule.words(draft.substring(0, run)));
    typed.addAll(said);
    return common.get().cover(added, from, typed);
  }
}
