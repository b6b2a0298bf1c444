package dev.repartee.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.serving.RunningService;
import dev.repartee.serving.access.Access;
import dev.repartee.serving.access.ApiKeys;
import dev.repartee.serving.http.RawExchange.Hostile;
import dev.repartee.serving.http.RawExchange.Outcome;
import dev.repartee.serving.predict.CountingPredictor;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A page whose name was made to point to this machine (DNS rebinding) has that name as host. */
@Timeout(60)
class HostNamesTest {

  private static final List<String> PATHS = List.of("/v1/model", "/openapi.json", "/", "/nothing");

  @TempDir private Path folder;

  private static int status(URI url, String host) {
    String request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n".formatted(url.getPath(), host);
    Hostile hostile = new Hostile(host, request.getBytes(StandardCharsets.ISO_8859_1), false);
    Outcome outcome = RawExchange.send(url, hostile, Duration.ofSeconds(10));
    if (outcome.status() == 421) {
      assertThat(outcome.text()).contains("--host-name");
    }
    return outcome.status();
  }

  @Test
  void anotherNameIsRefusedOnBothPorts() {
    try (RunningService service = RunningService.serving(folder, path -> new CountingPredictor())) {
      for (String wrong :
          List.of(
              "evil.example",
              "evil.example:8080",
              "localhost.evil.example",
              "127.0.0.1.evil.example",
              "0.0.0.0",
              "10.0.0.8",
              "xlocalhost")) {
        for (String path : PATHS) {
          assertThat(status(service.url(path), wrong)).as(wrong + path).isEqualTo(421);
        }
        assertThat(status(service.adminUrl("/metrics"), wrong)).as(wrong).isEqualTo(421);
        for (String probe : Access.PROBES) {
          assertThat(status(service.url(probe), wrong)).isEqualTo(200);
          assertThat(status(service.adminUrl(probe), wrong)).isEqualTo(200);
        }
      }
      for (String right :
          List.of(
              "localhost",
              "LOCALHOST:8080",
              "localhost.",
              "console.localhost",
              "127.0.0.1:8080",
              "127.1.2.3",
              "[::1]:8080")) {
        assertThat(status(service.url("/v1/model"), right)).as(right).isEqualTo(200);
        assertThat(status(service.adminUrl("/metrics"), right)).as(right).isEqualTo(200);
      }
    }
  }

  /** A page has no key; the admin port needs none. */
  @Test
  void keysNeedNoNames() throws IOException {
    Path keys =
        Files.writeString(folder.resolve("keys"), "desk: 0123456789-0123456789-012345678\n");
    Access access =
        new Access(Optional.of(ApiKeys.read(keys)), Optional.empty(), Access.AgentRule.NONE);
    try (RunningService service =
        RunningService.serving(folder, path -> new CountingPredictor(), access)) {
      assertThat(status(service.url("/v1/model"), "desk.example")).isEqualTo(401);
      assertThat(status(service.adminUrl("/metrics"), "desk.example")).isEqualTo(421);
    }
  }

  @Test
  void anAddressThatOthersReachTakesItselfAndTheNamesOfTheOption() throws IOException {
    try (RunningService service =
        RunningService.serving(
            folder,
            path -> new CountingPredictor(),
            "--host=0.0.0.0",
            "--admin-host=0.0.0.0",
            "--insecure",
            "--host-name=desk.example,[2001:db8::7],metrics_1")) {
      for (URI url : List.of(service.url("/v1/model"), service.adminUrl("/metrics"))) {
        for (String right :
            List.of(
                "localhost:8080",
                "127.0.0.1",
                "0.0.0.0",
                "DESK.example:8443",
                "[2001:db8::7]",
                "metrics_1:8081")) {
          assertThat(status(url, right)).as(right).isEqualTo(200);
        }
        for (String wrong :
            List.of(
                "evil.example",
                "a.desk.example",
                "desk.example.evil.example",
                "10.0.0.8",
                "[2001:db8::8]",
                "repartee")) {
          assertThat(status(url, wrong)).as(wrong).isEqualTo(421);
        }
        for (InetAddress own : ownAddresses()) {
          URI reached =
              URI.create("http://" + own.getHostAddress() + ":" + url.getPort() + url.getPath());
          assertThat(service.send(HttpRequest.newBuilder(reached)).statusCode())
              .as(reached.toString())
              .isEqualTo(200);
        }
      }
    }
  }

  private static List<InetAddress> ownAddresses() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .filter(address -> address instanceof Inet4Address)
        .toList();
  }
}
