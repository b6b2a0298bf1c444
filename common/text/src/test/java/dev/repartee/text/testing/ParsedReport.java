package dev.repartee.text.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.text.io.Sha256;
import dev.repartee.text.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import tools.jackson.databind.JsonNode;

/**
 * A report's file as a browser parses it, before a script has run.
 *
 * @param data the JSON that the page is drawn from
 */
public record ParsedReport(Document html, JsonNode data) {

  public static ParsedReport of(String html) {
    Document document = Jsoup.parse(html);
    return new ParsedReport(
        document, Json.COMPACT.readTree(document.getElementById("report").data()));
  }

  /** Checks that the file loads nothing and may run its own three scripts only. */
  public void assertNeedsNothingElse() {
    assertThat(html.select("[src], [srcset], object, iframe, form, a, img, [onerror]")).isEmpty();
    assertThat(html.select("link").eachAttr("href")).containsExactly("data:,");
    html.select("style")
        .forEach(style -> assertThat(style.data()).doesNotContain("url(", "@import"));
    assertThat(html.select("script")).hasSize(4);
    List<Element> scripts = html.select("script:not([type])");
    assertThat(scripts).hasSize(3);
    String policy = html.select("meta[http-equiv=Content-Security-Policy]").attr("content");
    assertThat(policy).contains("default-src 'none'", "script-src 'sha256-");
    scripts.forEach(script -> assertThat(policy).contains(hash(script.data())));
    assertThat(html.html()).contains("Permission is hereby granted, free of charge");
  }

  private static String hash(String script) {
    byte[] digest = Sha256.newDigest().digest(script.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }
}
