package dev.repartee.serving.console;

import io.javalin.config.RoutesConfig;
import java.util.List;

/**
 * A page on which one person plays customer and agent, and the client that it uses, which other
 * front ends may load too.
 */
public final class AgentConsole {

  /** Everything from here and nothing inline: what a conversation holds cannot become a script. */
  static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self';"
          + " form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

  private static final String SCRIPT = "text/javascript";

  private final List<ConsoleFile> files =
      List.of(
          ConsoleFile.read("/", "index.html", "text/html"),
          file("console.css", "text/css"),
          file("icon.svg", "image/svg+xml"),
          file("console.js", SCRIPT),
          file("connection.js", SCRIPT),
          file("draft-field.js", SCRIPT),
          file("savings.js", SCRIPT),
          file("repartee-client.js", SCRIPT),
          file("repartee-client.d.ts", "text/plain"));

  private static ConsoleFile file(String name, String mediaType) {
    return ConsoleFile.read("/" + name, name, mediaType);
  }

  public void register(RoutesConfig routes) {
    for (ConsoleFile file : files) {
      routes.get(file.path(), file::answer);
    }
  }
}
