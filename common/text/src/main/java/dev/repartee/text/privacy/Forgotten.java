package dev.repartee.text.privacy;

import dev.repartee.text.UserException;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The agents and conversations that a model must no longer know: {@value #FILE} in a model folder.
 *
 * @param agents salted hashes of their ids, as the model's memory has them
 * @param conversations salted hashes of their ids
 */
public record Forgotten(NavigableSet<String> agents, NavigableSet<String> conversations) {

  /** The file in a model folder. */
  public static final String FILE = "forgotten.json";

  /** So that no one adds the ids themselves. */
  private static final Pattern HASH = Pattern.compile("[0-9a-f]{8,64}");

  /** Nobody and nothing is forgotten. */
  public static final Forgotten NONE = of(Set.of(), Set.of());

  /**
   * @throws IllegalArgumentException for anything that is not a hash
   */
  public Forgotten {
    agents = checked("agents", agents);
    conversations = checked("conversations", conversations);
  }

  /**
   * These agents and conversations.
   *
   * @throws IllegalArgumentException for anything that is not a hash
   */
  public static Forgotten of(Set<String> agents, Set<String> conversations) {
    return new Forgotten(new TreeSet<>(agents), new TreeSet<>(conversations));
  }

  private static NavigableSet<String> checked(String field, NavigableSet<String> hashes) {
    NavigableSet<String> copy =
        hashes == null ? new TreeSet<>() : new TreeSet<>(hashes); // absent in JSON
    for (String hash : copy) {
      if (!HASH.matcher(hash).matches()) {
        throw new IllegalArgumentException(
            field + " must be hashes of 8 to 64 hexadecimal digits but have '" + hash + "'");
      }
    }
    return Collections.unmodifiableNavigableSet(copy);
  }

  /** Both together. */
  public Forgotten and(Forgotten more) {
    NavigableSet<String> allAgents = new TreeSet<>(agents);
    allAgents.addAll(more.agents);
    NavigableSet<String> allConversations = new TreeSet<>(conversations);
    allConversations.addAll(more.conversations);
    return new Forgotten(allAgents, allConversations);
  }

  /** Whether this agent or this conversation is among them, both as hashes. */
  public boolean holds(Optional<String> agent, String conversation) {
    return conversations.contains(conversation) || agent.filter(agents::contains).isPresent();
  }

  /**
   * That of a model folder; {@link #NONE} where it names none.
   *
   * @throws UserException when the file cannot be read
   */
  public static Forgotten read(Path folder) {
    Path file = folder.resolve(FILE);
    return Files.exists(file) ? Json.readFile(file, Forgotten.class) : NONE;
  }

  /** Writes it into a model folder. */
  public void write(Path folder) throws IOException {
    AtomicFile.writeString(folder.resolve(FILE), Json.COMPACT.writeValueAsString(this));
  }
}
