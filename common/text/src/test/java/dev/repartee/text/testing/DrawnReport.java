package dev.repartee.text.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Browser.NewContextOptions;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Checks a report in a browser without a network. */
public final class DrawnReport {

  private DrawnReport() {}

  /**
   * Opens {@code file} in light and dark, in a wide and a narrow window. Checks that all sections
   * are there, nothing is wider than the window, no script logs anything, and that ids are unique
   * and all links point to one.
   *
   * @param sections the expected titles of the sections
   * @param more further checks of each of these pages
   */
  public static void check(Path file, List<String> sections, Consumer<Page> more) {
    try (Chromium chromium = Chromium.start()) {
      Set<Object> backgrounds = new HashSet<>();
      for (ColorScheme scheme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
        for (int width : List.of(1280, 500)) {
          NewContextOptions options =
              new NewContextOptions()
                  .setViewportSize(width, 900)
                  .setColorScheme(scheme)
                  .setOffline(true);
          try (BrowserContext context = chromium.browser().newContext(options)) {
            Page page = context.newPage();
            List<String> complaints = new ArrayList<>();
            page.onConsoleMessage(message -> complaints.add(message.text()));
            page.onPageError(complaints::add);
            page.navigate(file.toUri().toString());
            assertThat(complaints).isEmpty();
            assertThat(page.locator("h2").allTextContents()).isEqualTo(sections);
            assertSound(page);
            more.accept(page);
            assertThat(complaints).isEmpty();
            backgrounds.add(page.evaluate("getComputedStyle(document.body).backgroundColor"));
          }
        }
      }
      assertThat(backgrounds).as("one for each scheme").hasSize(2);
    }
  }

  private static void assertSound(Page page) {
    assertThat(page.evaluate("document.documentElement.scrollWidth <= innerWidth")).isEqualTo(true);
    assertThat(page.locator("img, iframe, [onerror]").count()).isZero();
    assertThat(page.locator(".plot:not(:has(canvas)), [role=img]:not([aria-label*=':'])").count())
        .isZero();
    List<String> ids = all(page, "[id]", "id");
    assertThat(ids).doesNotHaveDuplicates();
    assertThat(ids).containsAll(all(page, "[aria-labelledby]", "aria-labelledby"));
    assertThat(all(page, "a", "href")).allMatch(link -> ids.contains(link.substring(1)));
  }

  /** The values of an attribute. */
  @SuppressWarnings("unchecked") // the script returns texts
  private static List<String> all(Page page, String selector, String attribute) {
    return (List<String>)
        page.evaluate(
            "([selector, name]) => [...document.querySelectorAll(selector)].map(e => e.getAttribute(name))",
            List.of(selector, attribute));
  }
}
