package dev.repartee.engine.suggest;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One way in which a reply may go on.
 *
 * @param node after its last token; null while that is not read
 * @param before the node before its last token; null at the start
 * @param token its last token
 * @param typed bytes of the draft that its tokens have yet to spell
 * @param text the bytes that follow the draft
 * @param log natural logarithm of the probability of its tokens
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and shared only inside the search
record Branch(
    ReplyTree.Node node, ReplyTree.Node before, int token, byte[] typed, byte[] text, double log) {

  static Branch start(ReplyTree.Node node, byte[] typed) {
    return start(node, typed, new byte[0]);
  }

  /** A start whose tokens spell {@code typed} while people read something that ends in text. */
  static Branch start(ReplyTree.Node node, byte[] typed, byte[] text) {
    return new Branch(node, null, -1, typed, text, 0);
  }

  /** This way, longer by a token that stands for {@code bytes}. */
  Branch then(int next, byte[] bytes, double nextLog) {
    int used = Math.min(typed.length, bytes.length);
    byte[] longer = Arrays.copyOf(text, text.length + bytes.length - used);
    System.arraycopy(bytes, used, longer, text.length, bytes.length - used);
    return new Branch(
        node.child(next),
        node,
        next,
        Arrays.copyOfRange(typed, used, typed.length),
        longer,
        log + nextLog);
  }

  /** The same once its last token may have been read. */
  Branch read() {
    return node != null ? this : new Branch(before.child(token), before, token, typed, text, log);
  }

  boolean spellsDraft() {
    return typed.length == 0;
  }

  String string() {
    return new String(text, StandardCharsets.UTF_8);
  }
}
