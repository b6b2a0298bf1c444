package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.DeskFormat.DeskConversation;
import dev.repartee.finetune.conversations.DeskFormat.DeskMessage;
import dev.repartee.finetune.conversations.DeskFormat.User;
import dev.repartee.finetune.conversations.DeskFormat.Who;
import dev.repartee.finetune.conversations.ExportFiles.ExportFile;
import dev.repartee.text.Timestamps;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.BadLines;
import dev.repartee.text.conversation.ConversationCollector;
import dev.repartee.text.conversation.ConversationCollector.ExportedMessage;
import dev.repartee.text.conversation.CsvLayout;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import dev.repartee.text.io.BoundedReader;
import dev.repartee.text.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Reads the JSON and JSON Lines of desks, and hands the messages to a {@link
 * ConversationCollector}. A file is read object by object. Who an author is may be in a later file,
 * so {@link #finish} collects the messages of formats with users.
 */
final class DeskReader {

  /** How deep in an object a conversation is looked for. */
  private static final int DEPTH = 3;

  /** Fields that an error about an unknown format names. */
  private static final int MOST_FIELDS = 8;

  /** A conversation whose authors may be named by a later file. */
  private record Pending(DeskFormat format, String id, DeskConversation read, String place) {}

  private final List<DeskFormat> formats;
  private final CsvLayout layout;
  private final MessageText texts;
  private final ConversationCollector conversations;
  private final BadLines bad;
  private final List<List<Pending>> pending = new ArrayList<>(); // by file
  private final Map<String, Who> users = new HashMap<>();
  private final SortedMap<String, Long> likelyAgents = new TreeMap<>();
  private long others;

  /**
   * @param formats the first that fits an object reads it
   * @param layout of its parts, roles and zone
   * @param bad collects the messages that cannot be read
   */
  DeskReader(
      List<DeskFormat> formats,
      CsvLayout layout,
      MessageText texts,
      ConversationCollector conversations,
      BadLines bad) {
    this.formats = formats;
    this.layout = layout;
    this.texts = texts;
    this.conversations = conversations;
    this.bad = bad;
  }

  /** One file. */
  private final class Reading {
    private final ExportFile file;
    private final BoundedReader bounded;
    private final SortedSet<String> found = new TreeSet<>(); // names of formats
    private final List<Pending> later = new ArrayList<>();
    private long unnamed;
    private boolean isList; // of conversations or users, perhaps of none
    private Optional<JsonNode> firstOther = Optional.empty();

    Reading(ExportFile file, BoundedReader bounded) {
      this.file = file;
      this.bounded = bounded;
    }

    void values(Reader characters) {
      try (JsonParser parser = Json.COMPACT.createParser(characters)) {
        while (parser.nextToken() != null) {
          bounded.begin(parser.currentLocation().getLineNr());
          switch (parser.currentToken()) {
            case START_ARRAY -> elements(parser);
            case START_OBJECT -> object(parser);
            default -> other(parser.readValueAsTree());
          }
        }
      }
    }

    private void elements(JsonParser parser) {
      isList = true;
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        bounded.begin(parser.currentLocation().getLineNr());
        if (parser.currentToken() == JsonToken.START_OBJECT) {
          node(parser.readValueAsTree());
        } else {
          parser.skipChildren();
        }
      }
    }

    /** A conversation, or an object around lists of them, which memory may not hold. */
    private void object(JsonParser parser) {
      ObjectNode rest = Json.COMPACT.createObjectNode();
      boolean listed = false;
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        String name = parser.currentName();
        boolean isArray = parser.nextToken() == JsonToken.START_ARRAY;
        if (isArray && formats.stream().anyMatch(format -> format.lists().contains(name))) {
          elements(parser);
          listed = true;
        } else {
          rest.set(name, parser.readValueAsTree());
        }
      }
      if (!listed || formats.stream().anyMatch(format -> format.fits(rest))) {
        node(rest);
      }
    }

    private void node(JsonNode json) {
      boolean isUser = formats.stream().anyMatch(format -> isUser(format, json));
      isList |= isUser;
      if (!isUser && !within(json, 0)) {
        other(json);
      }
    }

    private boolean isUser(DeskFormat format, JsonNode json) {
      Optional<User> user = format.user(json);
      user.ifPresent(
          one -> {
            users.put(one.id(), one.who());
            one.name().ifPresent(name -> users.putIfAbsent(name, one.who()));
          });
      return user.isPresent();
    }

    /** Whether the object, or one in it, has a format. */
    private boolean within(JsonNode json, int depth) {
      Optional<DeskFormat> format = formats.stream().filter(one -> one.fits(json)).findFirst();
      if (format.isPresent()) {
        found.add(format.get().format());
        json.forEach(child -> isUser(format.get(), child)); // of a ticket
        try {
          read(format.get(), format.get().read(json));
        } catch (IllegalArgumentException e) {
          bad.add(e.getMessage(), file.name(), e.getMessage());
        }
        return true;
      }
      boolean any = false;
      for (JsonNode child : json) {
        any |= depth < DEPTH && child.isContainer() && within(child, depth + 1);
      }
      return any;
    }

    private void read(DeskFormat format, DeskConversation read) {
      String id = read.id().orElseGet(() -> file.stem() + (unnamed++ == 0 ? "" : "-" + unnamed));
      String place = "%s, conversation %s".formatted(file.name(), id);
      Pending one = new Pending(format, id, read, place);
      if (format.users().isPresent()) {
        later.add(one);
      } else {
        collect(one);
      }
    }

    private void other(JsonNode json) {
      others++;
      firstOther = firstOther.or(() -> Optional.of(json));
    }

    /** Refuses a file in which nothing was found. */
    void check() {
      if (!found.isEmpty() || isList || firstOther.isEmpty()) {
        return;
      }
      JsonNode json = firstOther.get();
      if (json.path("messages").isArray() && json.has("id")) {
        throw UserException.usage(
            "--conversations %s is JSON Lines, which all commands read; only exports of desks are imported"
                .formatted(file.name()));
      }
      String fields =
          json.propertyNames().stream().limit(MOST_FIELDS).collect(Collectors.joining(", "));
      throw new UserException(
          "%s: JSON %s has none of the known formats: %s; docs/your-data.md describes them, how to describe another with --format, and how to write your own CSV or JSON Lines"
              .formatted(
                  file.name(),
                  json.isObject() ? "with the fields " + fields : "without an object",
                  formats.stream().map(DeskFormat::format).collect(Collectors.joining(", "))));
    }
  }

  /**
   * Reads a file.
   *
   * @return the names of its formats
   * @throws UserException naming the line where it is no JSON, and what it holds instead of a known
   *     format
   */
  SortedSet<String> read(ExportFile file) {
    conversations.nextFile();
    Reading reading;
    try (BoundedReader bounded = new BoundedReader(file.open(), file.name())) {
      reading = new Reading(file, bounded);
      if (bad.mayLeaveOut() && file.isLines()) {
        lines(new BufferedReader(bounded), reading);
      } else {
        reading.values(bounded);
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

  /** Reads each line by itself, so that a bad one can be left out. */
  private void lines(BufferedReader characters, Reading reading) throws IOException {
    long number = 0;
    for (String line = characters.readLine(); line != null; line = characters.readLine()) {
      reading.bounded.begin(++number + 1);
      try {
        reading.values(new StringReader(line));
      } catch (JacksonException e) {
        bad.add("not JSON", reading.file.name() + ":" + number, notJson(e));
      }
    }
  }

  private static String notJson(JacksonException e) {
    return "not JSON: %s; export it again if it ends early".formatted(Json.problem(e));
  }

  /** Collects the messages whose authors all files together name. */
  void finish() {
    // Only agents write notes.
    pending.stream()
        .flatMap(List::stream)
        .flatMap(one -> one.read().messages().stream())
        .filter(message -> message.who() == Who.NOTE)
        .flatMap(message -> message.author().stream())
        .forEach(author -> users.putIfAbsent(author, Who.AGENT));
    for (List<Pending> file : pending) {
      conversations.nextFile();
      file.forEach(this::collect);
    }
    pending.clear();
  }

  private void collect(Pending one) {
    for (DeskMessage message : one.read().messages()) {
      Optional<Speaker> speaker = speaker(message, one.format());
      if (speaker.isEmpty()) {
        bad.add(
            one.format().format() + " " + message.role(),
            one.place(),
            "'%1$s' is neither customer nor agent by what the export says; add --roles '%1$s=agent' (or =customer, =bot, =skip)"
                .formatted(message.role()));
      } else if (speaker.get() == Speaker.SKIP) {
        conversations.skip(message.who() == Who.NOTE ? "private notes" : message.role());
      } else {
        collect(one, message, speaker.get());
      }
    }
  }

  private void collect(Pending one, DeskMessage message, Speaker speaker) {
    Map<Column, String> values = new HashMap<>(one.read().values());
    if (speaker == Speaker.AGENT) {
      message.author().ifPresent(author -> values.put(Column.AGENT, author));
      message.authorName().ifPresent(name -> values.put(Column.AGENT_NAME, name));
    } else if (speaker == Speaker.CUSTOMER) {
      message.authorName().ifPresent(name -> values.put(Column.CUSTOMER_NAME, name));
    }
    try {
      conversations.add(
          new ExportedMessage(
              one.format().format(),
              one.id(),
              speaker,
              message.time().map(time -> Timestamps.instant("time", time, layout.zone())),
              texts.read(message.text(), message.kind(), one.place()),
              values),
          message.role());
    } catch (IllegalArgumentException e) {
      bad.add(e.getMessage().replaceFirst("(?s) but is '.*", ""), one.place(), e.getMessage());
    }
  }

  /** Who wrote a message, as far as that is known. */
  private Optional<Speaker> speaker(DeskMessage message, DeskFormat format) {
    if (message.who() == Who.NOTE) {
      return Optional.of(Speaker.SKIP);
    }
    Optional<Speaker> given = layout.named(message.role());
    if (given.isPresent()) {
      return given.get() == Speaker.AGENT ? agent(message) : given;
    }
    boolean isOpen = message.who() == Who.OPEN || message.who() == Who.LIKELY_AGENT;
    Optional<Who> user =
        message.author().filter(author -> isOpen && format.users().isPresent()).map(users::get);
    return switch (user.orElse(message.who())) {
      case CUSTOMER -> Optional.of(Speaker.CUSTOMER);
      case BOT -> Optional.of(Speaker.BOT);
      case AGENT -> agent(message);
      case LIKELY_AGENT -> {
        likelyAgents.merge(message.role(), 1L, Long::sum);
        yield Optional.of(Speaker.AGENT);
      }
      case SKIP, NOTE -> Optional.of(Speaker.SKIP);
      case OPEN -> layout.others();
    };
  }

  /** Options name agents by their ids; desks number customers apart. */
  private Optional<Speaker> agent(DeskMessage message) {
    return message.author().flatMap(layout::named).or(() -> Optional.of(Speaker.AGENT));
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
