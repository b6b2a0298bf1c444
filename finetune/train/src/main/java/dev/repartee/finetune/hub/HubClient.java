package dev.repartee.finetune.hub;

import dev.repartee.finetune.hub.HubErrors.TransientFailure;
import dev.repartee.finetune.hub.HubErrors.UnreachableException;
import dev.repartee.finetune.hub.HubListing.HashKind;
import dev.repartee.finetune.hub.HubListing.RemoteFile;
import dev.repartee.finetune.hub.HubModels.HubSettings;
import dev.repartee.text.UserException;
import dev.repartee.text.io.RetryPolicy;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Lists the files of models, sends requests, and retries what failed for the moment. The client
 * follows redirects itself: the JDK's own redirects would hand the token to the storage that files
 * are redirected to.
 */
final class HubClient implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HubClient.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration HEADERS_TIMEOUT = Duration.ofMinutes(1);
  private static final int MAX_REDIRECTS = 8;
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
  private static final int MAX_LISTING_BYTES = 64 << 20;
  private static final Pattern MODEL_FILE = Pattern.compile("[^/]+\\.(json|txt|safetensors)");

  /** A connection that brought this many bytes was worth it: failures are counted from 1 again. */
  private static final long PROGRESS_BYTES = 1 << 20;

  /** Waits between attempts; {@code Thread::sleep} outside tests. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** What may fail. */
  @FunctionalInterface
  interface Action<T> {
    T run() throws IOException;
  }

  private final URI endpoint;
  private final Optional<String> token;
  private final Pause pause;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  HubClient(HubSettings settings, Pause pause) {
    this.endpoint = settings.endpoint();
    this.token = settings.token();
    this.pause = pause;
  }

  URI endpoint() {
    return endpoint;
  }

  boolean hasToken() {
    return token.isPresent();
  }

  /** The hub's address of {@code path}, which begins with a slash and is encoded. */
  URI uri(String path) {
    return URI.create(endpoint + path);
  }

  /** The address of a file's content. */
  URI fileUri(HubReference reference, String commit, String name) {
    return uri("/%s/resolve/%s/%s".formatted(reference.repository(), commit, name));
  }

  /** Whether {@code uri} is the hub's own, and not that of a storage it redirects to. */
  boolean isHub(URI uri) {
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && endpoint.getPort() == uri.getPort();
  }

  /**
   * The files of the reference's revision, with sizes and hashes.
   *
   * @throws UnreachableException when the hub gives no usable answer
   * @throws UserException when it refuses
   */
  HubListing listing(HubReference reference, RetryPolicy policy) {
    URI uri =
        uri(
            "/api/models/%s/revision/%s?blobs=true"
                .formatted(
                    reference.repository(),
                    URLEncoder.encode(reference.revision(), StandardCharsets.UTF_8)));
    return retry(
        policy,
        () -> parse(reference, uri, readJson(reference, uri)),
        () -> 0,
        e ->
            new UnreachableException(
                ("%s: %s; run again later, give a model folder, or behind a proxy set "
                        + "JAVA_TOOL_OPTIONS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'")
                    .formatted(reference, e.getMessage()),
                e));
  }

  private JsonNode readJson(HubReference reference, URI uri) throws IOException {
    HttpResponse<InputStream> response = get(uri, Map.of());
    try (InputStream body = response.body()) {
      new HubErrors(this, reference).check(response, Optional.empty());
      return Json.COMPACT.readTree(body.readNBytes(MAX_LISTING_BYTES));
    } catch (JacksonException e) {
      throw new UnreachableException(
          ("%s: %s answered with %s instead of JSON, as the login page of a "
                  + "proxy may; open the address in a browser, and see whether "
                  + "HF_ENDPOINT is right")
              .formatted(
                  reference, uri, response.headers().firstValue("Content-Type").orElse("no type")),
          e);
    }
  }

  private HubListing parse(HubReference reference, URI uri, JsonNode json) throws IOException {
    List<RemoteFile> files = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try {
      String commit = JsonFields.text(json, "sha");
      for (JsonNode sibling : JsonFields.array(json, "siblings")) {
        String name = JsonFields.text(sibling, "rfilename");
        if (MODEL_FILE.matcher(name).matches() && HubListing.isPlainName(name)) {
          files.add(file(reference, commit, name, sibling));
        } else if (name.indexOf('/') < 0) {
          others.add(name);
        }
      }
      return new HubListing(reference.repository(), commit, files, others);
    } catch (IllegalArgumentException e) {
      throw new UnreachableException(
          "%s: the answer of %s makes no sense: %s; see whether HF_ENDPOINT is a hub"
              .formatted(reference, uri, e.getMessage()),
          e);
    }
  }

  private RemoteFile file(HubReference reference, String commit, String name, JsonNode sibling)
      throws IOException {
    JsonNode large = sibling.path("lfs");
    if (large.isObject()) {
      String hash = JsonFields.text(large, "sha256");
      return new RemoteFile(name, JsonFields.integer(large, "size"), HashKind.SHA256, hash);
    }
    if (sibling.path("blobId").isString() && sibling.path("size").isIntegralNumber()) {
      String hash = JsonFields.text(sibling, "blobId");
      return new RemoteFile(name, JsonFields.integer(sibling, "size"), HashKind.GIT_BLOB, hash);
    }
    return fileOfHeaders(reference, commit, name);
  }

  /** Some mirrors list names alone; the headers of each file then give size and hash. */
  private RemoteFile fileOfHeaders(HubReference reference, String commit, String name)
      throws IOException {
    HttpResponse<InputStream> response = head(fileUri(reference, commit, name));
    if (response.statusCode() / 100 != 3) {
      new HubErrors(this, reference).check(response, Optional.of(name));
    }
    HttpHeaders headers = response.headers();
    String tag =
        headers
            .firstValue("X-Linked-Etag")
            .or(() -> headers.firstValue("ETag"))
            .map(text -> text.replaceAll("^W/|\"", ""))
            .orElse("");
    long size =
        headers
            .firstValueAsLong("X-Linked-Size")
            .orElseGet(() -> headers.firstValueAsLong("Content-Length").orElse(-1));
    HashKind kind = tag.length() == HashKind.SHA256.digits() ? HashKind.SHA256 : HashKind.GIT_BLOB;
    return new RemoteFile(name, size, kind, tag);
  }

  /**
   * The answer at the end of all redirects, whatever its status; the caller closes its body.
   *
   * @throws IOException when no answer came, and another attempt may get one
   * @throws UserException when no attempt will
   */
  HttpResponse<InputStream> get(URI uri, Map<String, String> headers) throws IOException {
    URI current = uri;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send("GET", current, headers);
      Optional<URI> next = redirect(response);
      if (next.isEmpty()) {
        return response;
      }
      response.body().close();
      current = next.get();
    }
    throw new IOException("more than " + MAX_REDIRECTS + " redirects from " + uri);
  }

  /**
   * The hub's own headers of a file. Redirects are followed as long as they stay at the hub and the
   * headers do not identify the file.
   */
  private HttpResponse<InputStream> head(URI uri) throws IOException {
    URI current = uri;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send("HEAD", current, Map.of());
      response.body().close();
      Optional<URI> next = redirect(response).filter(this::isHub);
      if (next.isEmpty() || response.headers().firstValue("X-Linked-Etag").isPresent()) {
        return response;
      }
      current = next.get();
    }
    throw new IOException("more than " + MAX_REDIRECTS + " redirects from " + uri);
  }

  private static Optional<URI> redirect(HttpResponse<?> response) throws IOException {
    if (!REDIRECTS.contains(response.statusCode())) {
      return Optional.empty();
    }
    String location = response.headers().firstValue("Location").orElse("");
    try {
      URI target = response.uri().resolve(location);
      boolean downgrade =
          "https".equals(response.uri().getScheme()) && !"https".equals(target.getScheme());
      if (!location.isEmpty() && !downgrade && target.getHost() != null) {
        return Optional.of(target);
      }
    } catch (IllegalArgumentException e) {
      // Reported below without the address, which may hold a signature.
    }
    throw new IOException(response.uri().getHost() + " redirects to no usable address");
  }

  private HttpResponse<InputStream> send(String method, URI uri, Map<String, String> headers)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .timeout(HEADERS_TIMEOUT)
            .header("User-Agent", "repartee")
            // A compressed body would have another size, and no range of it could be requested.
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (isHub(uri)) {
      token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw HubErrors.interrupted(e);
    } catch (SSLHandshakeException e) {
      throw new UnreachableException(
          ("%s: its certificate is not trusted (%s); behind a proxy that "
                  + "decrypts, import the proxy's certificate with keytool -importcert "
                  + "-cacerts")
              .formatted(uri.getHost(), e.getMessage()),
          e);
    } catch (ConnectException | HttpConnectTimeoutException e) {
      throw new IOException("no connection to " + uri.getHost() + cause(e), e);
    } catch (IOException e) {
      throw new IOException("connection to " + uri.getHost() + " lost" + cause(e), e);
    }
  }

  /** The JDK reports an unknown host by its exception's name alone. */
  private static String cause(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException) {
        return " (unknown host)";
      }
    }
    return failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
  }

  /**
   * Runs {@code action} until it succeeds or {@code policy} gives up. The hub may ask for a wait of
   * its own; one that is longer than the policy's longest ends the attempts.
   *
   * @param progress bytes that the attempts have gained so far
   * @param givenUp makes what is thrown after the last failure
   * @throws UserException from {@code action}, which is not retried, or {@code givenUp}'s
   */
  <T> T retry(
      RetryPolicy policy,
      Action<T> action,
      LongSupplier progress,
      Function<IOException, UserException> givenUp) {
    long before = progress.getAsLong();
    int failures = 0;
    while (true) {
      try {
        return action.run();
      } catch (IOException e) {
        long now = progress.getAsLong();
        failures = now - before >= PROGRESS_BYTES ? 1 : failures + 1;
        before = now;
        Duration usual = policy.waitAfter(failures);
        Duration wait =
            e instanceof TransientFailure failure ? failure.retryAfter().orElse(usual) : usual;
        if (failures >= policy.attempts() || wait.compareTo(policy.longestWait()) > 0) {
          throw givenUp.apply(e);
        }
        log.warn(
            "{}; trying again in {} s ({} of {})",
            e.getMessage(),
            "%.0f".formatted(wait.toMillis() / 1e3),
            failures,
            policy.attempts() - 1);
        try {
          pause.sleep(wait);
        } catch (InterruptedException interrupt) {
          throw HubErrors.interrupted(interrupt);
        }
      }
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
