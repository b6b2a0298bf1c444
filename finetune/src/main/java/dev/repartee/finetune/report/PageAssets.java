package dev.repartee.finetune.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.Properties;

/**
 * The template, and what stands in the page as it is: styles, the chart library with its licence,
 * and the script that draws. The page allows these two scripts by their hashes and no other.
 */
record PageAssets(
    String template, String style, String script, String chartStyle, String chartLibrary) {

  private static final String LIBRARY_VERSION =
      "/META-INF/maven/org.webjars.npm/uplot/pom.properties";
  private static final String LIBRARY = "/META-INF/resources/webjars/uplot/%s/%s";

  static PageAssets load() {
    String version = libraryVersion();
    String licence = resource(LIBRARY.formatted(version, "LICENSE"));
    return new PageAssets(
        resource("report.html"),
        resource("report.css"),
        resource("report.js"),
        resource(LIBRARY.formatted(version, "dist/uPlot.min.css")),
        "/*!\n"
            + licence
            + "*/\n"
            + resource(LIBRARY.formatted(version, "dist/uPlot.iife.min.js")));
  }

  Map<String, Object> model() {
    return Map.of(
        "style", style,
        "script", script,
        "chartStyle", chartStyle,
        "chartLibrary", chartLibrary,
        "scriptHashes", hash(chartLibrary) + " " + hash(script));
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String libraryVersion() {
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(resource(LIBRARY_VERSION)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static String resource(String name) {
    try (InputStream in = PageAssets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks the resource " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
