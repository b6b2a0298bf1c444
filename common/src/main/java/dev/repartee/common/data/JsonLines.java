package dev.repartee.common.data;

import dev.repartee.common.json.Json;
import dev.repartee.common.json.JsonFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Conversations of a JSON Lines file, parsed as they are asked for. The first bad line ends them:
 * the rest of the file is then only searched for more bad lines.
 */
final class JsonLines implements Iterator<Conversation> {

  private final LineSource source;
  private final BadLines bad;
  private final Map<String, Long> lineOfId = new HashMap<>();
  private Optional<Conversation> next = Optional.empty();

  JsonLines(LineSource source, BadLines bad) {
    this.source = source;
    this.bad = bad;
  }

  @Override
  public boolean hasNext() {
    while (next.isEmpty()) {
      Optional<LineSource.Line> line = bad.isFull() ? Optional.empty() : source.next();
      if (line.isEmpty()) {
        bad.throwIfAny();
        return false;
      }
      Optional<Conversation> parsed = parse(line.get());
      next = bad.any() ? Optional.empty() : parsed;
    }
    return true;
  }

  @Override
  public Conversation next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Conversation conversation = next.orElseThrow();
    next = Optional.empty();
    return conversation;
  }

  private Optional<Conversation> parse(LineSource.Line line) {
    if (line.valid() && line.text().isBlank()) {
      return Optional.empty();
    }
    try {
      if (!line.valid()) {
        throw new IllegalArgumentException("not UTF-8; convert the file to UTF-8");
      }
      return Optional.of(conversation(Json.COMPACT.readTree(line.text()), line.number()));
    } catch (JacksonException e) {
      int column = e.getLocation() == null ? 0 : e.getLocation().getColumnNr();
      String what = e.getOriginalMessage().lines().findFirst().orElse("unreadable");
      bad.add(line.number(), "not one whole JSON object: " + what + " (column " + column + ")");
    } catch (IllegalArgumentException e) {
      bad.add(line.number(), e.getMessage());
    }
    return Optional.empty();
  }

  private Conversation conversation(JsonNode json, long line) {
    if (!json.isObject()) {
      throw new IllegalArgumentException(
          "must be an object but is " + JsonFields.kind(json) + "; write one conversation a line");
    }
    String id = JsonFields.filledText(json, "id");
    Conversation conversation =
        new Conversation(
            id,
            JsonFields.optionalText(json, "agent_id"),
            JsonFields.optionalText(json, "domain"),
            JsonFields.optionalText(json, "customer_name"),
            JsonFields.optionalText(json, "agent_name"),
            messages(JsonFields.array(json, "messages")));
    Long earlier = lineOfId.putIfAbsent(id, line);
    if (earlier != null) {
      throw new IllegalArgumentException("id '" + id + "' is already used in line " + earlier);
    }
    return conversation;
  }

  private static List<Message> messages(JsonNode array) {
    List<Message> messages = new ArrayList<>(array.size());
    for (JsonNode message : array) {
      try {
        Role role = Role.of(JsonFields.text(message, "role"));
        messages.add(new Message(role, JsonFields.text(message, "text")));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            e.getMessage() + " (messages[" + messages.size() + "])", e);
      }
    }
    return messages;
  }
}
