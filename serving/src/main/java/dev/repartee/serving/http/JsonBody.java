package dev.repartee.serving.http;

import dev.repartee.serving.operations.RequestLog;
import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.TextNorm;
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
import org.eclipse.jetty.http.MimeTypes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * A JSON body of a request, as the record of its schema. Errors name the field and its bound, and
 * quote nothing.
 *
 * @param value what the body says
 * @param warnings name the fields that the API does not know, for the answer. They are ignored: a
 *     newer front end may send them, but most are misspelled.
 */
public record JsonBody<T>(T value, List<String> warnings) {

  /** The largest body. */
  public static final int MAX_BYTES = 256 * 1024;

  private static final String IDENTITY = "identity";

  /**
   * Of a body that is too large. The connection is closed on who sends more, and with it the answer
   * is lost that says so: many clients read only when they have sent everything.
   */
  private static final int MOST_SKIPPED = 256 * MAX_BYTES;

  /** How many unknown fields an answer names, each cut: their names are the caller's. */
  private static final int MOST_WARNINGS = 10;

  private static final int LONGEST_WARNING = 80;

  /**
   * Reads the body of a request.
   *
   * @param type the record, which has the name of its schema
   * @throws RequestException when it is not declared as plain JSON in UTF-8, too large, no JSON
   *     object, or has a wrong field
   */
  public static <T> JsonBody<T> read(Context ctx, Class<T> type) {
    requireJson(ctx);
    return of(ctx, parse(text(bytes(ctx))), type);
  }

  /** Reads what the request says in another way than a body. */
  static <T> JsonBody<T> of(Context ctx, JsonNode body, Class<T> type) {
    List<String> unknown = new ArrayList<>();
    T value = JsonSchema.read(body, type, unknown);
    RequestLog.notes(ctx).unknownFields(unknown.size());
    return new JsonBody<>(
        value,
        unknown.stream()
            .limit(MOST_WARNINGS)
            .map(name -> name.substring(0, Math.min(LONGEST_WARNING, name.length())))
            .map(name -> JsonSchema.wellFormed(name) + " is not known: ignored")
            .toList());
  }

  /** Answers with {@code body} as JSON. */
  public static void write(Context ctx, Object body) {
    ctx.contentType(ContentType.JSON);
    ctx.result(Json.COMPACT.writeValueAsBytes(body));
  }

  /**
   * A name without the white space around it.
   *
   * @throws RequestException when it is blank
   */
  public static Optional<String> name(String field, Optional<String> name) {
    if (name.filter(String::isBlank).isPresent()) {
      throw RequestException.field(field, "must not be blank; leave it out where it is not known");
    }
    return name.map(String::strip);
  }

  private static void requireJson(Context ctx) {
    // Not Context.contentType, which fails when there is no charset of the declared name.
    String declared = Optional.ofNullable(ctx.header(Header.CONTENT_TYPE)).orElse("");
    String mediaType = declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals(ContentType.JSON)) {
      throw new RequestException(
          415, "the header " + Header.CONTENT_TYPE + " must be " + ContentType.JSON);
    }
    String charset = MimeTypes.getCharsetFromContentType(declared);
    if (charset != null && !charset.equalsIgnoreCase("utf-8")) {
      throw new RequestException(
          415,
          "the body must be in UTF-8; the header "
              + Header.CONTENT_TYPE
              + " must name no other charset");
    }
    String encoding = Optional.ofNullable(ctx.header(Header.CONTENT_ENCODING)).orElse(IDENTITY);
    if (!encoding.equalsIgnoreCase(IDENTITY)) {
      throw new RequestException(
          415,
          "the body must not be compressed: send it without the header " + Header.CONTENT_ENCODING);
    }
  }

  /**
   * Bounds what is read too, since a body may be without a declared length. Reading makes a client
   * send that waits for 100 (Continue).
   */
  private static byte[] bytes(Context ctx) {
    long declared = ctx.req().getContentLengthLong();
    if (declared > (ctx.header(Header.EXPECT) == null ? MOST_SKIPPED : MAX_BYTES)) {
      throw tooLarge();
    }
    try {
      InputStream in = ctx.bodyInputStream();
      byte[] body = in.readNBytes(MAX_BYTES + 1);
      if (body.length > MAX_BYTES) {
        var _ = in.skip(MOST_SKIPPED);
        throw tooLarge();
      }
      return body;
    } catch (IOException e) {
      throw new RequestException(400, "the body ended early");
    }
  }

  private static RequestException tooLarge() {
    return new RequestException(413, "the body must have at most " + MAX_BYTES + " bytes");
  }

  /** Not left to the parser, which takes UTF-16, UTF-32 and overlong forms, too. */
  private static String text(byte[] body) {
    ByteBuffer bytes = ByteBuffer.wrap(body);
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
      return TextNorm.withoutByteOrderMark(text);
    } catch (CharacterCodingException e) {
      throw new RequestException(
          400, "the body is not valid UTF-8 (byte " + (bytes.position() + 1) + ")");
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
      throw new RequestException(400, "the body is not valid JSON in UTF-8" + where);
    }
    if (!root.isObject()) {
      throw new RequestException(400, "the body must be a JSON object");
    }
    return root;
  }
}
