package dev.repartee.text.testing;

import com.microsoft.playwright.Page;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/** Finds what axe-core says is wrong with a page for people who cannot see or cannot point. */
public final class Axe {

  private static final String PACKAGE = "axe-core@4.14.1";

  private Axe() {}

  /** The findings as JSON, {@code []} for none. The script runs whatever the page's policy says. */
  public static String findings(Page page) {
    return findings(page, "");
  }

  /**
   * The same where axe must have looked into an element.
   *
   * @param part of the HTML of something in it that is as it should be
   */
  public static String findings(Page page, String part) {
    try {
      page.evaluate(Files.readString(Npm.packages(PACKAGE).resolve("axe-core/axe.min.js")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Json.COMPACT.writeValueAsString(
        page.evaluate(
            """
            async (part) => {
              const { violations, passes } = await axe.run(document);
              if (!passes.some(({ nodes }) => nodes.some(({ html }) => html.includes(part)))) {
                throw new Error(`axe did not look at ${part}`);
              }
              return violations.map(({ id, nodes }) =>
                [id, nodes.map(({ html, failureSummary }) => [html, failureSummary])]);
            }
            """,
            part));
  }
}
