package dev.repartee.finetune.metric;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The order in which conversations are evaluated. It depends on their ids alone, so that a limited
 * evaluation uses the same conversations whatever the order of the file, and a larger limit adds to
 * them.
 */
public final class TestSample {

  private record Keyed(String key, Conversation conversation) {}

  private TestSample() {}

  /** The first {@code limit} of {@code conversations} by SHA-256 of their ids; all when empty. */
  public static List<Conversation> of(List<Conversation> conversations, Optional<Integer> limit) {
    return conversations.stream()
        .map(conversation -> new Keyed(Sha256.of("sample" + conversation.id()), conversation))
        .sorted(Comparator.comparing(Keyed::key))
        .limit(limit.orElse(Integer.MAX_VALUE))
        .map(Keyed::conversation)
        .toList();
  }

  /**
   * The positions of {@code conversations}, those first in which agents wrote most: where several
   * are typed side by side, the last to end should be short.
   */
  static List<Integer> longestFirst(List<Conversation> conversations) {
    return IntStream.range(0, conversations.size())
        .boxed()
        .sorted(
            Comparator.comparingInt(
                c -> -conversations.get(c).agentTexts().mapToInt(String::length).sum()))
        .toList();
  }

  /**
   * Tells one set of conversations from another: SHA-256 of their ids, roles and texts in this
   * order. What file they came in, and how it was packed, does not matter; wrong keys do.
   */
  static String digest(List<Conversation> conversations, double typos) {
    MessageDigest digest = Sha256.newDigest();
    for (Conversation conversation : conversations) {
      add(digest, conversation.id());
      add(digest, Integer.toString(conversation.messages().size()));
      for (Message message : conversation.messages()) {
        add(digest, message.role().id());
        add(digest, message.text());
      }
    }
    if (typos > 0) {
      add(digest, "typos " + typos);
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  /** With its length, so that no two lists of texts run into the same bytes. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
    digest.update(bytes);
  }
}
