package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import dev.repartee.text.testing.Chromium;
import dev.repartee.text.testing.Npm;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The packed extension in a browser, set up by its options page. */
final class Extension implements AutoCloseable {

  private static final String PACK = Npm.ASSIST.resolve("pack-extension").toString();

  final BrowserContext browser;
  private final String id;

  /**
   * @param folder an existing one, for the extension and the browser's profile
   */
  Extension(Chromium chromium, Path folder) {
    this(chromium, folder, pack(folder));
  }

  /**
   * @param packed the extension's folder
   */
  Extension(Chromium chromium, Path folder, Path packed) {
    browser = chromium.withExtension(packed, folder.resolve("profile"));
    // It opens its options page when it is installed, where a tab is empty or in a new one.
    Page any = browser.pages().getFirst();
    long end = System.nanoTime() + 20_000_000_000L;
    while (own().isEmpty() && System.nanoTime() < end) {
      any.waitForTimeout(50);
    }
    id = URI.create(own().orElseThrow().url()).getHost();
  }

  private Optional<Page> own() {
    return browser.pages().stream()
        .filter(page -> page.url().startsWith("chrome-extension:"))
        .findFirst();
  }

  static Path pack(Path folder) {
    Path packed = folder.resolve("extension");
    Npm.succeeds(folder, PACK, packed.toString());
    return packed;
  }

  /** Its options page, in a new tab. */
  Page options() {
    Page page = browser.newPage();
    page.navigate("chrome-extension://" + id + "/options.html");
    page.locator("main:not([inert])").waitFor();
    return page;
  }

  /**
   * What "Allow" in the browser's prompt does, which a headless browser shows to nobody: the next
   * request for these origins is granted.
   */
  void willAllow(String... origins) {
    details("chrome.developerPrivate.addHostPermission", origins);
  }

  /** Withdraws the permission, as an agent does on the browser's page of the extension. */
  void revoke(String... origins) {
    details("chrome.developerPrivate.removeHostPermission", origins);
  }

  private void details(String function, String... origins) {
    try (Page page = browser.newPage()) {
      page.navigate("chrome://extensions/?id=" + id);
      for (String origin : origins) {
        page.evaluate(
            "([id, origin]) => %s(id, origin)".formatted(function), List.of(id, origin + "/*"));
      }
    }
  }

  /** As an agent does it, who says yes. */
  void setUp(Recorder service, String token, String desk, String kind) {
    String url = "http://" + service.authority("localhost");
    willAllow(url, desk);
    try (Page page = options()) {
      fill(page, url + "/", token, desk, kind);
      Locator said = page.locator("#said");
      assertThat(said).containsText("Saved. The service answers with");
    }
  }

  /** Fills the form in and sends it. */
  static void fill(Page options, String url, String token, String desk, String kind) {
    options.locator("#url").fill(url);
    options.locator("#token").fill(token);
    options.locator("#address").fill(desk);
    options.locator("#desk").selectOption(kind);
    options.locator("form button").click();
  }

  @Override
  public void close() {
    browser.close();
  }
}
