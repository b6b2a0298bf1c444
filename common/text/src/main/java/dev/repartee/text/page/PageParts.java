package dev.repartee.text.page;

import dev.repartee.text.io.Resources;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;

/**
 * What stands in a page as it is: its template, styles, the chart library with its licence, and
 * scripts. The page allows these scripts by their hashes and no other. The chart library is the
 * uPlot webjar, which a module that makes pages depends on.
 *
 * @param template in Mustache
 * @param style that all pages share, then the page's own
 * @param script the page's own, which finds {@code uPlot} and {@code page} loaded
 */
public record PageParts(
    String template,
    String style,
    String script,
    String chartStyle,
    String chartLibrary,
    String sharedScript) {

  private static final String LIBRARY_VERSION =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final String LIBRARY = "/META-INF/resources/webjars/uplot/%s/%s";

  /** The parts of the page whose {@code report.html}, {@code .css} and {@code .js} owner holds. */
  public static PageParts load(Class<?> owner) {
    String version = libraryVersion();
    String licence = Resources.text(PageParts.class, LIBRARY.formatted(version, "LICENSE"));
    return new PageParts(
        Resources.text(owner, "report.html"),
        Resources.text(PageParts.class, "page.css") + Resources.text(owner, "report.css"),
        Resources.text(owner, "report.js"),
        Resources.text(PageParts.class, LIBRARY.formatted(version, "dist/uPlot.min.css")),
        "/*!\n"
            + licence
            + "*/\n"
            + Resources.text(PageParts.class, LIBRARY.formatted(version, "dist/uPlot.iife.min.js")),
        Resources.text(PageParts.class, "page.js"));
  }

  /** What the template inserts unescaped, by name. */
  public Map<String, Object> model() {
    return Map.of(
        "style", style,
        "script", script,
        "chartStyle", chartStyle,
        "chartLibrary", chartLibrary,
        "sharedScript", sharedScript,
        "scriptHashes", hash(chartLibrary) + " " + hash(sharedScript) + " " + hash(script));
  }

  /** {@code value} as JSON that can stand within a script element, whatever texts it holds. */
  public static String json(Object value) {
    // An element of a script ends at the first "</script", wherever that stands.
    return Json.COMPACT.writeValueAsString(value).replace("<", "\\u003c");
  }

  private static String hash(String text) {
    byte[] digest = Sha256.newDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static String libraryVersion() {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Resources.text(PageParts.class, LIBRARY_VERSION)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
