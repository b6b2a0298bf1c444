package dev.repartee.serving.console;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.io.Resources;
import dev.repartee.text.io.Sha256;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.util.Optional;

/**
 * One file as it is answered. Browsers keep it and ask each time whether it changed, so that a new
 * version of the service never meets an old page.
 *
 * @param path where it is served
 * @param contentType with its character set
 * @param text the content, since every file is text
 * @param etag weak, since the content may be sent compressed
 */
record ConsoleFile(String path, String contentType, String text, String etag) {

  private static final int ETAG_DIGITS = 32;

  ConsoleFile {
    requireNonNull(path, "path is null");
    requireNonNull(contentType, "contentType is null");
    requireNonNull(text, "text is null");
    requireNonNull(etag, "etag is null");
  }

  /** Reads a file that stands beside this class. */
  static ConsoleFile read(String path, String name, String mediaType) {
    String text = Resources.text(ConsoleFile.class, name);
    String etag = "W/\"" + Sha256.of(text).substring(0, ETAG_DIGITS) + "\"";
    return new ConsoleFile(path, mediaType + "; charset=utf-8", text, etag);
  }

  void answer(Context ctx) {
    ctx.header(Header.CACHE_CONTROL, "no-cache");
    ctx.header(Header.ETAG, etag);
    ctx.header(Header.CONTENT_SECURITY_POLICY, AgentConsole.POLICY);
    if (Optional.ofNullable(ctx.header(Header.IF_NONE_MATCH)).orElse("").contains(etag)) {
      ctx.status(304);
    } else {
      ctx.contentType(contentType);
      ctx.result(text);
    }
  }
}
