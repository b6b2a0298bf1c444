package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings one file to a folder: goes on where an earlier attempt, of this run or another, was cut,
 * and checks size and hash as the bytes come. The address names a commit, so a part can only belong
 * to the same content; the hash of the whole proves it.
 */
final class FileDownload {

  private static final Logger log = LoggerFactory.getLogger(FileDownload.class);

  /** A part may be damaged since it was written, or a byte on its way; a second time is a fault. */
  private static final int TIMES = 2;

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int RANGE_REFUSED = 416;
  private static final int PARTIAL = 206;
  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-.*");
  private static final double MEGABYTE = 1e6;

  private final HubClient client;
  private final Patience patience;
  private final HubReference reference;
  private final URI uri;
  private final RemoteFile file;

  /**
   * @param reference with the file's commit
   */
  FileDownload(HubClient client, Patience patience, HubReference reference, RemoteFile file) {
    this.client = client;
    this.patience = patience;
    this.reference = reference;
    this.uri = HubApi.fileUri(client, reference, reference.revision(), file.name());
    this.file = file;
  }

  /**
   * Downloads into {@code folder}, which nobody else writes to.
   *
   * @throws UserException saying what went wrong, what was kept, and what to try
   */
  void into(Path folder) {
    log.info("downloading {} of {} ({})", file.name(), reference, megabytes(file.size()));
    Retries retries = new Retries(patience);
    for (int time = 1; time <= TIMES; time++) {
      boolean right =
          retries.run(
              () -> attempt(folder),
              () -> PartFile.sizeOf(file, folder),
              e -> givenUp(e, PartFile.sizeOf(file, folder), folder));
      if (right) {
        return;
      }
      log.warn("{} arrived with another hash than the hub gives; it was deleted", file.name());
    }
    throw new UserException(
        ("%s: %s arrived %d times with another %s hash than the hub gives, %s; "
                + "what came was deleted; a proxy may change files on their way, try "
                + "another network")
            .formatted(reference, file.name(), TIMES, file.kind().algorithm(), file.hash()));
  }

  private UserException givenUp(IOException failure, long kept, Path folder) {
    return new HubUnreachableException(
        "%s: %s: %s; kept %s of %s in %s; run again to go on from there"
            .formatted(
                reference,
                file.name(),
                failure.getMessage(),
                megabytes(kept),
                megabytes(file.size()),
                PartFile.path(file, folder)),
        failure);
  }

  private static String megabytes(long bytes) {
    return "%.1f MB".formatted(bytes / MEGABYTE);
  }

  /** Returns whether the hash is right. */
  private boolean attempt(Path folder) throws IOException {
    try (PartFile part = new PartFile(file, folder)) {
      if (!part.isComplete()) {
        transfer(part);
      }
      return part.finish();
    }
  }

  private void transfer(PartFile part) throws IOException {
    long from = part.size();
    Map<String, String> headers = from == 0 ? Map.of() : Map.of("Range", "bytes=" + from + "-");
    HttpResponse<InputStream> response = client.get(uri, headers);
    try (InputStream body = response.body()) {
      boolean partial = response.statusCode() == PARTIAL;
      if (from > 0
          && (response.statusCode() == RANGE_REFUSED || (partial && !startsAt(response, from)))) {
        part.restart();
        throw new IOException(response.uri().getHost() + " does not go on at byte " + from);
      }
      new HubErrors(client, reference).check(response, Optional.of(file.name()));
      requireTheFile(response, partial ? file.size() - from : file.size());
      if (!partial) {
        part.restart(); // the whole file comes, whatever was asked for
      }
      copy(body, part);
    }
  }

  private static boolean startsAt(HttpResponse<?> response, long from) {
    Matcher range =
        CONTENT_RANGE.matcher(response.headers().firstValue("Content-Range").orElse(""));
    return range.matches() && Long.parseLong(range.group(1)) == from;
  }

  /** A page of a proxy must not end up in the part that is kept. */
  private void requireTheFile(HttpResponse<?> response, long expected) {
    String type = response.headers().firstValue("Content-Type").orElse("");
    OptionalLong length = response.headers().firstValueAsLong("Content-Length");
    if (type.startsWith("text/html") || (length.isPresent() && length.getAsLong() != expected)) {
      throw new HubUnreachableException(
          ("%s: %s answered with %s bytes of type '%s' instead of %d bytes of "
                  + "%s, as the login page of a proxy may; open %s in a browser, and see "
                  + "whether HF_ENDPOINT is right")
              .formatted(
                  reference,
                  response.uri().getHost(),
                  length.isPresent() ? length.getAsLong() : "some",
                  type,
                  expected,
                  file.name(),
                  uri));
    }
  }

  private void copy(InputStream body, PartFile part) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (StallGuard guard = new StallGuard(body, patience.stall());
        DownloadBar bar = new DownloadBar(file, part.size())) {
      while (!part.isComplete()) {
        int wanted = (int) Math.min(buffer.length, file.size() - part.size());
        int count = read(body, buffer, wanted, guard);
        if (count < 0) {
          throw new IOException("the connection ended early");
        }
        part.append(buffer, count);
        guard.progressed();
        bar.stepTo(part.size());
      }
    }
  }

  private int read(InputStream body, byte[] buffer, int wanted, StallGuard guard)
      throws IOException {
    try {
      return body.read(buffer, 0, wanted);
    } catch (IOException e) {
      throw new IOException(
          guard.fired()
              ? "nothing came for " + patience.stall().toSeconds() + " s"
              : "the connection was cut (" + reason(e).getMessage() + ")",
          e);
    }
  }

  /** The JDK's stream says {@code closed} and hides behind it what closed it. */
  private static Throwable reason(IOException failure) {
    return failure.getCause() == null ? failure : failure.getCause();
  }
}
