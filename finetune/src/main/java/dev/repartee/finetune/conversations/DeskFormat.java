package dev.repartee.finetune.conversations;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.finetune.conversations.MessageText.Kind;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.exc.UnrecognizedPropertyException;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/**
 * Where a desk's JSON holds conversations and messages, and who wrote them: a mapping, read from
 * YAML. Those of known desks are resources, as their documentation describes the JSON; a user gives
 * another with {@code --format}. docs/your-data.md describes the fields.
 *
 * @param format its name in options and output
 * @param fits conditions, of which one holds for an object that has this format
 * @param refuse conditions that show a part which has no use alone
 * @param lists the names of arrays around conversations, whose elements are read one by one
 * @param transcript the beginning of a message in a text that holds several
 * @param roles who wrote a message: the first whose conditions hold
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
record DeskFormat(
    String format,
    List<Map<Value, List<Wanted>>> fits,
    List<Refusal> refuse,
    Set<String> lists,
    Optional<Users> users,
    Optional<Value> id,
    Optional<Value> domain,
    Optional<Value> customer,
    Optional<Value> customerName,
    List<Value> messages,
    Optional<Persons> persons,
    Optional<Pattern> transcript,
    Value role,
    Optional<Value> author,
    Optional<Value> authorName,
    Optional<Value> time,
    Optional<TimeUnit> timeUnit,
    Value text,
    Optional<Value> textType,
    Optional<Value> textEncoding,
    List<Rule> roles) {

  private static final YAMLMapper YAML =
      Json.yaml()
          .rebuild()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.ACCEPT_SINGLE_VALUE_AS_ARRAY)
          .enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
          .build();

  private static final Pattern ADDRESS = Pattern.compile("\\s*\"?([^\"<]*?)\"?\\s*<[^>]*>.*");

  private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

  /** Values of the mapping that others may refer to. */
  private static final Set<String> REFERENCES =
      Set.of("$role", "$author", "$customer", "$customer-name");

  /** Who wrote a message. */
  enum Who {
    CUSTOMER,
    AGENT,
    /** If nothing else in the export says who it is; the output names it. */
    LIKELY_AGENT,
    BOT,
    SKIP,
    /** No customer saw it, so no option brings it back. */
    NOTE,
    /** The export does not say it, so the user must. */
    OPEN
  }

  /** Says who wrote the messages for which {@code when} holds, and how {@code --roles} names it. */
  record Rule(@JsonProperty("is") Who who, Optional<Value> role, Map<Value, List<Wanted>> when) {
    Rule {
      require("is and when", who, when);
    }
  }

  /** Shows an object that cannot be used, and says what to export instead. */
  record Refusal(Map<Value, List<Wanted>> when, String because) {
    Refusal {
      require("when and because", when, because);
    }
  }

  /** Objects, perhaps in another file, that say who an author is. */
  record Users(Value id, Value name, List<Rule> roles) {
    Users {
      require("id, name and roles", id, name, roles);
    }
  }

  /**
   * Persons to whom a conversation's messages refer.
   *
   * @param id of a person; none if messages name positions
   * @param of the person of a message
   */
  record Persons(Value in, Optional<Value> id, Value of) {
    Persons {
      require("in and of", in, of);
    }
  }

  /** A message as a desk has it; {@code role} is what {@code --roles} may name. */
  record DeskMessage(
      String role,
      Who who,
      Optional<String> time,
      String text,
      Kind kind,
      Optional<String> author,
      Optional<String> authorName) {}

  /** A conversation as a desk has it, or a part of one, with what it says about all messages. */
  record DeskConversation(
      Optional<String> id, Map<Column, String> values, List<DeskMessage> messages) {}

  /** A user of the desk. */
  record User(String id, Optional<String> name, Who who) {}

  DeskFormat {
    require(
        "format, fits, messages, role, text and roles", format, fits, messages, role, text, roles);
    refuse = Objects.requireNonNullElse(refuse, List.of());
    lists = Objects.requireNonNullElse(lists, Set.of());
    boolean circular =
        Stream.of(author, customer, customerName)
            .flatMap(Optional::stream)
            .anyMatch(value -> value.refersTo(REFERENCES));
    if (circular || role.refersTo(Set.of("$role"))) {
      throw new IllegalArgumentException("role, author or customer refers to itself");
    }
  }

  private static void require(String fields, Object... values) {
    if (Arrays.asList(values).contains(null)) {
      throw new IllegalArgumentException(fields + " must be given");
    }
  }

  /** The formats of known desks, the first of which that fits counts. */
  static List<DeskFormat> known() {
    return Stream.of(
            "google",
            "chatwoot",
            "zendesk",
            "zendesk-chat",
            "intercom",
            "zammad",
            "amazon-connect",
            "vcon")
        .map(name -> DeskFormat.class.getResourceAsStream(name + ".yaml"))
        .map(yaml -> YAML.readValue(yaml, DeskFormat.class))
        .toList();
  }

  /**
   * The format of a file.
   *
   * @throws UserException (wrong usage) naming the line and the field that is wrong
   */
  static DeskFormat of(Path file) {
    String yaml;
    try {
      yaml = Files.readString(file);
    } catch (IOException e) {
      throw UserException.usage("--format " + file + ": no such readable file");
    }
    try {
      return YAML.readValue(yaml, DeskFormat.class);
    } catch (UnrecognizedPropertyException e) {
      String name = e.getPropertyName();
      List<String> fields = e.getKnownPropertyIds().stream().map(Object::toString).toList();
      String before = yaml.substring(0, Math.max(0, yaml.indexOf(name + ":")));
      throw wrong(
          file,
          1 + before.chars().filter(c -> c == '\n').count(),
          "unknown field '%s'%s".formatted(name, JsonFields.didYouMean(name, fields, "")));
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw wrong(file, line, Json.reason(e));
    }
  }

  private static UserException wrong(Path file, long line, String problem) {
    return UserException.usage(
        "--format %s:%d: %s; docs/your-data.md describes the fields"
            .formatted(file, line, problem));
  }

  /** Whether a JSON object has this format. */
  boolean fits(JsonNode json) {
    At at = new At(this, json);
    return fits.stream().anyMatch(at::holds);
  }

  /** The user of the desk that an object describes, if it does. */
  Optional<User> user(JsonNode json) {
    At at = new At(this, json);
    return users.flatMap(
        all ->
            all.id()
                .text(at)
                .flatMap(
                    id ->
                        at.first(all.roles())
                            .map(rule -> new User(id, all.name().text(at), rule.who()))));
  }

  /**
   * The messages of an object that {@link #fits}.
   *
   * @throws IllegalArgumentException when it is a part that has no use alone
   */
  DeskConversation read(JsonNode json) {
    At at = new At(this, json);
    for (Refusal refusal : refuse) {
      if (at.holds(refusal.when())) {
        throw new IllegalArgumentException(refusal.because());
      }
    }
    Map<Column, String> values = new EnumMap<>(Column.class);
    at.text(domain).ifPresent(text -> values.put(Column.DOMAIN, text));
    at.text(customerName).ifPresent(text -> values.put(Column.CUSTOMER_NAME, text));
    Map<String, JsonNode> known = new HashMap<>();
    persons.ifPresent(
        all -> {
          for (JsonNode person : all.in().nodes(at)) {
            Optional<String> own = new At(this, person).text(all.id());
            known.putIfAbsent(own.orElse("" + known.size()), person);
          }
        });
    List<DeskMessage> read = new ArrayList<>();
    for (Value list : messages) {
      for (JsonNode message : list.nodes(at).stream().filter(JsonNode::isObject).toList()) {
        At one = at.with("", message);
        persons
            .flatMap(all -> all.of().text(one))
            .map(known::get)
            .ifPresentOrElse(
                person -> read(one.with("$person", person), read), () -> read(one, read));
      }
    }
    return new DeskConversation(at.text(id), values, read);
  }

  private void read(At at, List<DeskMessage> read) {
    DeskMessage whole = message(at);
    List<MatchResult> lines =
        transcript.filter(line -> whole.who() != Who.NOTE).stream()
            .flatMap(line -> line.matcher(whole.text()).results())
            .toList();
    if (lines.size() < 2) {
      read.add(whole);
      return;
    }
    for (int i = 0; i < lines.size(); i++) {
      MatchResult line = lines.get(i);
      int end = i + 1 < lines.size() ? lines.get(i + 1).start() : whole.text().length();
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      line.namedGroups().keySet().stream()
          .filter(name -> line.group(name) != null)
          .forEach(name -> json.put(name, line.group(name).strip()));
      json.put("text", whole.text().substring(line.end(), end).strip());
      read.add(message(at.with("$line", json)));
    }
  }

  private DeskMessage message(At at) {
    Optional<Rule> rule = at.first(roles);
    String type = at.text(textType).orElse("");
    String written = text.text(at).orElse("");
    return new DeskMessage(
        rule.flatMap(one -> at.text(one.role())).or(() -> role.text(at)).orElse(""),
        rule.map(Rule::who).orElse(Who.OPEN),
        at.text(time).map(this::time),
        at.text(textEncoding).equals(Optional.of("base64url"))
            ? new String(Base64.getUrlDecoder().decode(written), StandardCharsets.UTF_8)
            : written,
        type.contains("html") ? Kind.HTML : type.isEmpty() ? Kind.EITHER : Kind.PLAIN,
        at.text(author),
        at.text(authorName).map(DeskFormat::name));
  }

  /** In seconds if the unit is known; elsewhere it is guessed by the size. */
  private String time(String text) {
    return timeUnit
        .map(unit -> new BigDecimal(text).multiply(BigDecimal.valueOf(unit.toNanos(1))))
        .map(nanos -> nanos.movePointLeft(9).toPlainString())
        .orElse(text);
  }

  /** The name before an address, {@code "Ann Lee" <ann@example.org>}, and before a channel. */
  private static String name(String author) {
    Matcher address = ADDRESS.matcher(author);
    String name = address.matches() && !address.group(1).isBlank() ? address.group(1) : author;
    return name.replaceFirst(" via .*", "").strip();
  }

  /**
   * A text in JSON: paths, of which the first counts that leads to one. {@code a.b} is a field of a
   * field, or of all elements if {@code a} is an array, of which {@code a.0.b} is the first; {@code
   * =b} is the text b.
   */
  record Value(List<List<String>> paths) {

    @JsonCreator
    static Value of(String text) {
      return new Value(
          Stream.of(text.split("\\|", -1))
              .map(String::strip)
              .map(path -> path.startsWith("=") ? List.of(path) : List.of(path.split("\\.", -1)))
              .toList());
    }

    private boolean refersTo(Set<String> names) {
      return paths.stream().anyMatch(path -> names.contains(path.getFirst()));
    }

    /** What the first path leads to that leads to a text; else, that leads to anything. */
    private List<JsonNode> nodes(At at) {
      List<JsonNode> others = List.of();
      for (List<String> path : paths) {
        List<JsonNode> nodes = at.find(path);
        if (nodes.stream().anyMatch(Value::isText)) {
          return nodes;
        }
        others = others.isEmpty() ? nodes : others;
      }
      return others;
    }

    /** Numbers are texts; null and blank are not. */
    private static boolean isText(JsonNode node) {
      return node.isValueNode() && !node.isNull() && !node.asString().isBlank();
    }

    private Optional<String> text(At at) {
      return nodes(at).stream().filter(Value::isText).map(JsonNode::asString).findFirst();
    }

    /** All texts, empty where there is something else. */
    private List<String> texts(At at) {
      return nodes(at).stream().map(node -> isText(node) ? node.asString() : "").toList();
    }
  }

  /**
   * What a condition wants: a text, case aside, in which {@code *} stands for anything and {@code
   * ?} for a character; or {@code same as} another value; or, after {@code not}, anything else.
   */
  record Wanted(boolean not, Optional<Value> same, Pattern text) {

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static Wanted of(JsonNode node) {
      if (node.isContainer()) {
        throw new IllegalArgumentException("'when' must hold texts but holds " + node);
      }
      boolean not = node.asString().startsWith("not ");
      String wanted = node.asString().substring(not ? 4 : 0);
      return new Wanted(
          not,
          Optional.of(wanted)
              .filter(text -> text.startsWith("same as "))
              .map(text -> Value.of(text.substring(8))),
          Pattern.compile(
              "\\Q" + wanted.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E",
              Pattern.CASE_INSENSITIVE | Pattern.DOTALL));
    }

    private boolean isIn(List<String> texts, At at) {
      List<String> others = same.map(value -> value.texts(at)).orElse(List.of());
      return same.isPresent()
          ? texts.stream().anyMatch(one -> !one.isEmpty() && others.contains(one))
          : texts.stream().anyMatch(one -> text.matcher(one).matches());
    }
  }

  /**
   * What paths begin at: "" is a message, {@code $conversation} what holds it, {@code $person} to
   * whom it refers, and {@code $line} a message in its text.
   */
  private record At(DeskFormat format, Map<String, JsonNode> nodes) {

    At(DeskFormat format, JsonNode json) {
      this(format, Map.of("$conversation", json, "", json));
    }

    At with(String name, JsonNode node) {
      Map<String, JsonNode> more = new HashMap<>(nodes);
      more.put(name, node);
      return new At(format, more);
    }

    Optional<String> text(Optional<Value> value) {
      return value.flatMap(one -> one.text(this));
    }

    Optional<Rule> first(List<Rule> rules) {
      return rules.stream().filter(rule -> holds(rule.when())).findFirst();
    }

    /** Whether each value has one of the texts that it should have, and none that it should not. */
    boolean holds(Map<Value, List<Wanted>> when) {
      return when.entrySet().stream().allMatch(one -> holds(one.getKey(), one.getValue()));
    }

    private boolean holds(Value value, List<Wanted> wanted) {
      List<String> texts = value.texts(this);
      boolean isExcluded = wanted.stream().anyMatch(one -> one.not() && one.isIn(texts, this));
      return !isExcluded
          && (wanted.stream().allMatch(Wanted::not)
              || wanted.stream().anyMatch(one -> !one.not() && one.isIn(texts, this)));
    }

    private List<JsonNode> find(List<String> path) {
      String first = path.getFirst();
      if (first.startsWith("=")) {
        return List.of(StringNode.valueOf(first.substring(1)));
      }
      return switch (first) {
        case "$role" -> format.role.nodes(this);
        case "$author" -> nodes(format.author);
        case "$customer" -> with("", nodes.get("$conversation")).nodes(format.customer);
        case "$customer-name" -> with("", nodes.get("$conversation")).nodes(format.customerName);
        default -> {
          List<JsonNode> found = new ArrayList<>();
          boolean named = nodes.containsKey(first);
          find(nodes.get(named ? first : ""), path, named ? 1 : 0, found);
          yield found;
        }
      };
    }

    private List<JsonNode> nodes(Optional<Value> value) {
      return value.map(one -> one.nodes(this)).orElse(List.of());
    }

    /** Adds what a path leads to: elements of arrays, but an array that has none. */
    private static void find(JsonNode node, List<String> path, int step, List<JsonNode> found) {
      boolean isEnd = step == path.size();
      if (node.isArray() && !node.isEmpty()) {
        if (!isEnd && INDEX.matcher(path.get(step)).matches()) {
          find(node.path(Integer.parseInt(path.get(step))), path, step + 1, found);
        } else {
          node.forEach(element -> find(element, path, step, found));
        }
      } else if (!isEnd) {
        find(node.path(path.get(step)), path, step + 1, found);
      } else if (!node.isMissingNode()) {
        found.add(node);
      }
    }
  }
}
