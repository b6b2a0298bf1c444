package dev.repartee.engine.memory;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.TextNorm;
import dev.repartee.text.io.Sha256;

/**
 * How agents, texts, words and conversations are hashed.
 *
 * @param agents salt of agents' ids
 * @param texts salt of texts, words, terms and conversations
 * @param typed salt of the ids of agents of whom only typed replies are known
 */
record Salts(String agents, String texts, String typed) {

  Salts {
    requireNonNull(agents, "salts.agents is null");
    requireNonNull(texts, "salts.texts is null");
    requireNonNull(typed, "salts.typed is null");
  }

  /** The hash by which a text is known. */
  long wording(String text) {
    return number(Sha256.brief(texts + "wording" + TextNorm.wording(text)));
  }

  /** The hash by which a typed reply of this key is known. */
  long key(String key) {
    return number(Sha256.brief(texts + "typed" + key)) | 1; // never 0
  }

  /** The hash by which a queue is known; an export may give a ticket's subject as one. */
  String queue(String name) {
    return Sha256.brief(texts + "queue" + Words.lower(name));
  }

  /** A brief hash as a number. */
  static long number(String hash) {
    return Long.parseUnsignedLong(hash, 16);
  }
}
