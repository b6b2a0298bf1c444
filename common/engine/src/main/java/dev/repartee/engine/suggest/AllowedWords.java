package dev.repartee.engine.suggest;

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
      context.forEach(message -> said.addAll(CommonWords.wordsOf(message.text())));
      desk.metadata().values().forEach(value -> said.addAll(CommonWords.wordsOf(value)));
    }
  }

  /** Whether {@code text} may follow {@code draft}, whose last word it may complete. */
  boolean test(String draft, String text) {
    if (common.isEmpty()) {
      return true;
    }
    int word = draft.length() - Words.lettersOfLastWord(draft);
    String added = draft.substring(word) + text;
    if (common.get().cover(added, said)) {
      return true;
    }
    Set<String> typed = new HashSet<>(CommonWords.wordsOf(draft.substring(0, word)));
    typed.addAll(said);
    return common.get().cover(added, typed);
  }
}
