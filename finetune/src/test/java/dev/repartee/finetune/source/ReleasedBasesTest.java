package dev.repartee.finetune.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.repartee.finetune.source.ModelOptions.LocalModel;
import dev.repartee.text.UserException;
import dev.repartee.text.io.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive of a release, over real HTTP and by a redirect as GitHub's. */
class ReleasedBasesTest {

  @TempDir Path temporary;
  private final AtomicInteger downloads = new AtomicInteger();
  private HttpServer server;
  private byte[] archive = new byte[0];

  @BeforeEach
  void serve() throws IOException {
    archive = zip(Map.of("config.json", "{}", "licences/MIT", "free"));
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/release/",
        exchange -> {
          exchange.getResponseHeaders().set("Location", address("/storage/1?signature=x"));
          exchange.sendResponseHeaders(302, -1);
          exchange.close();
        });
    server.createContext(
        "/storage/",
        exchange -> {
          downloads.incrementAndGet();
          exchange.sendResponseHeaders(200, archive.length);
          exchange.getResponseBody().write(archive);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private String address(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static byte[] zip(Map<String, String> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
    return bytes.toByteArray();
  }

  private ReleasedBases pinned(String value) throws IOException {
    Path pins = Files.writeString(temporary.resolve("pins"), "support-30m=" + value + "\n");
    return ReleasedBases.of(
        Map.of("REPARTEE_BASES", pins.toString()), Optional.of(temporary.resolve("cache")));
  }

  private ReleasedBases pinned(String path, byte[] content) throws IOException {
    return pinned(address(path) + " " + content.length + " " + Sha256.of(content));
  }

  @Test
  void theArchiveIsDownloadedOnceAndUnpacked() throws IOException {
    ReleasedBases bases = pinned("/release/support-30m.zip", archive);
    LocalModel model = bases.fetch("support-30m");
    assertThat(model.name()).isEqualTo("support-30m@" + Sha256.of(archive));
    assertThat(model.folder()).startsWith(temporary.resolve("cache/bases/support-30m"));
    assertThat(model.folder().resolve("config.json")).hasContent("{}");
    assertThat(model.folder().resolve("licences/MIT")).hasContent("free");
    assertThat(bases.fetch("support-30m")).isEqualTo(model);
    assertThat(downloads).hasValue(1);
    assertThat(model.folder().resolveSibling("support-30m.zip")).doesNotExist();
  }

  @Test
  void aBaseInACacheThatCannotBeWrittenIsTaken() throws IOException {
    ReleasedBases bases = pinned("/release/support-30m.zip", archive);
    LocalModel model = bases.fetch("support-30m");
    Path lock = model.folder().resolveSibling(Sha256.of(archive) + ".lock");
    Files.delete(lock);
    Files.createDirectory(lock); // in the way of a lock, also where the tests run as root
    assertThat(bases.fetch("support-30m")).isEqualTo(model);
  }

  @Test
  void anArchiveWithAnotherHashIsRefused() throws IOException {
    byte[] pinned = archive.clone();
    pinned[0] ^= 1;
    ReleasedBases bases = pinned("/release/support-30m.zip", pinned);
    assertThatThrownBy(() -> bases.fetch("support-30m"))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("support-30m.zip arrived 2 times with another SHA-256 hash");
    assertThat(temporary.resolve("cache/bases/support-30m"))
        .isDirectoryNotContaining("glob:**zip*");
  }

  @Test
  void aNameThatLeavesTheFolderIsRefused() throws IOException {
    archive = zip(Map.of("../../outside", "x"));
    ReleasedBases bases = pinned("/release/support-30m.zip", archive);
    assertThatThrownBy(() -> bases.fetch("support-30m"))
        .hasMessageContaining("outside of the folder");
  }

  @Test
  void whatIsNotThereIsSaid() throws IOException {
    ReleasedBases gone = pinned("/elsewhere/support-30m.zip", archive);
    assertThatThrownBy(() -> gone.fetch("support-30m"))
        .hasMessageContaining("answered 404")
        .hasMessageContaining("REPARTEE_BASES");
    ReleasedBases unreleased = pinned("");
    assertThat(unreleased.has("support-30m")).isTrue();
    assertThat(unreleased.has("support-31m")).isFalse();
    assertThatThrownBy(() -> unreleased.fetch("support-30m"))
        .hasMessageContaining("no release carries the base support-30m yet")
        .hasMessageContaining("scripts/build-base");
    ReleasedBases wrong = pinned("https://example.com/x.zip 17");
    assertThatThrownBy(() -> wrong.fetch("support-30m"))
        .hasMessageContaining("must be URL SIZE SHA256");
  }

  /** The pins of this version are either empty or whole. */
  @Test
  void ourOwnPinsCanBeRead() {
    assertThat(ReleasedBases.of(Map.of(), Optional.of(temporary)).has("support-30m")).isTrue();
  }
}
