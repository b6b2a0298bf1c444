package dev.repartee.serving.console;

import dev.repartee.text.io.Resources;
import dev.repartee.text.io.Sha256;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The agent console, a page on which one person plays customer and agent, a page for a study with
 * people, pages that desks show in a frame, and the element {@code <repartee-assist>} that all are
 * built from, which other front ends may load too ({@code serving/assist}).
 */
public final class AgentConsole {

  /** Only files of this service and nothing inline, so that no message can become a script. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors ";

  private static final String NOBODY = "'none'";
  private static final String APPS = "/apps/";
  private static final String SCRIPT = "text/javascript";
  private static final String TYPES = "text/plain";

  private final List<ConsoleFile> files =
      List.of(
          ConsoleFile.read("/", "index.html", "text/html"),
          file("console.css", "text/css"),
          file("icon.svg", "image/svg+xml"),
          file("console.js", SCRIPT),
          file("connection.js", SCRIPT),
          file("savings.js", SCRIPT),
          file("study.html", "text/html"),
          file("study.js", SCRIPT),
          ConsoleFile.read(APPS + "chatwoot", "app.html", "text/html"),
          ConsoleFile.read(APPS + "freescout", "app.html", "text/html"),
          ConsoleFile.read(APPS + "salesforce", "app.html", "text/html"),
          file("app.js", SCRIPT),
          file("repartee-assist.js", SCRIPT),
          file("repartee-field.js", SCRIPT),
          file("repartee-events.js", SCRIPT),
          file("repartee-reply.js", SCRIPT),
          file("repartee-view.js", SCRIPT),
          file("repartee-client.js", SCRIPT),
          file("repartee-assist.d.ts", TYPES),
          file("repartee-client.d.ts", TYPES));

  /** Registers the files; pages of {@code ancestors} may have the pages for desks in a frame. */
  public void register(RoutesConfig routes, Set<String> ancestors) {
    String desks = ancestors.isEmpty() ? NOBODY : String.join(" ", new TreeSet<>(ancestors));
    for (ConsoleFile file : files) {
      String framedBy = file.path().startsWith(APPS) ? desks : NOBODY;
      routes.get(file.path(), ctx -> file.answer(ctx, framedBy));
    }
  }

  private static ConsoleFile file(String name, String mediaType) {
    return ConsoleFile.read("/" + name, name, mediaType);
  }

  /**
   * One file as it is answered. Browsers keep it and revalidate it each time, so that a new version
   * of the service never meets an old page.
   *
   * @param path the path of its URL
   * @param contentType with its character set
   * @param text the content, since every file is text
   * @param etag weak, since the content may be sent compressed
   */
  private record ConsoleFile(String path, String contentType, String text, String etag) {

    private static final int ETAG_DIGITS = 32;

    /** Reads a resource beside this class. */
    static ConsoleFile read(String path, String name, String mediaType) {
      String text = Resources.text(AgentConsole.class, name);
      String etag = "W/\"" + Sha256.of(text).substring(0, ETAG_DIGITS) + "\"";
      return new ConsoleFile(path, mediaType + "; charset=utf-8", text, etag);
    }

    void answer(Context ctx, String framedBy) {
      ctx.header(Header.CACHE_CONTROL, "no-cache");
      ctx.header(Header.ETAG, etag);
      // Where this says who may have it in a frame, browsers ignore X-Frame-Options.
      ctx.header(Header.CONTENT_SECURITY_POLICY, POLICY + framedBy);
      if (Optional.ofNullable(ctx.header(Header.IF_NONE_MATCH)).orElse("").contains(etag)) {
        ctx.status(304);
      } else {
        ctx.contentType(contentType);
        ctx.result(text);
      }
    }
  }
}
