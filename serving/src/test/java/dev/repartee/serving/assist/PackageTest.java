package dev.repartee.serving.assist;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static dev.repartee.serving.assist.AssistPage.GREETING;

import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.repartee.serving.RunningService;
import dev.repartee.text.testing.Chromium;
import dev.repartee.text.testing.Npm;
import dev.repartee.text.testing.Repository;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The npm package in a project of somebody else, and the example page. */
@Tag("slow")
@Timeout(180)
class PackageTest {

  private static final String README = "http://localhost:8080/";

  @TempDir private Path folder;

  @Test
  void theReadmesSnippetWorksInAnEmptyProject() throws IOException {
    Path project = install();
    String readme = Files.readString(Npm.ASSIST.resolve("README.md"));
    int start = readme.indexOf("```html\n") + "```html\n".length();
    String snippet = readme.substring(start, readme.indexOf("```", start));
    completesAGreeting(project, snippet);
  }

  @Test
  void theExampleWorks() throws IOException {
    Path site = Files.createDirectories(folder.resolve("site"));
    completesAGreeting(site, Repository.text("docs/examples/desk/index.html"));
  }

  @Test
  void theTypesCompileUnderStrict() throws IOException {
    Path project = install();
    Files.writeString(
        project.resolve("desk.ts"),
        """
        import { ReparteeAssist, type AssistState } from 'repartee-assist';
        import { ReparteeClient, ReparteeError } from 'repartee-assist/client';
        const assist: ReparteeAssist = document.createElement('repartee-assist');
        assist.messages = [{ role: 'customer', text: 'Hi' }];
        assist.getToken = async (refused) => (refused === null ? 'first' : 'second');
        assist.labels = { none: 'Nichts gefunden' };
        assist.answers = 'always';
        assist.addEventListener('repartee-checked', ({ detail }) => console.log(detail.findings[0]?.kind === 'never'));
        assist.addEventListener('repartee-state', ({ detail }) => { const state: AssistState = detail.state; console.log(state); });
        assist.addEventListener('repartee-blocked', ({ detail }) => console.log(detail.placeholders.join()));
        const client = new ReparteeClient({ url: '.' });
        client.suggest({ draft: 'H', metadata: { order_number: '1' } })
          .then(({ suggestions }) => console.log(suggestions[0]?.text))
          .catch((error: unknown) => { if (error instanceof ReparteeError) console.log(error.retryAfterMs); });
        """);
    Path compiler = Npm.packages("typescript@5.9.3").resolve("typescript/bin/tsc");
    Npm.succeeds(
        project,
        "node",
        compiler.toString(),
        "--strict",
        "--noEmit",
        "--module",
        "nodenext",
        "--target",
        "es2022",
        "--lib",
        "es2022,dom,dom.iterable",
        "desk.ts");
  }

  /** Packs the package and installs the tarball, without a network. */
  private Path install() throws IOException {
    Tools.need(Tools.has("npm"), "npm is missing: apt-get install npm");
    Path project = Files.createDirectories(folder.resolve("project"));
    Npm.succeeds(Npm.ASSIST, "npm", "pack", "--silent", "--pack-destination", folder.toString());
    Path tarball;
    try (var files = Files.list(folder)) {
      tarball = files.filter(file -> file.toString().endsWith(".tgz")).findFirst().orElseThrow();
    }
    Files.writeString(project.resolve("package.json"), "{\"type\": \"module\"}");
    Npm.succeeds(project, "npm", "install", "--offline", "--no-audit", tarball.toString());
    return project;
  }

  /** Serves a page on an origin of its own, as a desk is, and writes in it. */
  private static void completesAGreeting(Path site, String page) throws IOException {
    HttpServer files =
        SimpleFileServer.createFileServer(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            site,
            SimpleFileServer.OutputLevel.NONE);
    files.start();
    String origin = "http://localhost:" + files.getAddress().getPort();
    try (Chromium chromium = Chromium.start();
        RunningService service =
            RunningService.serving(site, path -> AssistPage.predictor(), "--cors-origin", origin)) {
      Files.writeString(
          site.resolve("index.html"), page.replace(README, service.url("/").toString()));
      Page desk = chromium.browser().newPage();
      desk.navigate(origin + "/");
      desk.locator("#reply").pressSequentially("Hel");
      assertThat(desk.locator("repartee-assist .ghost")).hasText(GREETING.substring(3));
      desk.keyboard().press("Tab");
      assertThat(desk.locator("#reply")).hasValue(GREETING);
    } finally {
      files.stop(0);
    }
  }
}
