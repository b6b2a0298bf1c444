package dev.repartee.text.samples;

/** Puts things into the words of one person. */
interface Voice {

  /** One of the pool's phrasings, with facts filled in and spelled as this person spells. */
  String say(Pool pool);
}
