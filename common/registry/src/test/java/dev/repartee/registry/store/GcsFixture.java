package dev.repartee.registry.store;

import dev.repartee.registry.store.FakeGcs.Fault;
import dev.repartee.registry.store.FakeGcs.Hold;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** The real client against {@link FakeGcs}, with retries fast enough for tests. */
public final class GcsFixture implements AutoCloseable {

  public static final String BUCKET = "bucket-1";

  /** How often the client sends a request that is refused. */
  static final int ATTEMPTS = 6;

  private final FakeGcs server = new FakeGcs();
  private final ObjectStore store;

  public GcsFixture() {
    server.createBucket(BUCKET);
    store = open("gs://" + BUCKET + "/some/prefix");
  }

  /** A new client on the double. */
  public ObjectStore open(String uri) {
    return new GcsObjectStore(
        GcsObjectStore.Location.parse(uri),
        GcsObjectStore.client(
            Optional.of(server.url()), GcsObjectStore.retries(Duration.ofMillis(5))));
  }

  /** As {@link #open(String)}, with other limits on a request, and on it and its repetitions. */
  ObjectStore open(String uri, Duration request, Duration all) {
    return new GcsObjectStore(
        GcsObjectStore.Location.parse(uri),
        GcsObjectStore.client(
            Optional.of(server.url()),
            GcsObjectStore.retries(Duration.ofMillis(5)).toBuilder()
                .setInitialRpcTimeoutDuration(request)
                .setMaxRpcTimeoutDuration(request)
                .setTotalTimeoutDuration(all)
                .build()));
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
    server.inject(Fault.corrupt(line -> isDownload(line) && line.contains(name), times));
  }

  /**
   * Downloads of objects whose name ends in {@code name} are held until the result is closed.
   *
   * @param bytes that arrive before
   */
  public Hold holdDownloads(String name, int bytes) {
    return holdDownloads(name, bytes, Integer.MAX_VALUE);
  }

  /** As {@link #holdDownloads(String, int)}, for the next {@code times} requests only. */
  public Hold holdDownloads(String name, int bytes, int times) {
    return server.hold(new Hold(line -> isDownload(line) && line.contains(name), bytes, times));
  }

  /** The next downloads break after some bytes. */
  public void cutDownloads(String name, int bytes, int times) {
    server.inject(Fault.truncate(line -> isDownload(line) && line.contains(name), bytes, times));
  }

  /** After {@code first} requests the downloads are refused as if the service were down. */
  public void refuseDownloadsAfter(String name, int first) {
    AtomicInteger seen = new AtomicInteger();
    server.inject(
        Fault.refuse(
            line -> isDownload(line) && line.contains(name) && seen.getAndIncrement() >= first,
            503,
            Integer.MAX_VALUE));
  }

  /**
   * From now on about 5% of the requests are refused with 503, 5% are carried out and then answered
   * with 503, and 5% of the responses break off after some bytes.
   *
   * @param seed of the random choice
   */
  public Trouble trouble(int seed) {
    Trouble trouble = new Trouble(seed);
    trouble.faults().forEach(server::inject);
    return trouble;
  }

  /** No request is answered until the result is closed. */
  public Hold holdEverything() {
    return server.hold(new Hold(line -> true, 0, Integer.MAX_VALUE));
  }

  /** The next small uploads are refused as if the service were down. */
  public void refuseUploads(int times) {
    server.inject(Fault.refuse(GcsFixture::isSmallUpload, 503, times));
  }

  /** The next upload that replaces an object takes effect, and no answer to it arrives. */
  public void loseEveryAnswerToAReplacement() {
    server.inject(Fault.refuseAfterCommit(GcsFixture::isReplacement, 503, ATTEMPTS));
  }

  /** The next upload that replaces an object takes effect, and nothing is answered from then on. */
  public void goSilentAfterAReplacement() {
    AtomicBoolean silent = new AtomicBoolean();
    server.inject(
        Fault.refuseAfterCommit(
            line -> {
              if (isReplacement(line)) {
                silent.set(true);
              }
              return silent.get();
            },
            503,
            Integer.MAX_VALUE));
  }

  /**
   * The next upload takes effect and its answer is lost, and no other is allowed: Cloud Storage
   * says this to those who may create objects, but not overwrite them.
   */
  public void loseAnAnswerAndForbidItsRepetition() {
    server.inject(Fault.refuseAfterCommit(GcsFixture::isSmallUpload, 503, 1));
    server.inject(Fault.refuse(GcsFixture::isSmallUpload, 403, Integer.MAX_VALUE));
  }

  private static boolean isReplacement(String line) {
    return isSmallUpload(line) && line.matches(".*ifGenerationMatch=[1-9].*");
  }

  /** The number of objects that were sent so far. */
  public long uploads() {
    return server.requests().stream().filter(GcsFixture::isSmallUpload).count();
  }

  /** Method and address of every request after the first {@code count}. */
  public List<String> requestsAfter(int count) {
    return server.requests().stream().skip(count).toList();
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

  /** Random failures, until {@link #stop}. */
  public static final class Trouble {

    private static final int PERCENT = 5;

    private final Random random;
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger answersLost = new AtomicInteger();
    private final AtomicInteger cut = new AtomicInteger();

    private Trouble(int seed) {
      random = new Random(seed);
    }

    private List<Fault> faults() {
      return List.of(
          Fault.refuse(_ -> strikes(refused), 503, Integer.MAX_VALUE),
          Fault.refuseAfterCommit(_ -> strikes(answersLost), 503, Integer.MAX_VALUE),
          Fault.truncate(_ -> strikes(cut), 10, Integer.MAX_VALUE));
    }

    private boolean strikes(AtomicInteger count) {
      return !stopped.get() && random.nextInt(100) < PERCENT && count.incrementAndGet() > 0;
    }

    public void stop() {
      stopped.set(true);
    }

    public int refused() {
      return refused.get();
    }

    public int answersLost() {
      return answersLost.get();
    }

    public int cut() {
      return cut.get();
    }
  }
}
