package dev.repartee.registry.feedback;

import static java.util.Objects.requireNonNull;

import dev.repartee.registry.store.ObjectStore;
import dev.repartee.registry.store.ObjectStore.StoredText;
import dev.repartee.registry.store.Precondition;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What an agent did with suggestions, for that agent alone. One object among the feedback has a
 * line for each agent; {@code report --for-agents} writes it, and a service reads it.
 *
 * @param agent the salted hash of the agent's id
 * @param from the first day that was counted
 * @param until the last
 * @param figures as in the report
 */
public record AgentUsage(String agent, LocalDate from, LocalDate until, JsonNode figures) {

  /** The object's key. */
  public static final String KEY = FeedbackLog.FOLDER + ".agents.jsonl"; // no model has this name

  public AgentUsage {
    requireNonNull(agent, "agent is null");
    requireNonNull(from, "from is null");
    requireNonNull(until, "until is null");
    requireNonNull(figures, "figures is null");
  }

  /** Writes the object in place of the one before. */
  public static void write(ObjectStore store, List<AgentUsage> agents) {
    String lines =
        agents.stream()
            .map(one -> Json.COMPACT.writeValueAsString(one) + "\n")
            .collect(Collectors.joining());
    store.put(KEY, lines.getBytes(StandardCharsets.UTF_8), Precondition.none());
  }

  /** Reads the object, by agent; nothing where there is none. */
  public static Map<String, AgentUsage> read(ObjectStore store) {
    return store.readText(KEY).map(StoredText::text).stream()
        .flatMap(String::lines)
        .map(line -> Json.COMPACT.readValue(line, AgentUsage.class))
        .collect(Collectors.toMap(AgentUsage::agent, Function.identity(), (one, _) -> one));
  }
}
