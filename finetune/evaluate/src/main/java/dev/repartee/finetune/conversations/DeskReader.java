package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.DeskFormat.DeskConversation;
import dev.repartee.finetune.conversations.DeskFormat.DeskMessage;
import dev.repartee.finetune.conversations.ExportFiles.ExportFile;
import dev.repartee.text.Timestamps;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.BadLines;
import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationCollector.ExportedMessage;
import dev.repartee.text.conversation.CsvLayout;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the JSON and JSON Lines of desks, and hands the messages to a {@link
 * ConversationCollector}. A file is read object by object. Who an author of Zendesk is may be in a
 * later file, so {@link #finish} collects those messages.
 */
final class DeskReader {

  /** Arrays of conversations or persons, which may be larger than memory should hold. */
  private static final Set<String> LISTS =
      Set.of("tickets", "conversations", "chats", "users", "results");

  /** How deep in an object a conversation is looked for. */
  private static final int DEPTH = 3;

  /** Fields that an error about an unknown format names. */
  private static final int MOST_FIELDS = 8;

  /** A message whose author may be named by a later file. */
  private record Pending(
      DeskFormat format,
      String conversation,
      DeskMessage message,
      Map<Column, String> values,
      String place) {}

  private final CsvLayout layout;
  private final MessageText texts;
  private final ConversationCollector conversations;
  private final BadLines bad;
  private final List<List<Pending>> pending = new ArrayList<>(); // by file
  private final Map<String, Speaker> persons = new HashMap<>();
  private final SortedMap<String, Long> likelyAgents = new TreeMap<>();
  private long others;

  /**
   * @param layout of its parts, roles and zone
   * @param bad collects the messages that cannot be read
   */
  DeskReader(
      CsvLayout layout, MessageText texts, ConversationCollector conversations, BadLines bad) {
    this.layout = layout;
    this.texts = texts;
    this.conversations = conversations;
    this.bad = bad;
  }

  /** The formats of a file, and how many objects have each. */
  private final class Reading {
    private final ExportFile file;
    private final Map<DeskFormat, Long> found = new EnumMap<>(DeskFormat.class);
    private final List<Pending> later = new ArrayList<>();
    private long unnamed;
    private boolean isList; // of conversations or persons, perhaps of none
    private Optional<JsonNode> firstOther = Optional.empty();

    Reading(ExportFile file) {
      this.file = file;
    }

    /** Reads one value of the file. */
    void value(JsonParser parser) {
      if (parser.currentToken() == JsonToken.START_ARRAY) {
        elements(parser);
      } else if (parser.currentToken() == JsonToken.START_OBJECT) {
        object(parser);
      } else {
        other(parser.readValueAsTree());
      }
    }

    private void elements(JsonParser parser) {
      isList = true;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          node(parser.readValueAsTree());
        } else {
          parser.skipChildren();
        }
      }
    }

    /** A conversation, or an object around lists of them. */
    private void object(JsonParser parser) {
      ObjectNode rest = Json.COMPACT.createObjectNode();
      boolean listed = false;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        JsonToken token = parser.nextToken();
        if (token == JsonToken.START_ARRAY && LISTS.contains(name)) {
          elements(parser);
          listed = true;
        } else {
          rest.set(name, parser.readValueAsTree());
        }
      }
      if (!listed || DeskFormat.of(rest).isPresent()) {
        node(rest);
      }
    }

    private void node(JsonNode json) {
      if (!isPerson(json) && !within(json, 0)) {
        other(json);
      }
    }

    /** Zendesk's users, who are agents or not. */
    private boolean isPerson(JsonNode json) {
      Optional<Speaker> role =
          DeskFormat.text(json, "role")
              .map(
                  name ->
                      switch (name) {
                        case "end-user" -> Speaker.CUSTOMER;
                        case "agent", "admin" -> Speaker.AGENT;
                        default -> null;
                      });
      Optional<String> id = DeskFormat.text(json, "id");
      if (role.isEmpty() || id.isEmpty() || !(json.has("name") || json.has("email"))) {
        return false;
      }
      isList = true;
      Optional<String> name = DeskFormat.text(json, "name");
      Speaker speaker =
          name.filter(DeskFormat::isAnswerBot).map(bot -> Speaker.BOT).orElse(role.get());
      persons.put(id.get(), speaker);
      name.ifPresent(known -> persons.putIfAbsent(known, speaker));
      return true;
    }

    /** Whether the object, or one in it, has a format. */
    private boolean within(JsonNode json, int depth) {
      Optional<DeskFormat> format = DeskFormat.of(json);
      if (format.isPresent()) {
        found.merge(format.get(), 1L, Long::sum);
        for (String person : List.of("requester", "assignee", "submitter")) {
          isPerson(json.path(person));
        }
        try {
          read(format.get(), format.get().read(json));
        } catch (IllegalArgumentException e) {
          bad.add(e.getMessage(), file.name(), e.getMessage());
        }
        return true;
      }
      if (depth == DEPTH || !json.isContainer()) {
        return false;
      }
      boolean any = false;
      for (JsonNode child : json) {
        any |= child.isContainer() && within(child, depth + 1);
      }
      return any;
    }

    private void other(JsonNode json) {
      others++;
      firstOther = firstOther.or(() -> Optional.of(json));
    }

    private void read(DeskFormat format, DeskConversation conversation) {
      String id =
          conversation.id().orElseGet(() -> file.stem() + (unnamed++ == 0 ? "" : "-" + unnamed));
      for (DeskMessage message : conversation.messages()) {
        Pending one =
            new Pending(
                format,
                id,
                message,
                conversation.values(),
                "%s, conversation %s".formatted(file.name(), id));
        if (format == DeskFormat.ZENDESK) {
          later.add(one);
        } else {
          collect(one);
        }
      }
    }

    /** Refuses a file in which nothing was found. */
    void check() {
      if (found.isEmpty() && !isList && firstOther.isPresent()) {
        JsonNode json = firstOther.get();
        boolean ours = json.path("messages").isArray() && json.has("id");
        String fields =
            json.isObject()
                ? json.propertyNames().stream()
                    .limit(MOST_FIELDS)
                    .collect(Collectors.joining(", ", "with the fields ", ""))
                : "without an object";
        throw ours
            ? UserException.usage(
                "--conversations %s is JSON Lines, which all commands read; only exports of desks are imported"
                    .formatted(file.name()))
            : new UserException(
                "%s: JSON %s has none of the known formats: %s; docs/your-data.md describes them, and how to write your own CSV or JSON Lines"
                    .formatted(
                        file.name(),
                        fields,
                        Stream.of(DeskFormat.values())
                            .map(DeskFormat::id)
                            .collect(Collectors.joining(", "))));
      }
    }
  }

  /**
   * Reads a file.
   *
   * @return how many objects had each format
   * @throws UserException naming the line where it is no JSON, and what it holds instead of a known
   *     format
   */
  Map<DeskFormat, Long> read(ExportFile file) {
    conversations.nextFile();
    Reading reading = new Reading(file);
    try (BufferedReader characters = file.open()) {
      if (bad.mayLeaveOut() && file.isLines()) {
        lines(characters, reading);
      } else {
        values(characters, reading);
      }
    } catch (JacksonException e) {
      if (e.getCause() instanceof IOException io) {
        throw file.failed(io);
      }
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new UserException("%s:%d: %s".formatted(file.name(), line, notJson(e)), e);
    } catch (IOException e) {
      throw file.failed(e);
    }
    reading.check();
    pending.add(reading.later);
    return reading.found;
  }

  private static void values(Reader characters, Reading reading) {
    try (JsonParser parser = Json.COMPACT.createParser(characters)) {
      while (parser.nextToken() != null) {
        reading.value(parser);
      }
    }
  }

  /** Reads each line by itself, so that a bad one can be left out. */
  private void lines(BufferedReader characters, Reading reading) throws IOException {
    long number = 0;
    for (String line = characters.readLine(); line != null; line = characters.readLine()) {
      number++;
      try {
        values(new StringReader(line), reading);
      } catch (JacksonException e) {
        bad.add("not JSON", reading.file.name() + ":" + number, notJson(e));
      }
    }
  }

  private static String notJson(JacksonException e) {
    return "not JSON: %s; export it again if it ends early"
        .formatted(e.getOriginalMessage().lines().findFirst().orElse("unreadable"));
  }

  /** Collects the messages whose authors all files together name. */
  void finish() {
    pending.stream()
        .flatMap(List::stream)
        .filter(one -> one.message().role().equals(DeskMessage.PRIVATE))
        .flatMap(one -> one.message().author().stream())
        .forEach(author -> persons.putIfAbsent(author, Speaker.AGENT));
    for (List<Pending> file : pending) {
      conversations.nextFile();
      file.forEach(this::collect);
    }
    pending.clear();
  }

  /** Who wrote a message, as far as that is known. */
  private Optional<Speaker> speaker(Pending one) {
    DeskMessage message = one.message();
    if (message.role().equals(DeskMessage.PRIVATE)) {
      return Optional.of(Speaker.SKIP);
    }
    Optional<Speaker> speaker =
        layout
            .named(message.role())
            .or(message::speaker)
            .or(
                () ->
                    one.format() == DeskFormat.ZENDESK
                        ? message.author().map(persons::get)
                        : Optional.empty());
    // Not of others: desks number customers and agents apart.
    return speaker.equals(Optional.of(Speaker.AGENT))
        ? message.author().flatMap(layout::named).or(() -> speaker)
        : speaker;
  }

  private void collect(Pending one) {
    DeskMessage message = one.message();
    Optional<Speaker> speaker = speaker(one);
    if (speaker.isEmpty() && message.likely().isPresent()) {
      likelyAgents.merge(message.role(), 1L, Long::sum);
      speaker = message.likely();
    }
    if (speaker.isEmpty()) {
      bad.add(
          one.format().id() + " " + message.role(),
          one.place(),
          "'%s' is neither customer nor agent by what the export says; add --roles '%s=agent' (or =customer, =bot, =skip)"
              .formatted(message.role(), message.role()));
      return;
    }
    if (speaker.get() == Speaker.SKIP) {
      conversations.skip(message.role());
      return;
    }
    try {
      conversations.add(
          new ExportedMessage(
              one.format().id(),
              one.conversation(),
              speaker.get(),
              message.time().map(this::time),
              texts.read(message.text(), message.kind(), one.place()),
              values(one, speaker.get())),
          message.role());
    } catch (IllegalArgumentException e) {
      bad.add(e.getMessage().replaceFirst("(?s) but is '.*", ""), one.place(), e.getMessage());
    }
  }

  private Instant time(String text) {
    return Timestamps.instant("time", text, layout.zone());
  }

  private static Map<Column, String> values(Pending one, Speaker speaker) {
    Map<Column, String> values = new EnumMap<>(one.values());
    DeskMessage message = one.message();
    if (speaker == Speaker.AGENT) {
      message.author().ifPresent(author -> values.put(Column.AGENT, author));
      message.authorName().ifPresent(name -> values.put(Column.AGENT_NAME, name));
    } else if (speaker == Speaker.CUSTOMER) {
      message.authorName().ifPresent(name -> values.put(Column.CUSTOMER_NAME, name));
    }
    return values;
  }

  /** JSON objects without a known format beside others that have one. */
  long others() {
    return others;
  }

  /** Authors who are not a ticket's requester, count as agents, and by what number of messages. */
  SortedMap<String, Long> likelyAgents() {
    return likelyAgents;
  }
}
