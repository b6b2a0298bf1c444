package dev.repartee.serving.console;

import dev.repartee.serving.http.Answer;
import dev.repartee.serving.http.ApiPart;
import dev.repartee.serving.http.Operation;
import dev.repartee.serving.http.Section;
import io.javalin.config.RoutesConfig;
import java.util.List;

/**
 * A page on which one person plays customer and agent, and the client that it uses, which other
 * front ends may load too.
 */
public final class AgentConsole implements ApiPart {

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

  @Override
  public void register(RoutesConfig routes) {
    for (ConsoleFile file : files) {
      routes.get(file.path(), file::answer);
    }
  }

  @Override
  public Section section() {
    return Section.of(files.stream().map(AgentConsole::described).toArray(Operation[]::new));
  }

  private static Operation described(ConsoleFile file) {
    String what =
        switch (file.path()) {
          case "/" -> "The agent console, a page to try the model on.";
          case "/repartee-client.js" -> "The client for browsers, an ES module.";
          case "/repartee-client.d.ts" -> "The client's types.";
          default -> "A file of the agent console.";
        };
    return Operation.get(
        file.path(), what, Answer.other(200, "The file.", file.contentType().split(";", 2)[0]));
  }
}
