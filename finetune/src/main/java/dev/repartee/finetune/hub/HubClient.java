package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/**
 * Sends requests to the hub and follows its redirects. The token goes to the hub alone: the JDK's
 * own redirects would hand it to the storage that files are redirected to.
 */
final class HubClient implements AutoCloseable {

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration HEADERS_TIMEOUT = Duration.ofMinutes(1);
  private static final int MAX_REDIRECTS = 8;
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);

  private final URI endpoint;
  private final Optional<String> token;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  HubClient(HubSettings settings) {
    this.endpoint = settings.endpoint();
    this.token = settings.token();
  }

  /** The hub's address of {@code path}, which begins with a slash and is encoded. */
  URI uri(String path) {
    return URI.create(endpoint + path);
  }

  URI endpoint() {
    return endpoint;
  }

  boolean hasToken() {
    return token.isPresent();
  }

  /** Whether {@code uri} is the hub's own, and not that of a storage it redirects to. */
  boolean isHub(URI uri) {
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && endpoint.getPort() == uri.getPort();
  }

  /**
   * The answer at the end of all redirects, whatever its status; the caller closes its body.
   *
   * @throws IOException when no answer came, which may pass
   * @throws UserException when none will
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
   * The hub's own headers of a file: redirects are followed only as far as they stay at the hub and
   * the hub has not said which file it is.
   */
  HttpResponse<InputStream> head(URI uri) throws IOException {
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
            // A compressed body would have another size, and no range of it could be asked for.
            .header("Accept-Encoding", "identity");
    headers.forEach(request::header);
    if (isHub(uri)) {
      token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw Retries.interrupted(e);
    } catch (SSLHandshakeException e) {
      throw new HubUnreachableException(
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
      if (cause instanceof java.nio.channels.UnresolvedAddressException) {
        return " (unknown host)";
      }
    }
    return failure.getMessage() == null ? "" : " (" + failure.getMessage() + ")";
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
