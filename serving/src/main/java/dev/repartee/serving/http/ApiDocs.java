package dev.repartee.serving.http;

import dev.repartee.text.io.Resources;
import dev.repartee.text.json.Json;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.util.UUID;

/**
 * The description of the API: {@code openapi.json}, and a page that shows it without another
 * server. Tests compare the description with the routes, the records and their bounds.
 */
final class ApiDocs {

  private static final String NONCE = "{{nonce}}";

  private final byte[] document =
      Json.COMPACT.writeValueAsBytes(
          Json.COMPACT.readTree(Resources.text(ApiDocs.class, "openapi.json")));
  private final String page = Resources.text(ApiDocs.class, "docs.html");

  void register(RoutesConfig routes) {
    routes.get("/v1/openapi.json", ctx -> ctx.contentType(ContentType.JSON).result(document));
    routes.get("/docs", this::page);
  }

  /** The nonce lets the page's own script run and no other, whatever the description holds. */
  private void page(Context ctx) {
    String nonce = UUID.randomUUID().toString();
    ctx.header(
        "Content-Security-Policy",
        "default-src 'none'; connect-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none';"
            + " script-src 'nonce-%1$s'; style-src 'nonce-%1$s'".formatted(nonce));
    ctx.contentType("text/html; charset=utf-8");
    ctx.result(page.replace(NONCE, nonce));
  }
}
