package dev.repartee.serving.http;

import dev.repartee.text.json.Json;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/** Reads and writes the JSON of requests and responses. */
public final class JsonBody {

  private JsonBody() {}

  /**
   * The JSON object that a request holds.
   *
   * @throws InvalidRequestException when it is not declared as JSON, too large, or no JSON object
   */
  public static JsonNode read(Context ctx) {
    requireJson(ctx);
    return parse(bytes(ctx));
  }

  /** Answers with {@code body} as JSON. */
  public static void write(Context ctx, Object body) {
    ctx.contentType(ContentType.JSON);
    ctx.result(Json.COMPACT.writeValueAsBytes(body));
  }

  private static void requireJson(Context ctx) {
    // Not Context.contentType, which looks up the charset and fails where there is none of its
    // name.
    String declared = Optional.ofNullable(ctx.header(Header.CONTENT_TYPE)).orElse("");
    String mediaType = declared.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals(ContentType.JSON)) {
      throw InvalidRequestException.mediaType(
          "the header " + Header.CONTENT_TYPE + " must be " + ContentType.JSON);
    }
  }

  /** Read here, with a bound that a body without a declared length cannot pass either. */
  private static byte[] bytes(Context ctx) {
    try {
      byte[] body = ctx.bodyInputStream().readNBytes(ApiLimits.MAX_BODY_BYTES + 1);
      if (body.length > ApiLimits.MAX_BODY_BYTES) {
        throw InvalidRequestException.tooLarge();
      }
      return body;
    } catch (IOException e) {
      throw InvalidRequestException.body("the body ended early");
    }
  }

  private static JsonNode parse(byte[] body) {
    JsonNode root;
    try {
      root = Json.COMPACT.readTree(body);
    } catch (JacksonException e) {
      // Not the parser's own words: they quote the body, which may be a customer's.
      TokenStreamLocation at = e.getLocation();
      String where =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      throw InvalidRequestException.body("the body is not valid JSON in UTF-8" + where);
    }
    if (!root.isObject()) {
      throw InvalidRequestException.body("the body must be a JSON object");
    }
    return root;
  }
}
