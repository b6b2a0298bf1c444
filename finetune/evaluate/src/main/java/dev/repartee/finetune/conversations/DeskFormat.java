package dev.repartee.finetune.conversations;

import dev.repartee.finetune.conversations.MessageText.Kind;
import dev.repartee.text.conversation.CsvLayout.Column;
import dev.repartee.text.conversation.CsvLayout.Speaker;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The JSON of desks, as their documentation describes it. A format is recognised by its fields, and
 * makes messages of a JSON object that holds a conversation, or a message of one.
 */
enum DeskFormat {
  /** Google's Agent Assist and CCAI Insights: a file for each conversation. */
  GOOGLE("google") {
    @Override
    boolean fits(JsonNode json) {
      return json.path("entries").isArray()
          && (json.has("conversation_info") || anyHas(json.path("entries"), "role"));
    }

    @Override
    DeskConversation read(JsonNode json) {
      DeskConversation read =
          new DeskConversation(first(json, "conversation_id", "id", "name"))
              .with(
                  Column.DOMAIN,
                  text(json.path("conversation_info").path("categories").path(0), "display_name"));
      for (JsonNode entry : json.path("entries")) {
        String role = text(entry, "role").orElse("");
        read.add(
            new DeskMessage(
                role,
                switch (role.toUpperCase(Locale.ROOT)) {
                  case "AGENT", "HUMAN_AGENT" -> Optional.of(Speaker.AGENT);
                  case "CUSTOMER", "END_USER" -> Optional.of(Speaker.CUSTOMER);
                  case "AUTOMATED_AGENT" -> Optional.of(Speaker.BOT);
                  default -> Optional.empty();
                },
                Optional.empty(),
                text(entry, "start_timestamp_usec").map(DeskFormat::micros),
                text(entry, "text").orElse(""),
                Kind.EITHER,
                text(entry, "user_id"),
                Optional.empty()));
      }
      return read;
    }
  },

  /** Chatwoot: pages of a conversation's messages, or conversations that hold them. */
  CHATWOOT("chatwoot") {
    @Override
    boolean fits(JsonNode json) {
      return anyHas(json.path("payload"), "message_type")
          || anyHas(json.path("messages"), "message_type")
          || (json.has("message_type") && json.has("content"));
    }

    @Override
    DeskConversation read(JsonNode json) {
      if (json.has("unread_count") || json.has("last_non_activity_message")) {
        throw new IllegalArgumentException(
            "a list of conversations holds their last messages only; export"
                + " .../conversations/{id}/messages of each");
      }
      JsonNode messages =
          json.path("payload").isArray() ? json.path("payload") : json.path("messages");
      JsonNode each = messages.isArray() ? messages : json;
      Optional<String> id =
          messages.isArray()
              ? text(messages.path(0), "conversation_id").or(() -> text(json, "id"))
              : text(json, "conversation_id");
      DeskConversation read = new DeskConversation(id);
      for (JsonNode message : each.isArray() ? each : List.of(each)) {
        read.add(message(message));
      }
      return read;
    }

    private DeskMessage message(JsonNode message) {
      JsonNode sender = message.path("sender");
      String from =
          text(sender, "type")
              .or(() -> text(message, "sender_type"))
              .orElse("")
              .toLowerCase(Locale.ROOT);
      boolean machine =
          from.contains("bot")
              || from.startsWith("captain")
              || message.path("content_attributes").has("automation_rule_id");
      String type =
          switch (text(message, "message_type").orElse("")) {
            case "0" -> "incoming";
            case "1" -> "outgoing";
            case "2" -> "activity";
            case "3" -> "template";
            case String other -> other;
          };
      Optional<Speaker> speaker =
          switch (type) {
            case "incoming" -> Optional.of(Speaker.CUSTOMER);
            case "outgoing" -> Optional.of(machine ? Speaker.BOT : Speaker.AGENT);
            case "template" -> Optional.of(Speaker.BOT);
            case "activity" -> Optional.of(Speaker.SKIP);
            default -> Optional.empty();
          };
      boolean deleted = message.path("content_attributes").path("deleted").asBoolean(false);
      return new DeskMessage(
          message.path("private").asBoolean(false)
              ? DeskMessage.PRIVATE
              : deleted ? "deleted" : machine && type.equals("outgoing") ? "bot" : type,
          deleted ? Optional.of(Speaker.SKIP) : speaker,
          Optional.empty(),
          text(message, "created_at"),
          text(message, "content").orElse(""),
          Kind.EITHER,
          text(sender, "id").or(() -> text(message, "sender_id")),
          text(sender, "name"));
    }
  },

  /**
   * Zendesk Support: tickets with their comments. Who is an agent is known of users, or resolved
   * later.
   */
  ZENDESK("zendesk") {
    @Override
    boolean fits(JsonNode json) {
      boolean ticket = json.has("requester_id") || json.has("requester");
      return json.path("comments").isArray()
          ? ticket || anyHas(json.path("comments"), "author_id")
          : ticket && json.has("subject") && json.has("status");
    }

    @Override
    DeskConversation read(JsonNode json) {
      if (!json.path("comments").isArray()) {
        throw new IllegalArgumentException(
            "a ticket without its comments has no messages; export tickets with comments, or"
                + " .../tickets/{id}/comments of each");
      }
      Optional<String> requester =
          text(json, "requester_id").or(() -> text(json.path("requester"), "id"));
      DeskConversation read =
          new DeskConversation(text(json, "id"))
              .with(Column.CUSTOMER_NAME, text(json.path("requester"), "name"))
              .with(Column.DOMAIN, text(json.path("group"), "name"));
      Set<String> copied = new HashSet<>();
      for (String field : List.of("collaborator_ids", "email_cc_ids", "follower_ids")) {
        json.path(field).forEach(id -> copied.add(id.asString()));
      }
      for (JsonNode comment : json.path("comments")) {
        comment(comment, requester, copied, read);
      }
      return read;
    }

    private void comment(
        JsonNode comment, Optional<String> requester, Set<String> copied, DeskConversation read) {
      Optional<String> author =
          text(comment, "author_id").or(() -> text(comment.path("author"), "id"));
      String channel = text(comment.path("via"), "channel").orElse("");
      boolean system =
          author.equals(Optional.of("-1")) || channel.equals("system") || channel.equals("rule");
      boolean isPrivate = comment.has("public") && !comment.path("public").asBoolean(true);
      Optional<String> plain = text(comment, "plain_body");
      Optional<String> html = plain.isPresent() ? Optional.empty() : text(comment, "html_body");
      boolean bot =
          requester.isPresent()
              && !author.equals(requester)
              && (channel.startsWith("answer_bot")
                  || text(comment.path("author"), "name")
                      .filter(DeskFormat::isAnswerBot)
                      .isPresent());
      Optional<Speaker> likely =
          requester.isPresent() && author.filter(copied::contains).isEmpty()
              ? Optional.of(Speaker.AGENT)
              : Optional.empty();
      DeskMessage message =
          new DeskMessage(
              isPrivate ? DeskMessage.PRIVATE : system ? "system" : author.orElse("unknown author"),
              system
                  ? Optional.of(Speaker.SKIP)
                  : author.isPresent() && author.equals(requester)
                      ? Optional.of(Speaker.CUSTOMER)
                      : bot ? Optional.of(Speaker.BOT) : Optional.empty(),
              likely,
              text(comment, "created_at"),
              plain.or(() -> html).or(() -> text(comment, "body")).orElse(""),
              html.isPresent() ? Kind.HTML : Kind.EITHER,
              author,
              text(comment.path("author"), "name"));
      if (isPrivate || !chat(message, read)) {
        read.add(message);
      }
    }

    // A chat that became a ticket is one comment, with a line for each message.
    private boolean chat(DeskMessage comment, DeskConversation read) {
      List<MatchResult> lines = CHAT_LINE.matcher(comment.text()).results().toList();
      if (lines.size() < 2) {
        return false;
      }
      String customer = Optional.ofNullable(read.values.get(Column.CUSTOMER_NAME)).orElse("");
      for (int i = 0; i < lines.size(); i++) {
        MatchResult line = lines.get(i);
        int end = i + 1 < lines.size() ? lines.get(i + 1).start() : comment.text().length();
        boolean event = line.group(2) != null;
        String name = event ? "chat events" : line.group(3).strip();
        boolean visitor = name.equals(customer) || name.startsWith("Visitor ");
        read.add(
            new DeskMessage(
                name,
                event
                    ? Optional.of(Speaker.SKIP)
                    : visitor
                        ? Optional.of(Speaker.CUSTOMER)
                        : isAnswerBot(name) ? Optional.of(Speaker.BOT) : Optional.empty(),
                customer.isEmpty() ? Optional.empty() : Optional.of(Speaker.AGENT),
                comment.time(),
                comment.text().substring(line.end(), end).strip(),
                Kind.EITHER,
                Optional.of(name),
                Optional.of(name)));
      }
      return true;
    }
  },

  /** Zendesk Chat: chats with their history. */
  ZENDESK_CHAT("zendesk-chat") {
    @Override
    boolean fits(JsonNode json) {
      return anyHas(json.path("history"), "msg")
          || anyHas(json.path("history"), "sender_type")
          || (json.path("visitor").isObject() && json.has("message"));
    }

    @Override
    DeskConversation read(JsonNode json) {
      DeskConversation read =
          new DeskConversation(text(json, "id"))
              .with(Column.CUSTOMER_NAME, text(json.path("visitor"), "name"))
              .with(Column.DOMAIN, text(json, "department_name"));
      // A message that was left while nobody was there.
      if (!json.path("history").isArray()) {
        read.add(
            new DeskMessage(
                "Visitor",
                Optional.of(Speaker.CUSTOMER),
                Optional.empty(),
                text(json, "timestamp"),
                text(json, "message").orElse(""),
                Kind.EITHER,
                Optional.empty(),
                Optional.empty()));
      }
      for (JsonNode event : json.path("history")) {
        String type = text(event, "type").orElse("chat.msg");
        String nick = text(event, "nick").orElse("");
        String sender =
            nick.equals("agent:trigger")
                ? "Trigger"
                : text(event, "sender_type")
                    .orElse(
                        nick.startsWith("agent")
                            ? "Agent"
                            : nick.startsWith("visitor") ? "Visitor" : nick);
        boolean message = type.equals("chat.msg");
        read.add(
            new DeskMessage(
                message ? sender : type,
                message
                    ? switch (sender.toLowerCase(Locale.ROOT)) {
                      case "visitor", "enduser", "end_user" -> Optional.of(Speaker.CUSTOMER);
                      case "agent" -> Optional.of(Speaker.AGENT);
                      case "trigger", "bot", "answerbot", "system" -> Optional.of(Speaker.BOT);
                      default -> Optional.empty();
                    }
                    : Optional.of(Speaker.SKIP),
                Optional.empty(),
                text(event, "timestamp"),
                text(event, "msg").orElse(""),
                Kind.EITHER,
                text(event, "agent_id").or(() -> text(event, "name")),
                text(event, "name")));
      }
      return read;
    }
  },

  /** Intercom: conversations with their source and their parts. */
  INTERCOM("intercom") {
    @Override
    boolean fits(JsonNode json) {
      return json.has("conversation_parts")
          || (text(json, "type").equals(Optional.of("conversation"))
              && json.path("source").has("author"));
    }

    @Override
    DeskConversation read(JsonNode json) {
      if (!json.has("conversation_parts")) {
        throw new IllegalArgumentException(
            "a list of conversations holds their first messages only; export /conversations/{id} of"
                + " each");
      }
      JsonNode source =
          json.has("source") ? json.path("source") : json.path("conversation_message");
      DeskConversation read = new DeskConversation(text(json, "id"));
      boolean automatic = text(source, "delivered_as").equals(Optional.of("automated"));
      if (source.has("author")) {
        read.add(
            part(
                automatic ? "automated" : "comment",
                source,
                text(json, "created_at"),
                automatic ? Optional.of(Speaker.BOT) : speaker(source)));
      }
      JsonNode parts = json.path("conversation_parts");
      for (JsonNode part : parts.isArray() ? parts : parts.path("conversation_parts")) {
        String type = text(part, "part_type").orElse("comment");
        boolean written = text(part, "body").isPresent();
        Optional<Speaker> speaker =
            switch (type) {
              // Whether customers saw the text that comes with it is not documented.
              case "assignment" -> written ? Optional.empty() : Optional.of(Speaker.SKIP);
              case String other when written && WRITTEN.contains(other) -> speaker(part);
              default -> Optional.of(Speaker.SKIP);
            };
        read.add(
            part(
                type.startsWith("note") ? DeskMessage.PRIVATE : type,
                part,
                text(part, "created_at"),
                speaker));
      }
      return read;
    }

    private DeskMessage part(
        String type, JsonNode part, Optional<String> time, Optional<Speaker> speaker) {
      JsonNode author = part.path("author");
      boolean message = WRITTEN.contains(type) && !speaker.equals(Optional.of(Speaker.SKIP));
      return new DeskMessage(
          message ? isMachine(author) ? "ai agent" : text(author, "type").orElse(type) : type,
          speaker,
          Optional.empty(),
          time,
          text(part, "body").orElse(""),
          Kind.HTML,
          text(author, "id"),
          text(author, "name"));
    }

    private boolean isMachine(JsonNode author) {
      return author.path("from_ai_agent").asBoolean(false)
          || author.path("is_ai_answer").asBoolean(false);
    }

    private Optional<Speaker> speaker(JsonNode part) {
      JsonNode author = part.path("author");
      if (isMachine(author)) {
        return Optional.of(Speaker.BOT);
      }
      return switch (text(author, "type").orElse("")) {
        case "user", "lead", "contact" -> Optional.of(Speaker.CUSTOMER);
        case "admin", "team" -> Optional.of(Speaker.AGENT);
        case "bot", "operator" -> Optional.of(Speaker.BOT);
        default -> Optional.empty();
      };
    }
  },

  /** Zammad: articles, alone or in their ticket. */
  ZAMMAD("zammad") {
    @Override
    boolean fits(JsonNode json) {
      return isArticle(json)
          || (json.path("articles").isArray() && isArticle(json.path("articles").path(0)));
    }

    private boolean isArticle(JsonNode json) {
      return json.has("body") && json.has("content_type") && json.has("internal");
    }

    @Override
    DeskConversation read(JsonNode json) {
      JsonNode articles = json.path("articles");
      DeskConversation read =
          new DeskConversation(
                  articles.isArray()
                      ? text(articles.path(0), "ticket_id").or(() -> text(json, "id"))
                      : text(json, "ticket_id"))
              .with(Column.DOMAIN, text(json, "group"));
      for (JsonNode article : articles.isArray() ? articles : List.of(json)) {
        read.add(article(article));
      }
      return read;
    }

    private DeskMessage article(JsonNode article) {
      String sender =
          text(article, "sender")
              .or(
                  () ->
                      text(article, "sender_id")
                          .map(
                              id ->
                                  switch (id) {
                                    case "1" -> "Agent";
                                    case "2" -> "Customer";
                                    case "3" -> "System";
                                    default -> id;
                                  }))
              .or(() -> text(article, "from"))
              .orElse("unknown sender");
      boolean automatic = article.path("preferences").path("is-auto-response").asBoolean(false);
      Optional<Speaker> speaker =
          automatic
              ? Optional.of(Speaker.BOT)
              : switch (sender) {
                case "Agent" -> Optional.of(Speaker.AGENT);
                case "Customer" -> Optional.of(Speaker.CUSTOMER);
                case "System" -> Optional.of(Speaker.SKIP);
                default -> Optional.empty();
              };
      return new DeskMessage(
          article.path("internal").asBoolean(false)
              ? DeskMessage.PRIVATE
              : automatic ? "automatic" : sender,
          speaker,
          Optional.empty(),
          text(article, "created_at"),
          text(article, "body").orElse(""),
          text(article, "content_type").orElse("").contains("html") ? Kind.HTML : Kind.PLAIN,
          text(article, "created_by_id").or(() -> text(article, "created_by")),
          text(article, "from").map(DeskFormat::nameOfAddress));
    }
  },

  /** Amazon Connect: transcripts of chats and calls, analysed by Contact Lens or not. */
  AMAZON_CONNECT("amazon-connect") {
    @Override
    boolean fits(JsonNode json) {
      return json.path("Transcript").isArray();
    }

    @Override
    DeskConversation read(JsonNode json) {
      Map<String, String> roles = new HashMap<>();
      for (JsonNode participant : json.path("Participants")) {
        text(participant, "ParticipantId")
            .ifPresent(
                id -> text(participant, "ParticipantRole").ifPresent(role -> roles.put(id, role)));
      }
      DeskConversation read =
          new DeskConversation(
              text(json, "ContactId").or(() -> text(json.path("CustomerMetadata"), "ContactId")));
      for (JsonNode item : json.path("Transcript")) {
        String id = text(item, "ParticipantId").orElse("");
        // In calls the participant's id is the role.
        String role = text(item, "ParticipantRole").orElse(roles.getOrDefault(id, id));
        String type = text(item, "Type").orElse("MESSAGE");
        String content = text(item, "ContentType").orElse("text/plain");
        boolean message = type.equals("MESSAGE") && content.startsWith("text/");
        Optional<Speaker> speaker =
            switch (role) {
              case "AGENT" -> Optional.of(Speaker.AGENT);
              case "CUSTOMER" -> Optional.of(Speaker.CUSTOMER);
              case "SYSTEM", "CUSTOM_BOT", "BOT" -> Optional.of(Speaker.BOT);
              default -> Optional.empty();
            };
        read.add(
            new DeskMessage(
                message ? role : type.equals("MESSAGE") ? "interactive message" : type,
                message ? speaker : Optional.of(Speaker.SKIP),
                Optional.empty(),
                text(item, "AbsoluteTime"),
                text(item, "Content").orElse(""),
                Kind.EITHER,
                text(item, "DisplayName"),
                text(item, "DisplayName")));
      }
      return read;
    }
  },

  /** The IETF's container of conversations (draft-ietf-vcon-vcon-core). */
  VCON("vcon") {
    @Override
    boolean fits(JsonNode json) {
      return json.has("vcon") && (json.has("dialog") || json.has("parties"));
    }

    @Override
    DeskConversation read(JsonNode json) {
      DeskConversation read = new DeskConversation(text(json, "uuid"));
      for (JsonNode dialog : json.path("dialog")) {
        String type = text(dialog, "type").orElse("");
        boolean written = type.equals("text") && dialog.has("body");
        JsonNode parties = dialog.path("parties");
        int from =
            dialog.has("originator")
                ? dialog.path("originator").asInt(0)
                : (parties.isArray() ? parties.path(0) : parties).asInt(0);
        JsonNode party = json.path("parties").path(from);
        Optional<String> name = first(party, "name", "mailto", "tel", "uuid");
        String role = text(party, "role").or(() -> name).orElse("party " + from);
        String media =
            text(dialog, "mediatype").or(() -> text(dialog, "mimetype")).orElse("text/plain");
        Optional<Speaker> speaker =
            switch (role.toLowerCase(Locale.ROOT)) {
              case "agent" -> Optional.of(Speaker.AGENT);
              case "customer", "contact" -> Optional.of(Speaker.CUSTOMER);
              case "bot" -> Optional.of(Speaker.BOT);
              default -> Optional.empty();
            };
        read.add(
            new DeskMessage(
                written ? role : type.isEmpty() ? "dialog without a type" : type,
                written ? speaker : Optional.of(Speaker.SKIP),
                Optional.empty(),
                text(dialog, "start"),
                written ? body(dialog) : "",
                media.contains("html") ? Kind.HTML : Kind.PLAIN,
                first(party, "uuid", "name", "mailto", "tel"),
                text(party, "name")));
      }
      return read;
    }

    private String body(JsonNode dialog) {
      String body = text(dialog, "body").orElse("");
      if (!text(dialog, "encoding").orElse("none").equals("base64url")) {
        return body;
      }
      return new String(Base64.getUrlDecoder().decode(body), StandardCharsets.UTF_8);
    }
  };

  /** The parts of Intercom whose body is a message; a reply may open or close a conversation. */
  private static final Set<String> WRITTEN = Set.of("comment", "open", "close", "quick_reply");

  /** A line of a chat in a ticket of Zendesk: {@code (10:02:31 AM) Ann: Hello}. */
  private static final Pattern CHAT_LINE =
      Pattern.compile(
          "(?m)^\\((\\d{1,2}:\\d{2}(?::\\d{2})?(?: ?[AP]M)?)\\) (?:(\\*\\*\\* .*)|([^:\\n"
              + "]{1,80}): ?)");

  private static final Pattern ANSWER_BOT =
      Pattern.compile("(?:zendesk )?(?:answer ?bot|bot)", Pattern.CASE_INSENSITIVE);

  private static final Pattern ADDRESS = Pattern.compile("\\s*\"?([^\"<]*?)\"?\\s*<[^>]*>.*");

  /**
   * A message as a desk has it.
   *
   * @param role what {@code --roles} may name; {@link #PRIVATE} is never read
   * @param speaker empty if the format does not say it
   * @param likely who it is if nothing in the export says more; the output names it
   */
  record DeskMessage(
      String role,
      Optional<Speaker> speaker,
      Optional<Speaker> likely,
      Optional<String> time,
      String text,
      Kind kind,
      Optional<String> author,
      Optional<String> authorName) {

    static final String PRIVATE = "private notes";
  }

  /** A conversation as a desk has it, or a part of one. */
  static final class DeskConversation {
    private final Optional<String> id;
    private final Map<Column, String> values = new EnumMap<>(Column.class);
    private final List<DeskMessage> messages = new ArrayList<>();

    DeskConversation(Optional<String> id) {
      this.id = id;
    }

    private DeskConversation with(Column column, Optional<String> value) {
      value.ifPresent(text -> values.put(column, text));
      return this;
    }

    private void add(DeskMessage message) {
      messages.add(message);
    }

    Optional<String> id() {
      return id;
    }

    Map<Column, String> values() {
      return values;
    }

    List<DeskMessage> messages() {
      return messages;
    }
  }

  private final String id;

  DeskFormat(String id) {
    this.id = id;
  }

  /** Its name in options and output. */
  String id() {
    return id;
  }

  /** Whether a JSON object has the fields of this format. */
  abstract boolean fits(JsonNode json);

  /**
   * The messages of a JSON object that {@link #fits}.
   *
   * @throws IllegalArgumentException when it is a part that has no use alone
   */
  abstract DeskConversation read(JsonNode json);

  /** The format that an object has. */
  static Optional<DeskFormat> of(JsonNode json) {
    return List.of(values()).stream().filter(format -> format.fits(json)).findFirst();
  }

  private static boolean anyHas(JsonNode array, String field) {
    for (JsonNode element : array) {
      if (element.has(field)) {
        return true;
      }
    }
    return false;
  }

  /** A text or number; missing, null and blank are none. */
  static Optional<String> text(JsonNode object, String field) {
    JsonNode value = object.path(field);
    return value.isValueNode() && !value.isNull()
        ? Optional.of(value.asString()).filter(text -> !text.isBlank())
        : Optional.empty();
  }

  private static Optional<String> first(JsonNode object, String... fields) {
    return List.of(fields).stream().flatMap(field -> text(object, field).stream()).findFirst();
  }

  /** Whether a user is Zendesk's bot; a bot with a name of its own is an agent like any other. */
  static boolean isAnswerBot(String name) {
    return ANSWER_BOT.matcher(name).matches();
  }

  /** Always microseconds, also near 1970; as a decimal number of seconds. */
  private static String micros(String number) {
    return new BigDecimal(number).movePointLeft(6).toPlainString();
  }

  /** The name before an address, {@code "Ann Lee" <ann@example.org>}. */
  private static String nameOfAddress(String from) {
    Matcher address = ADDRESS.matcher(from);
    String name = address.matches() && !address.group(1).isBlank() ? address.group(1) : from;
    return name.replaceFirst(" via .*", "").strip();
  }
}
