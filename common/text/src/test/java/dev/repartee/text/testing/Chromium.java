package dev.repartee.text.testing;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.BrowserType.LaunchPersistentContextOptions;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;

/**
 * A headless browser: the Chromium or Chrome and the Node.js of this machine, driven by Playwright.
 * Playwright unpacks a program of 13 MB into the temporary folder and removes it at the end.
 */
public final class Chromium implements AutoCloseable {

  private static final List<String> BROWSERS =
      List.of("chromium", "chromium-browser", "google-chrome");

  private final Playwright playwright;
  private final Path executable;
  private final Browser browser;

  private Chromium(Playwright playwright, Path executable, Browser browser) {
    this.playwright = playwright;
    this.executable = executable;
    this.browser = browser;
  }

  /** Starts the browser. Where there is none, the test is skipped with a message. */
  public static Chromium start() {
    Path executable =
        Optional.ofNullable(System.getenv("CHROMIUM"))
            .map(Path::of)
            .or(() -> BROWSERS.stream().map(Chromium::onPath).flatMap(Optional::stream).findFirst())
            .orElseGet(
                () ->
                    Assumptions.abort(
                        "no browser: put chromium or google-chrome on the PATH or set CHROMIUM"));
    Path node =
        onPath("node")
            .orElseGet(() -> Assumptions.abort("no node on the PATH, which Playwright needs"));
    // Pages poll every 5 s, which is the default here.
    PlaywrightAssertions.setDefaultAssertionTimeout(20_000);
    Playwright playwright =
        Playwright.create(
            new Playwright.CreateOptions()
                .setEnv(
                    Map.of(
                        "PLAYWRIGHT_NODEJS_PATH",
                        node.toString(),
                        "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD",
                        "1")));
    // Chromium's sandbox refuses to run as root, which is the user of many containers.
    LaunchOptions options =
        new LaunchOptions().setExecutablePath(executable).setChromiumSandbox(false);
    return new Chromium(playwright, executable, playwright.chromium().launch(options));
  }

  private static Optional<Path> onPath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public Browser browser() {
    return browser;
  }

  /** For docs/images, and for whoever wants to see what it looks like. */
  public static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target/pictures", name + ".png")));
  }

  /**
   * A browser of its own with an extension in it.
   *
   * @param profile an empty folder
   */
  public BrowserContext withExtension(Path extension, Path profile) {
    return playwright
        .chromium()
        .launchPersistentContext(
            profile,
            new LaunchPersistentContextOptions()
                .setExecutablePath(executable)
                .setChromiumSandbox(false)
                .setIgnoreDefaultArgs(List.of("--disable-extensions"))
                .setArgs(
                    List.of(
                        "--disable-extensions-except=" + extension,
                        "--load-extension=" + extension)));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
