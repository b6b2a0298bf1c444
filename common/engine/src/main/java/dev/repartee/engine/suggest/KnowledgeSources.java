package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.privacy.Forgotten;
import java.util.List;

/**
 * What {@link Knowledge} is built from, beside what training conversations hold.
 *
 * @param salt of the hashes of agents who type
 * @param library answers that people keep, owners as hashes
 * @param forgotten whose replies must not be in it
 * @param typed texts that agents typed since training, those of most conversations first
 */
public record KnowledgeSources(
    String salt, AnswerLibrary library, Forgotten forgotten, List<TypedText> typed) {

  public KnowledgeSources {
    requireNonNull(salt, "salt is null");
    requireNonNull(library, "library is null");
    requireNonNull(forgotten, "forgotten is null");
    typed = List.copyOf(typed);
  }
}
