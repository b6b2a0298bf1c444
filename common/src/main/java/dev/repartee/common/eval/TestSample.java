package dev.repartee.common.eval;

import dev.repartee.common.data.Conversation;
import dev.repartee.common.io.Sha256;
import java.util.Comparator;
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
        .map(conversation -> new Keyed(Sha256.of("sample" + conversation.id()), conversation))
        .sorted(Comparator.comparing(Keyed::key))
        .limit(limit.orElse(Integer.MAX_VALUE))
        .map(Keyed::conversation)
        .toList();
  }
}
