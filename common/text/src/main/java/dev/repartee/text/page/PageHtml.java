package dev.repartee.text.page;

import dev.repartee.text.io.Resources;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Properties;

/**
 * Writes a report as one HTML file that needs no network and no server. The file holds the data as
 * JSON, the style sheet, the chart library with its licence, the script that all reports share
 * ({@code page.js}), and the report's own script ({@code report.js}), which draws the page from the
 * data. The content security policy allows exactly these scripts, by their hashes. The same data
 * gives the same bytes.
 *
 * <p>The chart library is the uPlot webjar. A module that writes reports must depend on it.
 */
public final class PageHtml {

  private static final String LIBRARY_VERSION =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

  private PageHtml() {}

  /**
   * The text of the file.
   *
   * @param owner a class of the package that holds the report's {@code report.js}
   * @param data the report; Jackson writes it as JSON
   */
  public static String of(Class<?> owner, Object data) {
    String version = libraryVersion();
    String style =
        library(version, "dist/uPlot.min.css") + Resources.text(PageHtml.class, "page.css");
    String library =
        "/*!\n%s*/\n%s"
            .formatted(library(version, "LICENSE"), library(version, "dist/uPlot.iife.min.js"));
    String shared = Resources.text(PageHtml.class, "page.js");
    String own = Resources.text(owner, "report.js");
    // The data comes last, so that no text in it is replaced.
    return Resources.text(PageHtml.class, "page.html")
        .replace("{{hashes}}", hash(library) + " " + hash(shared) + " " + hash(own))
        .replace("{{style}}", style)
        .replace("{{library}}", library)
        .replace("{{shared}}", shared)
        .replace("{{own}}", own)
        .replace("{{data}}", json(data));
  }

  private static String json(Object data) {
    // A script element ends at the first "</script", even within a JSON string.
    return Json.COMPACT.writeValueAsString(data).replace("<", "\\u003c");
  }

  private static String hash(String text) {
    byte[] digest = Sha256.newDigest().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  private static String library(String version, String file) {
    return Resources.text(
        PageHtml.class, "/META-INF/resources/webjars/uplot/%s/%s".formatted(version, file));
  }

  private static String libraryVersion() {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Resources.text(PageHtml.class, LIBRARY_VERSION)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }
}
