package dev.repartee.engine.suggest;

import static java.util.Objects.requireNonNull;

import java.util.Optional;

/**
 * A whole reply that might be suggested, with two views of how probable it is.
 *
 * @param text as it would be sent
 * @param norm the text under {@link dev.repartee.text.TextNorm#norm}
 * @param answerId the answer that it words, if any
 * @param byHead the wording's probability after this context, by the answer head and by what was
 *     replied in contexts like it
 * @param byModel the probability of its tokens up to the end marker, where the model came upon them
 */
public record WholeReply(
    String text, String norm, Optional<String> answerId, double byHead, double byModel) {

  public WholeReply {
    requireNonNull(text, "text is null");
    requireNonNull(norm, "norm is null");
    requireNonNull(answerId, "answerId is null");
  }
}
