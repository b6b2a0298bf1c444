package dev.repartee.serving.http;

import dev.repartee.text.io.Resources;
import io.javalin.config.RoutesConfig;
import io.javalin.http.ContentType;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The API's description: as OpenAPI, and as a page that shows it without any other server. */
final class DocsPart implements ApiPart {

  private static final String NONCE = "{{nonce}}";

  private final byte[] document;
  private final String page;

  /** Describes {@code parts} and itself. */
  DocsPart(List<ApiPart> parts) {
    List<Section> sections = new ArrayList<>(parts.stream().map(ApiPart::section).toList());
    sections.add(section());
    Map<String, String> info = new LinkedHashMap<>();
    info.put("title", "Repartee");
    info.put("version", "1");
    info.put(
        "description",
        "Reply suggestions for contact-center agents. Lengths of text are in UTF-16 units, as"
            + " JavaScript counts them. Fields that are not described are ignored. A body may have"
            + " %d bytes.".formatted(ApiLimits.MAX_BODY_BYTES));
    document = OpenApiDocument.write(info, sections);
    page = Resources.text(DocsPart.class, "docs.html");
  }

  @Override
  public void register(RoutesConfig routes) {
    routes.get(
        "/v1/openapi.json",
        ctx -> {
          ctx.contentType(ContentType.JSON);
          ctx.result(document);
        });
    routes.get("/docs", this::page);
  }

  @Override
  public Section section() {
    return Section.of(
        Operation.get(
            "/v1/openapi.json",
            "This description, as OpenAPI 3.1.",
            Answer.other(200, "The document.", ContentType.JSON)),
        Operation.get(
            "/docs",
            "This description as a page.",
            Answer.other(200, "The page.", ContentType.HTML)));
  }

  /** No script but the page's own runs, whatever the description holds. */
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
