package dev.repartee.common.store;

import java.time.Duration;
import java.util.Optional;

/** The real client against {@link FakeGcs}, with retries fast enough for tests. */
public final class GcsFixture implements AutoCloseable {

  static final String BUCKET = "bucket-1";

  private final FakeGcs server = new FakeGcs();
  private final ObjectStore store;

  public GcsFixture() {
    server.createBucket(BUCKET);
    store = open("gs://" + BUCKET + "/some/prefix");
  }

  /** A new client on the double. */
  public ObjectStore open(String uri) {
    return new GcsObjectStore(
        GcsLocation.parse(uri),
        GcsObjectStore.client(
            Optional.of(server.url()), GcsObjectStore.retries(Duration.ofMillis(5))));
  }

  /** A store under a prefix of an existing bucket. */
  public ObjectStore store() {
    return store;
  }

  public FakeGcs server() {
    return server;
  }

  /** The next downloads of objects whose name ends in {@code name} arrive with a flipped bit. */
  public void corruptDownloads(String name, int times) {
    server.inject(FakeFault.corrupt(line -> isDownload(line) && line.contains(name), times));
  }

  /**
   * Downloads of objects whose name ends in {@code name} stop until what is returned is closed.
   *
   * @param bytes that arrive before
   */
  public FakeHold holdDownloads(String name, int bytes) {
    return server.hold(new FakeHold(line -> isDownload(line) && line.contains(name), bytes));
  }

  /** Nothing is answered until what is returned is closed. */
  public FakeHold holdEverything() {
    return server.hold(new FakeHold(line -> true, 0));
  }

  /** The next small uploads are refused as if the service were down. */
  public void refuseUploads(int times) {
    server.inject(FakeFault.refuse(GcsFixture::isSmallUpload, 503, times));
  }

  static boolean isDownload(String line) {
    return line.startsWith("GET ") && line.contains("alt=media");
  }

  static boolean isSmallUpload(String line) {
    return line.startsWith("POST ") && line.contains("uploadType=multipart");
  }

  @Override
  public void close() {
    store.close();
    server.close();
  }
}
