package dev.repartee.finetune.answers;

import static java.util.Objects.requireNonNullElse;

import dev.repartee.finetune.conversations.MessageText;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary.Entry;
import dev.repartee.text.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.TextNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the JSON of a desk's API holds its canned responses: a mapping, read from YAML, as those of
 * exports are. What is none of a library's business, such as a macro that says nothing, is left out
 * with the reason. Paths are JSON pointers into an element.
 *
 * @param format its name in output
 * @param list the field of a file with the elements
 * @param fields of an element, by which a file is recognised
 * @param named an array of the element whose objects each name a field and hold its value
 * @param leaveOut by the reason, what an element has that is left out
 * @param separator of folders, and behind them the title, within the title
 * @param html path of the text, where it is HTML
 * @param text path of the text, where it is none
 * @param queue the group, team or department that may use it, where it is for one alone
 * @param owner the agent who may use it, where it is for one alone
 * @param customers the first parts of placeholders, such as {@code contact} of <code>
 *     {{contact.name}}</code>
 * @param agents as {@code customers}
 * @param numbers the placeholders of a conversation's number
 */
@JsonNaming(PropertyNamingStrategies.KebabCaseStrategy.class)
record CannedFormat(
    String format,
    String list,
    List<String> fields,
    Optional<String> named,
    Map<String, Map<String, String>> leaveOut,
    String title,
    Optional<String> folder,
    Optional<String> separator,
    Optional<String> html,
    Optional<String> text,
    Optional<Scope> queue,
    Optional<Scope> owner,
    Set<String> customers,
    Set<String> agents,
    Set<String> numbers) {

  /**
   * For whom a canned response is.
   *
   * @param at paths of an id; what is for several is for all
   * @param when the texts by path for which that is so; everything without
   */
  record Scope(List<String> at, Map<String, String> when) {

    Scope {
      when = requireNonNullElse(when, Map.of()); // absent in YAML
    }

    private Optional<String> in(JsonNode json) {
      return at.stream()
          .map(json::at)
          .filter(id -> !id.isArray() || id.size() == 1)
          .flatMap(id -> CannedFormat.text(id).stream())
          .findFirst()
          .filter(_ -> has(json, when));
    }
  }

  /** With a filter, or with what is said without a value, behind a bar. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile("\\{\\{\\s*([\\w.]+)\\s*(?:\\|[^{}]*)?\\}\\}|#\\{\\s*([\\w.]+)\\s*\\}");

  private static final Pattern OWN_PLACEHOLDER = Pattern.compile("\\{[a-z][a-z0-9_]{0,39}\\}");

  private static final Pattern BRACES = Pattern.compile("#?\\{[^}]{0,60}\\}{0,2}|\\}");

  private static final Set<String> FIRST_NAMES = Set.of("first_name", "firstname");
  private static final Set<String> LAST_NAMES = Set.of("last_name", "lastname");
  private static final Set<String> NAMES = Set.of("name", "full_name", "fullname");

  private static final Map<String, String> CONTACTS =
      Map.of("email", "{email}", "phone", "{phone}", "phone_number", "{phone}");

  CannedFormat {
    leaveOut = requireNonNullElse(leaveOut, Map.of()); // absent in YAML
    numbers = requireNonNullElse(numbers, Set.of());
  }

  private static Stream<CannedFormat> known() {
    return Stream.of("chatwoot", "zendesk", "intercom", "zammad", "rocketchat")
        .map(name -> CannedFormat.class.getResourceAsStream(name + ".yaml"))
        .map(yaml -> Json.yaml().readValue(yaml, CannedFormat.class));
  }

  /** The format whose fields a file has. */
  static Optional<CannedFormat> of(JsonNode root) {
    return known().filter(format -> !format.elements(root).isEmpty()).findFirst();
  }

  /** All formats and their fields, for a message. */
  static String all() {
    return known()
        .map(one -> "%s (%s)".formatted(one.format, String.join(", ", one.fields)))
        .collect(Collectors.joining(", "));
  }

  /** What a person calls an element. */
  static String title(JsonNode json) {
    return first(json, "title", "name", "short_code", "shortcut", "id", "_id").orElse("?");
  }

  private static Optional<String> first(JsonNode json, String... fields) {
    return Stream.of(fields).flatMap(field -> text(json.path(field)).stream()).findFirst();
  }

  /** The elements of a file of this format; none where it has another. */
  List<JsonNode> elements(JsonNode root) {
    List<JsonNode> elements = (root.isArray() ? root : root.path(list)).valueStream().toList();
    boolean fits = elements.stream().anyMatch(element -> fields.stream().allMatch(element::has));
    return fits ? elements : List.of();
  }

  /**
   * The entry for an element.
   *
   * @throws IllegalArgumentException with the reason for which there is none, without a subject
   */
  Entry read(JsonNode element) {
    JsonNode json =
        named
            .filter(_ -> element.isObject())
            .map(array -> withNames(element, array))
            .orElse(element);
    leaveOut.forEach(
        (reason, what) -> {
          if (has(json, what)) {
            throw new IllegalArgumentException(reason);
          }
        });
    String said =
        html.flatMap(path -> text(json.at(path)))
            .map(CannedFormat::ofHtml)
            .or(() -> text.flatMap(path -> text(json.at(path))))
            .map(TextNorm::visible)
            .map(TextNorm::strip)
            .filter(one -> !one.isEmpty())
            .orElseThrow(() -> new IllegalArgumentException("has no text"));
    String id =
        first(json, "id", "_id", "title", "name", "short_code", "shortcut")
            .orElseThrow(() -> new IllegalArgumentException("has no id"));
    String whole = text(json.at(title)).orElse("");
    int name = separator.map(whole::lastIndexOf).orElse(-1);
    String in =
        name < 0
            ? folder.map(path -> joined(json.at(path))).orElse("")
            : whole.substring(0, name).replace(separator.orElseThrow(), " / ");
    return new Entry(
        format + "-" + id,
        Optional.of(name < 0 ? whole : whole.substring(name + separator.orElseThrow().length()))
            .filter(one -> !one.isBlank()),
        filled(said),
        Optional.of(in).filter(one -> !one.isBlank()),
        queue.flatMap(scope -> scope.in(json)),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        owner.flatMap(scope -> scope.in(json)));
  }

  private static JsonNode withNames(JsonNode element, String array) {
    ObjectNode named = ((ObjectNode) element).deepCopy();
    ObjectNode object = named.putObject(array);
    element
        .path(array)
        .forEach(one -> object.putIfAbsent(one.path("field").asString(""), one.path("value")));
    return named;
  }

  private static boolean has(JsonNode json, Map<String, String> texts) {
    return texts.entrySet().stream()
        .allMatch(one -> json.at(one.getKey()).asString("").equals(one.getValue()));
  }

  /** Of an array the last: Zendesk's text for a channel is ["channel:all", "..."]. */
  private static Optional<String> text(JsonNode at) {
    JsonNode one = at.isArray() ? at.path(at.size() - 1) : at;
    return Optional.of(one.asString("").strip()).filter(text -> !text.isEmpty());
  }

  private static String joined(JsonNode at) {
    return at.isArray()
        ? at.valueStream().map(JsonNode::asString).collect(Collectors.joining(", "))
        : text(at).orElse("");
  }

  /** The text with this project's placeholders. */
  private String filled(String text) {
    StringBuilder filled = new StringBuilder();
    int end = 0;
    String before = ""; // whose first name the placeholder before is
    for (Matcher match = PLACEHOLDER.matcher(text); match.find(); ) {
      String name = match.group(1) == null ? match.group(2) : match.group(1);
      int dot = name.lastIndexOf('.');
      String of = dot < 0 ? "" : name.substring(0, dot);
      String field = name.substring(dot + 1).toLowerCase(Locale.ROOT);
      String between = text.substring(end, match.start());
      if (LAST_NAMES.contains(field) && before.equals(of + " name") && between.isBlank()) {
        end = match.end(); // our names are whole
        continue;
      }
      String placeholder = placeholder(name, of, field);
      filled.append(between).append(placeholder.isEmpty() ? match.group() : placeholder);
      end = match.end();
      before = FIRST_NAMES.contains(field) ? of + " name" : "";
    }
    filled.append(text, end, text.length());
    Matcher unknown = BRACES.matcher(OWN_PLACEHOLDER.matcher(filled).replaceAll(""));
    if (unknown.find()) {
      throw new IllegalArgumentException(
          "has %s, which no placeholder stands for".formatted(unknown.group()));
    }
    return filled.toString();
  }

  /** The placeholder that stands for a desk's; empty where none does. */
  private String placeholder(String name, String of, String field) {
    if (numbers.contains(name)) {
      return "{ticket_number}";
    }
    boolean isName = FIRST_NAMES.contains(field) || NAMES.contains(field);
    if (customers.contains(of)) {
      return isName ? "{customer_name}" : CONTACTS.getOrDefault(field, "");
    }
    return isName && agents.contains(of) ? "{agent_name}" : "";
  }

  private static String ofHtml(String html) {
    Document document = Jsoup.parseBodyFragment(html);
    // Intercom's placeholders
    document
        .select("attribute")
        .forEach(one -> one.before(new TextNode("{{" + one.attr("key") + "}}")).unwrap());
    return MessageText.of(document, _ -> false);
  }
}
