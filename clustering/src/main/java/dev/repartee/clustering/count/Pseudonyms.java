package dev.repartee.clustering.count;

import dev.repartee.text.io.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Names that stand for agents: {@code agent-} and the first 8 hexadecimal digits of the SHA-256 of
 * the agent's id. They keep a reader from seeing who wrote what; they do not withstand someone who
 * has the list of ids. May be used by several threads.
 */
final class Pseudonyms {

  private static final int BYTES = 4;

  private final Map<String, String> known = new ConcurrentHashMap<>();

  String of(String agentId) {
    return known.computeIfAbsent(agentId, Pseudonyms::hashed);
  }

  private static String hashed(String agentId) {
    byte[] hash = Sha256.newDigest().digest(agentId.getBytes(StandardCharsets.UTF_8));
    return "agent-" + HexFormat.of().formatHex(hash, 0, BYTES);
  }
}
