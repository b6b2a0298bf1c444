package dev.repartee.finetune.answers;

import dev.repartee.finetune.conversations.MessageText;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary.Entry;
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

/**
 * The canned responses of a desk, as its API lists them. A format is recognised by its fields; what
 * is none of a library's business, such as a macro that says nothing, is left out with the reason.
 */
enum CannedFormat {

  /** {@code GET /api/v1/accounts/ID/canned_responses}. */
  CHATWOOT(
      "payload",
      List.of("short_code", "content"),
      new Names(
          Set.of("contact"),
          Set.of("agent"),
          Set.of("conversation.id", "conversation.display_id"))) {
    @Override
    Entry read(JsonNode json) {
      return entry(
          json, text(json, "short_code"), Optional.empty(), text(json, "content"), Scope.ALL);
    }
  },

  /** {@code GET /api/v2/macros}. */
  ZENDESK(
      "macros",
      List.of("title", "actions"),
      new Names(
          Set.of("ticket.requester"),
          Set.of("current_user", "ticket.assignee"),
          Set.of("ticket.id"))) {
    @Override
    Entry read(JsonNode json) {
      requireActive(json);
      if (comment(json, "comment_mode_is_public").filter("false"::equals).isPresent()) {
        throw new IllegalArgumentException("is an internal note");
      }
      String title = text(json, "title").orElse("");
      int name = title.lastIndexOf("::"); // separates the categories of a macro
      JsonNode restriction = json.path("restriction");
      Optional<String> of = only(restriction, "ids").or(() -> text(restriction, "id"));
      String kind = text(restriction, "type").orElse("");
      return entry(
          json,
          Optional.of(name < 0 ? title : title.substring(name + 2)),
          Optional.of(name < 0 ? "" : title.substring(0, name).replace("::", " / ")),
          comment(json, "comment_value_html")
              .map(CannedFormat::ofHtml)
              .or(() -> comment(json, "comment_value")),
          new Scope(of.filter(_ -> kind.equals("Group")), of.filter(_ -> kind.equals("User"))));
    }

    // The value of an action; a text for a channel is ["channel:all", "..."].
    private Optional<String> comment(JsonNode json, String field) {
      return json.path("actions")
          .valueStream()
          .filter(action -> action.path("field").asString("").equals(field))
          .map(action -> action.path("value"))
          .map(value -> value.isArray() ? value.path(value.size() - 1) : value)
          .map(value -> value.asString(""))
          .findFirst();
    }
  },

  /** {@code GET /macros}, the saved replies. */
  INTERCOM(
      "data",
      List.of("name", "body"),
      new Names(Set.of("", "user", "contact"), Set.of("teammate"), Set.of())) {
    @Override
    Entry read(JsonNode json) {
      return entry(
          json,
          text(json, "name"),
          Optional.empty(),
          text(json, "body").map(CannedFormat::ofHtml),
          new Scope(only(json, "visible_to_team_ids"), Optional.empty()));
    }
  },

  /** {@code GET /api/v1/text_modules}. */
  ZAMMAD(
      "text_modules",
      List.of("keywords", "content"),
      new Names(
          Set.of("ticket.customer"), Set.of("user", "ticket.owner"), Set.of("ticket.number"))) {
    @Override
    Entry read(JsonNode json) {
      requireActive(json);
      return entry(
          json,
          text(json, "name"),
          text(json, "keywords"),
          text(json, "content").map(CannedFormat::ofHtml),
          new Scope(only(json, "group_ids"), text(json, "user_id")));
    }
  },

  /** {@code GET /api/v1/canned-responses}. */
  ROCKETCHAT(
      "cannedResponses",
      List.of("shortcut", "text"),
      new Names(Set.of("contact", "visitor"), Set.of("agent"), Set.of())) {
    @Override
    Entry read(JsonNode json) {
      String scope = text(json, "scope").orElse("");
      return entry(
          json,
          text(json, "shortcut"),
          Optional.of(
              json.path("tags")
                  .valueStream()
                  .map(JsonNode::asString)
                  .collect(Collectors.joining(", "))),
          text(json, "text"),
          new Scope(
              text(json, "departmentId").filter(_ -> scope.equals("department")),
              text(json, "userId").filter(_ -> scope.equals("user"))));
    }
  };

  /**
   * The first parts of a desk's placeholders, such as {@code contact} of <code>{{contact.name}}
   * </code>.
   *
   * @param numbers the placeholders of a conversation's number
   */
  private record Names(Set<String> customers, Set<String> agents, Set<String> numbers) {}

  /**
   * Who may use a canned response.
   *
   * @param queue the id of a group, team or department, where it is for one alone
   * @param owner the id of an agent, where it is for one alone
   */
  record Scope(Optional<String> queue, Optional<String> owner) {
    static final Scope ALL = new Scope(Optional.empty(), Optional.empty());
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

  private final String list;

  @SuppressWarnings("ImmutableEnumChecker") // of List.of
  private final List<String> fields;

  @SuppressWarnings("ImmutableEnumChecker") // a record of Set.of
  private final Names names;

  CannedFormat(String list, List<String> fields, Names names) {
    this.list = list;
    this.fields = fields;
    this.names = names;
  }

  /**
   * The entry for an element.
   *
   * @throws IllegalArgumentException with the reason for which there is none, without a subject
   */
  abstract Entry read(JsonNode json);

  /** The elements of a file of this format; none where it has another. */
  List<JsonNode> elements(JsonNode root) {
    List<JsonNode> elements = (root.isArray() ? root : root.path(list)).valueStream().toList();
    boolean fits = elements.stream().anyMatch(element -> fields.stream().allMatch(element::has));
    return fits ? elements : List.of();
  }

  /** The format whose fields a file has. */
  static Optional<CannedFormat> of(JsonNode root) {
    return Stream.of(values()).filter(format -> !format.elements(root).isEmpty()).findFirst();
  }

  /** What a person calls an element. */
  static String title(JsonNode json) {
    return first(json, "title", "name", "short_code", "shortcut", "id", "_id").orElse("?");
  }

  private static Optional<String> first(JsonNode json, String... fields) {
    return Stream.of(fields).flatMap(field -> text(json, field).stream()).findFirst();
  }

  /** All formats and their fields, for a message. */
  static String all() {
    return Stream.of(values())
        .map(format -> "%s (%s)".formatted(format, String.join(", ", format.fields)))
        .collect(Collectors.joining(", "));
  }

  /** As it is given. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Not private, for the formats. */
  Entry entry(
      JsonNode json,
      Optional<String> title,
      Optional<String> folder,
      Optional<String> text,
      Scope scope) {
    String said =
        text.map(TextNorm::visible)
            .map(TextNorm::strip)
            .filter(one -> !one.isEmpty())
            .orElseThrow(() -> new IllegalArgumentException("has no text"));
    String id =
        first(json, "id", "_id", "title", "name", "short_code", "shortcut")
            .orElseThrow(() -> new IllegalArgumentException("has no id"));
    return new Entry(
        this + "-" + id,
        title.filter(one -> !one.isBlank()),
        filled(said),
        folder.filter(one -> !one.isBlank()),
        scope.queue(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        scope.owner());
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
    if (names.numbers().contains(name)) {
      return "{ticket_number}";
    }
    boolean isName = FIRST_NAMES.contains(field) || NAMES.contains(field);
    if (names.customers().contains(of)) {
      return isName ? "{customer_name}" : CONTACTS.getOrDefault(field, "");
    }
    return isName && names.agents().contains(of) ? "{agent_name}" : "";
  }

  // JSON and HTML

  private static void requireActive(JsonNode json) {
    if (!json.path("active").asBoolean(true)) {
      throw new IllegalArgumentException("is not active");
    }
  }

  private static Optional<String> text(JsonNode json, String field) {
    return Optional.of(json.path(field).asString("").strip()).filter(text -> !text.isEmpty());
  }

  /** The element of an array of one: what is for several is for all. */
  private static Optional<String> only(JsonNode json, String field) {
    JsonNode ids = json.path(field);
    return ids.size() == 1 ? Optional.of(ids.path(0).asString()) : Optional.empty();
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
