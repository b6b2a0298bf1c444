package dev.repartee.finetune.hub;

import dev.repartee.finetune.hub.HubListing.RemoteFile;
import dev.repartee.finetune.hub.HubModels.HubSettings;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.RetryPolicy;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;

/**
 * Lists and downloads the files of models, and retries what failed for the moment. A download
 * resumes where an earlier attempt, of this run or another, was cut.
 */
final class HubClient implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HubClient.class);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);
  private static final Duration HEADERS_TIMEOUT = Duration.ofMinutes(1);
  private static final int MAX_REDIRECTS = 8;
  private static final List<Integer> REDIRECTS = List.of(301, 302, 303, 307, 308);
  private static final int PARTIAL = 206;
  private static final int TIMEOUT = 408;
  private static final int RANGE_REFUSED = 416;
  private static final int TOO_MANY = 429;
  private static final int MAX_LISTING_BYTES = 64 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final long MEGABYTE = 1_000_000;

  /** {@code Retry-After} in seconds, or the end of the window in {@code RateLimit}. */
  private static final Pattern WAIT_SECONDS = Pattern.compile("^(\\d{1,9})$|;\\s*t=(\\d{1,9})");

  /** A connection that brought this many bytes was worth it: failures are counted from 1 again. */
  private static final long PROGRESS_BYTES = 1 << 20;

  /** The hub gives no usable answer now; a model that is in the cache can still be used. */
  static final class UnreachableException extends UserException {

    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** The server wants to be left alone for a while. */
  private static final class BusyException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Duration wait;

    BusyException(String message, Duration wait) {
      super(message);
      this.wait = wait;
    }
  }

  /** Waits between attempts; {@code Thread::sleep} outside tests. */
  @FunctionalInterface
  interface Pause {
    void sleep(Duration duration) throws InterruptedException;
  }

  /** What may fail. */
  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException;
  }

  private final URI endpoint;
  private final Optional<String> token;
  private final RetryPolicy retries;
  private final Duration stall;
  private final Pause pause;

  /**
   * Does not follow redirects: not every version of the JDK keeps the token from the storage that
   * files are redirected to.
   */
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .followRedirects(HttpClient.Redirect.NEVER)
          .connectTimeout(CONNECT_TIMEOUT)
          .build();

  /**
   * @param stall how long a connection may deliver nothing before it counts as cut
   */
  HubClient(HubSettings settings, RetryPolicy retries, Duration stall, Pause pause) {
    this.endpoint = settings.endpoint();
    this.token = settings.token();
    this.retries = retries;
    this.stall = stall;
    this.pause = pause;
  }

  /**
   * The files of the reference's revision, with sizes and hashes.
   *
   * @throws UnreachableException when the hub gives no usable answer in {@code attempts}
   * @throws UserException when it refuses
   */
  HubListing listing(HubReference reference, int attempts) {
    String revision = URLEncoder.encode(reference.revision(), StandardCharsets.UTF_8);
    URI uri =
        URI.create(
            "%s/api/models/%s/revision/%s?blobs=true"
                .formatted(endpoint, reference.repository(), revision));
    return retry(
        attempts,
        () -> requestListing(reference, uri),
        () -> 0,
        e ->
            new UnreachableException(
                ("%s: %s; run again later, give a model folder, or behind a proxy set "
                        + "JAVA_TOOL_OPTIONS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'")
                    .formatted(reference, e.getMessage()),
                e));
  }

  private HubListing requestListing(HubReference reference, URI uri) throws IOException {
    HttpResponse<InputStream> response = get(uri, 0);
    try (InputStream body = response.body()) {
      check(response, reference, Optional.empty());
      return HubListing.parse(
          reference.repository(), Json.COMPACT.readTree(body.readNBytes(MAX_LISTING_BYTES)));
    } catch (JacksonException | IllegalArgumentException e) {
      throw new UnreachableException(
          ("%s: %s answered with %s instead of JSON with a list of files, as the login page of a "
                  + "proxy may; open the address in a browser, and see whether "
                  + "HF_ENDPOINT is right")
              .formatted(
                  reference, uri, response.headers().firstValue("Content-Type").orElse("no type")),
          e);
    }
  }

  /**
   * Downloads a file into {@code folder}, which nobody else writes to.
   *
   * @param model at a commit, so that a part on disk can only belong to this file
   * @throws UserException saying what went wrong, what was kept, and what to try
   */
  void download(HubReference model, RemoteFile file, Path folder) {
    log.info("downloading {} of {} ({})", file.name(), model, megabytes(file.size()));
    Path part = folder.resolve(file.name() + ".part"); // of this run or an earlier one
    retry(
        retries.attempts(),
        () -> {
          transfer(model, file, part);
          if (!file.isContentOf(part)) {
            onDisk(part, () -> Files.deleteIfExists(part));
            throw new IOException(
                "it arrived with another %s hash than %s and was deleted; a proxy may change files"
                    .formatted(file.algorithm(), file.hash()));
          }
          return onDisk(
              part,
              () -> {
                AtomicFile.move(part, folder.resolve(file.name()));
                return folder;
              });
        },
        () -> size(part),
        e ->
            new UnreachableException(
                "%s: %s: %s; kept %s of %s in %s; run again to continue from there"
                    .formatted(
                        model,
                        file.name(),
                        e.getMessage(),
                        megabytes(size(part)),
                        megabytes(file.size()),
                        part),
                e));
  }

  private static long size(Path part) {
    try {
      return Files.size(part);
    } catch (IOException e) {
      return 0;
    }
  }

  private static String megabytes(long bytes) {
    return "%.1f MB".formatted((double) bytes / MEGABYTE);
  }

  /** Makes errors of the disk {@link UserException}s, which are not retried. */
  private static <T> T onDisk(Path part, Action<T> action) {
    try {
      return action.run();
    } catch (IOException e) {
      throw new UserException(
          ("%s cannot be written: %s; make room or set REPARTEE_CACHE to another "
                  + "folder, and run again to continue")
              .formatted(part, e.getMessage()),
          e);
    }
  }

  private void transfer(HubReference model, RemoteFile file, Path part) throws IOException {
    long there = size(part);
    if (there == file.size()) {
      return;
    }
    long from = there > file.size() ? 0 : there;
    URI uri =
        URI.create(
            "%s/%s/resolve/%s/%s"
                .formatted(endpoint, model.repository(), model.revision(), file.name()));
    HttpResponse<InputStream> response = get(uri, from);
    try (InputStream body = response.body()) {
      boolean partial = response.statusCode() == PARTIAL;
      boolean elsewhere =
          partial && !header(response, "Content-Range").startsWith("bytes " + from + "-");
      if (from > 0 && (elsewhere || response.statusCode() == RANGE_REFUSED)) {
        onDisk(part, () -> Files.deleteIfExists(part));
        throw new IOException(response.uri().getHost() + " does not continue at byte " + from);
      }
      check(response, model, Optional.of(file.name()));
      long start = partial ? from : 0; // a server without ranges sends the whole file
      requireTheFile(response, model, file, file.size() - start);
      try (FileChannel out =
          onDisk(
              part,
              () -> FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE))) {
        onDisk(part, () -> out.truncate(start).position(start));
        copy(body, file, part, out);
      }
    }
  }

  /** Keeps a proxy's page out of the part on disk. */
  private static void requireTheFile(
      HttpResponse<?> response, HubReference model, RemoteFile file, long expected) {
    String type = header(response, "Content-Type");
    OptionalLong length = response.headers().firstValueAsLong("Content-Length");
    if (type.startsWith("text/html") || (length.isPresent() && length.getAsLong() != expected)) {
      throw new UnreachableException(
          ("%s: %s answered with %s bytes of type '%s' instead of %d bytes of "
                  + "%s, as the login page of a proxy may; open the model's page in a browser")
              .formatted(
                  model,
                  response.uri().getHost(),
                  length.isPresent() ? length.getAsLong() : "some",
                  type,
                  expected,
                  file.name()),
          null);
    }
  }

  private void copy(InputStream body, RemoteFile file, Path part, FileChannel out)
      throws IOException {
    AtomicLong size = new AtomicLong(out.position());
    Thread guard = Thread.ofVirtual().start(() -> closeWhenStalled(body, size));
    try (ProgressLine line = new ProgressLine(file.name(), "MB")) {
      byte[] buffer = new byte[BUFFER_BYTES];
      while (size.get() < file.size()) {
        int count = read(body, buffer, (int) Math.min(buffer.length, file.size() - size.get()));
        ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          onDisk(part, () -> out.write(bytes));
        }
        line.stepTo(size.addAndGet(count) / MEGABYTE, file.size() / MEGABYTE);
      }
      onDisk(
          part,
          () -> {
            out.force(true);
            return out;
          });
    } finally {
      guard.interrupt();
    }
  }

  private int read(InputStream body, byte[] buffer, int wanted) throws IOException {
    long start = System.nanoTime();
    int count;
    try {
      count = body.read(buffer, 0, wanted);
    } catch (IOException e) {
      // The JDK's stream says "closed"; its cause says what closed it.
      Throwable reason = e.getCause() == null ? e : e.getCause();
      throw new IOException(
          System.nanoTime() - start >= stall.toNanos()
              ? "nothing came for " + stall.toSeconds() + " s"
              : "the connection was cut (" + reason.getMessage() + ")",
          e);
    }
    if (count < 0) {
      throw new IOException("the connection ended early");
    }
    return count;
  }

  /**
   * Closes {@code body} when {@code size} stands still, which wakes its reader. The JDK's timeout
   * ends with the headers: a reader would wait forever for a connection that died silently.
   */
  private void closeWhenStalled(InputStream body, AtomicLong size) {
    try {
      long before;
      do {
        before = size.get();
        Thread.sleep(stall);
      } while (size.get() != before);
      body.close();
    } catch (InterruptedException | IOException e) {
      Thread.currentThread().interrupt(); // the transfer has ended
    }
  }

  /**
   * The answer at the end of all redirects, whatever its status; the caller closes its body.
   *
   * @param from number of the first byte to send
   * @throws IOException when no answer came, and another attempt may get one
   */
  private HttpResponse<InputStream> get(URI uri, long from) throws IOException {
    URI current = uri;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpResponse<InputStream> response = send(current, from);
      if (!REDIRECTS.contains(response.statusCode())) {
        return response;
      }
      response.body().close();
      current = target(response);
    }
    throw new IOException("more than " + MAX_REDIRECTS + " redirects from " + uri);
  }

  private static URI target(HttpResponse<?> redirect) throws IOException {
    try {
      URI from = redirect.uri();
      URI target = from.resolve(header(redirect, "Location"));
      boolean downgrade = "https".equals(from.getScheme()) && !"https".equals(target.getScheme());
      if (!downgrade && target.getHost() != null) {
        return target;
      }
    } catch (IllegalArgumentException e) {
      // Reported below without the address, which may hold a signature.
    }
    throw new IOException(redirect.uri().getHost() + " redirects to no usable address");
  }

  private HttpResponse<InputStream> send(URI uri, long from) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(HEADERS_TIMEOUT)
            .header("User-Agent", "repartee")
            // A compressed body would have another size, and no range of it could be requested.
            .header("Accept-Encoding", "identity");
    if (from > 0) {
      request.header("Range", "bytes=" + from + "-");
    }
    if (isHub(uri)) {
      token.ifPresent(value -> request.header("Authorization", "Bearer " + value));
    }
    try {
      return http.send(request.build(), BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      throw interrupted(e);
    } catch (IOException e) {
      // The JDK gives no message for an unknown host.
      String reason = Optional.ofNullable(e.getMessage()).orElse("unknown host");
      throw new IOException("no connection to %s (%s)".formatted(uri.getHost(), reason), e);
    }
  }

  /** Whether {@code uri} is the hub's own, and not that of a storage it redirects to. */
  private boolean isHub(URI uri) {
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && endpoint.getPort() == uri.getPort();
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  /**
   * Throws unless {@code response} has a status of success.
   *
   * @param file that was requested; empty for the model as a whole
   * @throws IOException when another attempt may succeed
   * @throws UserException saying what is wrong and what to try
   */
  private void check(HttpResponse<?> response, HubReference model, Optional<String> file)
      throws IOException {
    int status = response.statusCode();
    String host = response.uri().getHost();
    if (status / 100 == 2) {
      return;
    }
    if (status == TOO_MANY || status == TIMEOUT || status >= 500) {
      String meaning = status == TOO_MANY ? " (too many requests; HF_TOKEN raises the limit)" : "";
      String answer = host + " answered " + status + meaning;
      String limit = status == TOO_MANY ? header(response, "RateLimit") : "";
      Matcher asked =
          WAIT_SECONDS.matcher(
              response.headers().firstValue("Retry-After").map(String::strip).orElse(limit));
      if (asked.find()) {
        String seconds = asked.group(1) == null ? asked.group(2) : asked.group(1);
        throw new BusyException(
            answer + ", asking to wait " + seconds + " s",
            Duration.ofSeconds(Long.parseLong(seconds)));
      }
      throw new IOException(answer);
    }
    if (!isHub(response.uri())) {
      // The address at the storage is signed for some minutes; the hub gives a new one each time.
      throw new IOException(host + " answered " + status);
    }
    throw new UserException(model + ": " + refusal(response, model, file));
  }

  /**
   * The hub names the reason in {@code X-Error-Code} or {@code X-Error-Message}. Without a token it
   * answers 401 for a model that does not exist, too.
   */
  private String refusal(HttpResponse<?> response, HubReference model, Optional<String> file) {
    String message = header(response, "X-Error-Message");
    String page = endpoint + "/" + model.repository();
    String tokens = endpoint + "/settings/tokens";
    String reason =
        response
            .headers()
            .firstValue("X-Error-Code")
            .orElseGet(() -> Integer.toString(response.statusCode()));
    if (reason.equals("401") && token.isPresent()) {
      return ("the hub does not accept HF_TOKEN, which may have expired; make a new one "
              + "at %s, or unset it for a public model")
          .formatted(tokens);
    }
    return switch (reason) {
      case "GatedRepo" ->
          token.isPresent()
              ? ("the account of HF_TOKEN has no access; accept the model's terms at %s "
                      + "with that account, and let the token read gated models (%s)")
                  .formatted(page, tokens)
              : ("the model is gated; accept its terms at %s, make a token at %s "
                      + "and set HF_TOKEN to it")
                  .formatted(page, tokens);
      case "RevisionNotFound" ->
          ("the model has no revision '%s'; give a branch, a tag or a full commit of "
                  + "those at %s/commits/main")
              .formatted(model.revision(), page);
      case "EntryNotFound" ->
          "%s is listed but not there (404); try again, or give another revision"
              .formatted(file.orElse("a file"));
      case "RepoNotFound", "401", "404" ->
          token.isPresent()
              ? "no such model at %s, or HF_TOKEN's account may not see it; check the spelling"
                  .formatted(page)
              : "no such model at %s, or it is private; check the spelling, or set HF_TOKEN (%s)"
                  .formatted(page, tokens);
      default ->
          "%s answered %d%s; see whether HF_ENDPOINT is right, or give a model folder"
              .formatted(
                  endpoint, response.statusCode(), message.isEmpty() ? "" : " (" + message + ")");
    };
  }

  /**
   * Runs {@code action} until it succeeds or {@code attempts} have failed in a row. The hub may ask
   * for a wait of its own; one that is longer than the policy's longest ends the attempts.
   *
   * @param progress bytes that the attempts have gained so far
   * @param givenUp makes what is thrown after the last failure
   * @throws UserException from {@code action}, which is not retried, or {@code givenUp}'s
   */
  private <T> T retry(
      int attempts,
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
        Duration wait = e instanceof BusyException busy ? busy.wait : retries.waitAfter(failures);
        if (failures >= attempts || wait.compareTo(retries.longestWait()) > 0) {
          throw givenUp.apply(e);
        }
        log.warn(
            "{}; trying again in {} s ({} of {})",
            e.getMessage(),
            "%.0f".formatted(wait.toMillis() / 1e3),
            failures,
            attempts - 1);
        try {
          pause.sleep(wait);
        } catch (InterruptedException interrupt) {
          throw interrupted(interrupt);
        }
      }
    }
  }

  /** Keeps the interruption for the thread's owner. */
  static UserException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new UserException("interrupted; run again to continue the download", cause);
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
