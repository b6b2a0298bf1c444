package dev.repartee.engine.memory;

import java.util.Optional;

/**
 * A whole reply that might be suggested.
 *
 * @param text as it would be sent; the template until its placeholders are filled
 * @param template the text with its placeholders
 * @param norm the text under {@link dev.repartee.text.TextNorm#norm}
 * @param answerId of the answer that it words, or of the library's entry, where it is one
 * @param evidence what speaks for it
 */
public record WholeReply(
    String text, String template, String norm, Optional<String> answerId, Evidence evidence) {

  /**
   * What speaks for a reply in a context; shares and probabilities, 0 to 1.
   *
   * @param byHead by the answer head, for this wording
   * @param byHidden among the replies to the contexts that the model sees most alike
   * @param byTerms among the replies to the contexts that are worded most alike
   * @param use among all replies
   * @param byAgent among this agent's replies, smoothed towards {@code use}
   */
  public record Evidence(
      double byHead, double byHidden, double byTerms, double use, double byAgent) {

    /** By which replies are chosen for the ranking, which weighs each part. */
    double sum() {
      return byHead + byHidden + byTerms + byAgent;
    }
  }

  /** One whose placeholders are not filled yet. */
  static WholeReply template(
      String template, String norm, Optional<String> answerId, Evidence evidence) {
    return new WholeReply(template, template, norm, answerId, evidence);
  }

  /** This reply as it would be sent. */
  WholeReply filled(String with, String withNorm) {
    return new WholeReply(with, template, withNorm, answerId, evidence);
  }
}
