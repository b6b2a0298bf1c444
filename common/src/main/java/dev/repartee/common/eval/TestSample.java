package dev.repartee.common.eval;

import dev.repartee.common.data.Conversation;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.OptionalInt;

/**
 * The order in which conversations are evaluated. It depends on their ids alone, so that a limited
 * evaluation uses the same conversations whatever the order of the file, and a larger limit adds to
 * them.
 */
final class TestSample {

  private record Keyed(String key, Conversation conversation) {}

  private TestSample() {}

  /** The first {@code limit} of {@code conversations} by SHA-256 of their ids; all when empty. */
  static List<Conversation> of(List<Conversation> conversations, OptionalInt limit) {
    return conversations.stream()
        .map(conversation -> new Keyed(key(conversation.id()), conversation))
        .sorted(Comparator.comparing(Keyed::key))
        .limit(limit.orElse(Integer.MAX_VALUE))
        .map(Keyed::conversation)
        .toList();
  }

  private static String key(String id) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      byte[] salted = ("sample" + id).getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(sha256.digest(salted));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
