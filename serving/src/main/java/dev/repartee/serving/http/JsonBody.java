package dev.repartee.serving.http;

import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.TextNorm;
import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MimeTypes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/** Reads and writes JSON bodies. Errors name the field and its bound, and quote nothing. */
public final class JsonBody {

  private static final String IDENTITY = "identity";
  private static final Pattern LONE_SURROGATE = Pattern.compile("\\p{Cs}");

  /**
   * Of a body that is too large. The connection is closed on who sends more, and with it the answer
   * is lost that says so: a client that is still sending does not read.
   */
  private static final int MOST_SKIPPED = 16 * ApiLimits.MAX_BODY_BYTES;

  /** How many unknown fields an answer names, each cut: their names are the caller's. */
  private static final int MOST_WARNINGS = 10;

  private static final int LONGEST_WARNING = 80;

  private static final JsonNode SCHEMAS =
      Json.COMPACT
          .readTree(Resources.text(JsonBody.class, "openapi.json"))
          .at("/components/schemas");

  private JsonBody() {}

  /**
   * Reads the JSON object that a request holds.
   *
   * @throws RequestException.Invalid when it is not declared as plain JSON in UTF-8, too large, or
   *     no JSON object
   */
  public static JsonNode read(Context ctx) {
    requireJson(ctx);
    return parse(text(bytes(ctx)));
  }

  /** Answers with {@code body} as JSON. */
  public static void write(Context ctx, Object body) {
    ctx.contentType(ContentType.JSON);
    ctx.result(Json.COMPACT.writeValueAsBytes(body));
  }

  /**
   * Names the fields of a body that its schema in the description of the API does not have, for the
   * {@code warnings} of the answer. They are ignored: a newer front end may send them, but most are
   * misspelled.
   */
  public static List<String> warnings(Context ctx, String schema, JsonNode body) {
    List<String> unknown = new ArrayList<>();
    unknown("", body, SCHEMAS.path(schema), unknown);
    RequestLog.notes(ctx).unknownFields(unknown.size());
    return unknown.stream()
        .limit(MOST_WARNINGS)
        .map(name -> name.length() <= LONGEST_WARNING ? name : name.substring(0, LONGEST_WARNING))
        .map(name -> LONE_SURROGATE.matcher(name).replaceAll("\uFFFD") + " is not known: ignored")
        .toList();
  }

  private static void unknown(String path, JsonNode value, JsonNode schema, List<String> unknown) {
    String name = schema.path("$ref").asString(schema.at("/anyOf/0/$ref").asString(""));
    JsonNode known =
        name.isEmpty() ? schema : SCHEMAS.path(name.substring(name.lastIndexOf('/') + 1));
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      unknown(path + "[" + i + "]", value.get(i), known.path("items"), unknown);
    }
    if (value.isObject() && known.has("properties")) {
      value.forEachEntry(
          (field, one) -> {
            String inner = path.isEmpty() ? field : path + "." + field;
            JsonNode property = known.path("properties").path(field);
            if (property.isMissingNode()) {
              unknown.add(inner);
            } else {
              unknown(inner, one, property, unknown);
            }
          });
    }
  }

  /** Whether a field is missing or null. */
  public static boolean isAbsent(JsonNode node) {
    return node.isMissingNode() || node.isNull();
  }

  /**
   * Reads a text of {@code least} to {@code most} UTF-16 units. Surrogates without a partner, which
   * UTF-8 cannot hold, become U+FFFD.
   *
   * @param path names the field in an error, such as {@code messages[3].text}
   * @throws RequestException.Invalid when it is no text, or too short or long
   */
  public static String text(String path, JsonNode node, int least, int most) {
    if (!node.isString()) {
      throw RequestException.Invalid.field(path, "must be a string");
    }
    String text = node.asString();
    if (text.length() < least || text.length() > most) {
      throw RequestException.Invalid.field(
          path, "must have %d to %d characters but has %d".formatted(least, most, text.length()));
    }
    return LONE_SURROGATE.matcher(text).replaceAll("\uFFFD");
  }

  /**
   * Reads a name of at most so many characters, without the white space around it; empty where the
   * field is absent.
   *
   * @throws RequestException.Invalid when it is no text, blank or too long
   */
  public static Optional<String> name(JsonNode root, String field, int most) {
    JsonNode node = root.path(field);
    if (isAbsent(node)) {
      return Optional.empty();
    }
    String name = text(field, node, 1, most).strip();
    if (name.isEmpty()) {
      throw RequestException.Invalid.field(
          field, "must not be blank; leave it out where it is not known");
    }
    return Optional.of(name);
  }

  /**
   * Reads a whole number from {@code least} to {@code most}.
   *
   * @throws RequestException.Invalid when it is no such number
   */
  public static int integer(String path, JsonNode node, int least, int most) {
    if (!node.isIntegralNumber()
        || !node.canConvertToInt()
        || node.asInt() < least
        || node.asInt() > most) {
      throw RequestException.Invalid.field(
          path, "must be an integer from %d to %d".formatted(least, most));
    }
    return node.asInt();
  }

  /**
   * Reads a whole number as {@link #integer} does; empty where the field is absent.
   *
   * @throws RequestException.Invalid when it is no such number
   */
  public static Optional<Integer> optionalInteger(String path, JsonNode node, int least, int most) {
    return isAbsent(node) ? Optional.empty() : Optional.of(integer(path, node, least, most));
  }

  /**
   * Reads a text as {@link #text} does; empty where the field is absent.
   *
   * @throws RequestException.Invalid when it is no text, or too short or long
   */
  public static Optional<String> optionalText(String path, JsonNode node, int most) {
    return isAbsent(node) ? Optional.empty() : Optional.of(text(path, node, 1, most));
  }

  /**
   * Reads true or false; empty where the field is absent.
   *
   * @throws RequestException.Invalid when it is neither
   */
  public static Optional<Boolean> optionalBoolean(String path, JsonNode node) {
    if (isAbsent(node)) {
      return Optional.empty();
    }
    if (!node.isBoolean()) {
      throw RequestException.Invalid.field(path, "must be true or false");
    }
    return Optional.of(node.booleanValue());
  }

  private static void requireJson(Context ctx) {
    // Not Context.contentType, which fails when there is no charset of the declared name.
    String declared = Optional.ofNullable(ctx.header(Header.CONTENT_TYPE)).orElse("");
    String mediaType = declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals(ContentType.JSON)) {
      throw RequestException.Invalid.mediaType(
          "the header " + Header.CONTENT_TYPE + " must be " + ContentType.JSON);
    }
    String charset = MimeTypes.getCharsetFromContentType(declared);
    if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
      throw RequestException.Invalid.mediaType(
          "the body must be in UTF-8; the header "
              + Header.CONTENT_TYPE
              + " must name no other charset");
    }
    String encoding = Optional.ofNullable(ctx.header(Header.CONTENT_ENCODING)).orElse(IDENTITY);
    if (!encoding.equalsIgnoreCase(IDENTITY)) {
      throw RequestException.Invalid.mediaType(
          "the body must not be compressed: send it without the header " + Header.CONTENT_ENCODING);
    }
  }

  /** Bounds what is read too, since a body may be without a declared length. */
  private static byte[] bytes(Context ctx) {
    long declared = ctx.req().getContentLengthLong();
    if (declared > MOST_SKIPPED) {
      throw tooLarge();
    }
    try {
      InputStream in = ctx.bodyInputStream();
      if (declared > ApiLimits.MAX_BODY_BYTES) {
        in.skipNBytes(declared);
        throw tooLarge();
      }
      byte[] body = in.readNBytes(ApiLimits.MAX_BODY_BYTES + 1);
      if (body.length > ApiLimits.MAX_BODY_BYTES) {
        throw tooLarge();
      }
      return body;
    } catch (IOException e) {
      throw RequestException.Invalid.body("the body ended early");
    }
  }

  private static RequestException tooLarge() {
    return RequestException.Invalid.tooLarge(
        "the body must have at most " + ApiLimits.MAX_BODY_BYTES + " bytes");
  }

  /** Not left to the parser, which takes UTF-16, UTF-32 and overlong forms, too. */
  private static String text(byte[] body) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return TextNorm.withoutByteOrderMark(text);
    } catch (CharacterCodingException e) {
      throw RequestException.Invalid.body(
          "the body is not valid UTF-8 (byte " + (bytes.position() + 1) + ")");
    }
  }

  private static JsonNode parse(String body) {
    JsonNode root;
    try {
      root = Json.COMPACT.readTree(body);
    } catch (JacksonException e) {
      // The parser's own message quotes the body, which may be a customer's text.
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      throw RequestException.Invalid.body("the body is not valid JSON in UTF-8" + where);
    }
    if (!root.isObject()) {
      throw RequestException.Invalid.body("the body must be a JSON object");
    }
    return root;
  }
}
