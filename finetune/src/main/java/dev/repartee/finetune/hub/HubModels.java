package dev.repartee.finetune.hub;

import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.registry.models.ModelCache;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.ProgressLine;
import dev.repartee.text.io.AtomicFile;
import dev.repartee.text.io.LockFile;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import dev.repartee.text.page.Quantities;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Downloads models of the Hugging Face hub, verifies them, and keeps them for use offline, as
 * {@code OWNER/NAME/COMMIT} of a cache. A download resumes where an earlier attempt, of this run or
 * another, was cut.
 */
public final class HubModels {

  private static final Logger log = LoggerFactory.getLogger(HubModels.class);

  private static final String DEFAULT_ENDPOINT = "https://huggingface.co";
  private static final String PREFIX = "hf:";
  private static final String SHORT = "gpt2";
  private static final String SHORT_FOR = "hf:openai-community/gpt2";

  /** How often a request is made in a row; the wait doubles from one second. */
  private static final int ATTEMPTS = 6;

  /** How long a connection may deliver nothing before it counts as cut. */
  private static final Duration STALL = Duration.ofMinutes(1);

  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(20);

  /** A download may take hours, so nobody gives up waiting for it. */
  private static final Duration LONGEST_LOCK = Duration.ofDays(30);

  private static final Duration LOCK_PAUSE = Duration.ofMillis(100);
  private static final int MAX_REDIRECTS = 8;
  private static final int PARTIAL = 206;
  private static final int TOO_MANY = 429;
  private static final int MAX_LISTING_BYTES = 64 << 20;
  private static final int BUFFER_BYTES = 1 << 16;
  private static final double MEGABYTE = 1e6;

  private static final String LISTING = "hub.json";
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** The hub's own rule, which also makes names safe as folder names. */
  private static final Pattern NAME =
      Pattern.compile("(?!.*(--|\\.\\.))\\w[\\w.-]{0,95}/\\w[\\w.-]{0,95}@\\w[\\w./-]{0,200}");

  /**
   * A model on this machine.
   *
   * @param name the version, such as {@code acme@7}; {@code hf:OWNER/NAME@COMMIT} for a model of
   *     the hub; or the folder as it was given
   */
  public record LocalModel(String name, Path folder) {}

  /**
   * A model as a person writes it.
   *
   * @param repository {@code OWNER/NAME}
   * @param revision a branch, a tag, or a full commit
   */
  record Reference(String repository, String revision) {

    /**
     * Parses {@code hf:OWNER/NAME}, {@code hf:OWNER/NAME@REVISION} or {@code gpt2}.
     *
     * @throws UserException (wrong usage) when it is no model of the hub
     */
    static Reference parse(String text) {
      String full = text.equals(SHORT) ? SHORT_FOR : text;
      String name = full.replaceFirst("^" + PREFIX, "") + (full.contains("@") ? "" : "@main");
      if (!full.startsWith(PREFIX) || !NAME.matcher(name).matches()) {
        throw UserException.usage(
            "'%s' must be hf:OWNER/NAME or hf:OWNER/NAME@REVISION, for example %s"
                .formatted(text, SHORT_FOR));
      }
      int at = name.indexOf('@');
      return new Reference(name.substring(0, at), name.substring(at + 1));
    }

    boolean isCommit() {
      return COMMIT.matcher(revision).matches();
    }
  }

  /**
   * A file of a model on the hub.
   *
   * @param size in bytes
   * @param hash in lower-case hexadecimal: SHA-256 of the content for files in large file storage,
   *     for all others git's SHA-1 of {@code blob SIZE}, a zero byte and the content
   */
  record RemoteFile(String name, long size, String hash) {

    private static final int SHA256_DIGITS = 64;

    /** Whether {@code path} is a file with this content. */
    boolean isContentOf(Path path) {
      try (InputStream in = Files.newInputStream(path)) {
        if (Files.size(path) != size) {
          return false;
        }
        boolean large = hash.length() == SHA256_DIGITS;
        MessageDigest digest = MessageDigest.getInstance(large ? "SHA-256" : "SHA-1");
        if (!large) {
          digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        in.transferTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
        return HexFormat.of().formatHex(digest.digest()).equals(hash);
      } catch (IOException e) {
        return false;
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * What makes a model folder, at one commit. The cache keeps it as {@code hub.json}.
   *
   * @param name with the commit
   * @param files configuration, tokenizer, then the weights
   */
  record Listing(String name, String commit, List<RemoteFile> files) {

    Listing {
      if (!COMMIT.matcher(commit).matches()) {
        throw new IllegalArgumentException("commit must be 40 digits but is '" + commit + "'");
      }
      files = List.copyOf(files);
    }

    /**
     * Reads the hub's answer.
     *
     * @throws IllegalArgumentException naming what is wrong in {@code json}
     * @throws UserException when the model lacks a file and so cannot be used
     */
    static Listing parse(String repository, JsonNode json) {
      String commit = JsonFields.text(json, "sha");
      String name = PREFIX + repository + "@" + commit;
      List<RemoteFile> all = new ArrayList<>();
      for (JsonNode sibling : JsonFields.array(json, "siblings")) {
        JsonNode large = sibling.path("lfs");
        all.add(
            new RemoteFile(
                JsonFields.text(sibling, "rfilename"),
                JsonFields.integer(large.isObject() ? large : sibling, "size"),
                large.isObject()
                    ? JsonFields.text(large, "sha256")
                    : JsonFields.text(sibling, "blobId")));
      }
      List<String> wanted =
          new ArrayList<>(List.of(Gpt2Config.FILE, Gpt2Tokenizer.FILE, Gpt2Weights.FILE));
      List<String> names = all.stream().map(RemoteFile::name).toList();
      if (!names.containsAll(wanted)) {
        wanted.removeAll(names);
        throw new UserException(
            "%s has no %s; take a revision that has it, or save model and tokenizer with save_pretrained('FOLDER') of Python's transformers and give --base FOLDER"
                .formatted(name, String.join(" and no ", wanted)));
      }
      return new Listing(
          name,
          commit,
          wanted.stream()
              .flatMap(one -> all.stream().filter(file -> file.name().equals(one)))
              .toList());
    }

    /** Whether {@code folder} has every file, byte for byte. */
    boolean isWholeIn(Path folder) {
      return files.stream().allMatch(file -> file.isContentOf(folder.resolve(file.name())));
    }
  }

  /** What may fail. */
  @FunctionalInterface
  private interface Attempt<T> {
    T run() throws IOException;
  }

  private final URI endpoint;
  private final Optional<String> token; // sent to the endpoint alone
  private final Path cache;
  private final Duration stall;
  private final Consumer<Duration> pause;

  HubModels(
      URI endpoint, Optional<String> token, Path cache, Duration stall, Consumer<Duration> pause) {
    this.endpoint = endpoint;
    this.token = token;
    this.cache = cache;
    this.stall = stall;
    this.pause = pause;
  }

  /**
   * Reads {@code HF_ENDPOINT}, {@code HF_TOKEN} and {@code REPARTEE_CACHE}.
   *
   * @throws UserException (wrong usage) naming the variable that cannot be used
   */
  public static HubModels of(Map<String, String> environment) {
    String endpoint = filled(environment, "HF_ENDPOINT").orElse(DEFAULT_ENDPOINT);
    if (!endpoint.matches("https?://[\\w.:-]+(/[\\w./-]*)?")) {
      throw UserException.usage(
          "HF_ENDPOINT must be an address such as %s but is '%s'"
              .formatted(DEFAULT_ENDPOINT, endpoint));
    }
    Optional<String> token = filled(environment, "HF_TOKEN");
    // The HTTP client's own error message would quote the token.
    if (token.isPresent() && !token.get().matches("[!-~]+")) {
      throw UserException.usage(
          "HF_TOKEN holds a blank or a character that no token has; set it again");
    }
    return new HubModels(
        URI.create(endpoint.replaceAll("/+$", "")),
        token,
        cache(environment).resolve("hub"),
        STALL,
        HubModels::sleep);
  }

  /** The folder of all that is kept of models on this machine but the registry's. */
  static Path cache(Map<String, String> environment) {
    return filled(environment, "REPARTEE_CACHE")
        .map(Path::of)
        .orElseGet(() -> ModelCache.defaultRoot().getParent());
  }

  private static Optional<String> filled(Map<String, String> environment, String name) {
    return Optional.ofNullable(environment.get(name))
        .map(String::strip)
        .filter(value -> !value.isEmpty());
  }

  /** Whether {@code model} names a model of the hub, rightly or wrongly. */
  public static boolean looksLike(String model) {
    return model.startsWith(PREFIX) || model.equals(SHORT);
  }

  /**
   * Downloads a model unless the cache has it, and verifies it in both cases. A cached commit needs
   * no network. A cached branch or tag is used as it was last seen when the hub cannot be reached.
   *
   * @param name {@code hf:OWNER/NAME[@REVISION]} or {@code gpt2}
   * @return its name holds the commit, so that it stands for the same bytes forever
   * @throws UserException saying what is wrong and what to try
   */
  public LocalModel fetch(String name) {
    Reference reference = Reference.parse(name);
    Path model = cache.resolve(reference.repository());
    try {
      Listing listing = listing(model, reference);
      Path folder = model.resolve(listing.commit());
      if (listing.isWholeIn(folder)) {
        log.info("{} is in {}", listing.name(), folder);
      } else {
        Files.createDirectories(folder);
        try (LockFile _ = lock(folder)) {
          for (RemoteFile file : listing.files()) {
            URI address =
                URI.create(
                    endpoint
                        + "/%s/resolve/%s/%s"
                            .formatted(reference.repository(), listing.commit(), file.name()));
            download(address, file, folder);
            if (file.name().equals(Gpt2Config.FILE)) {
              Gpt2Config.read(folder); // another kind of model is refused before its weights come
            }
          }
        }
      }
      // Only now, so that the cache never points to a model that is not whole.
      remember(model, reference, listing);
      return new LocalModel(listing.name(), folder);
    } catch (IOException e) {
      throw unwritable(model, e);
    }
  }

  private Listing listing(Path model, Reference reference) {
    Optional<Listing> cached = cached(model, reference);
    if (reference.isCommit() && cached.isPresent()) {
      return cached.get();
    }
    URI address =
        URI.create(
            endpoint
                + "/api/models/%s/revision/%s?blobs=true"
                    .formatted(reference.repository(), encoded(reference)));
    try {
      // With the model in the cache nobody waits for a hub that is down.
      return retry(
          cached.isPresent() ? 1 : ATTEMPTS,
          () -> 0,
          () -> {
            try (InputStream body = get(address, 0).getInputStream()) {
              return Listing.parse(
                  reference.repository(),
                  Json.COMPACT.readTree(body.readNBytes(MAX_LISTING_BYTES)));
            } catch (JacksonException | IllegalArgumentException e) {
              throw new IOException("no list of files came, but perhaps the page of a proxy", e);
            }
          });
    } catch (IOException e) {
      Listing last = cached.orElseThrow(() -> failed(address, e.getMessage(), e));
      log.warn("the hub cannot be reached ({}); taking {}", e.getMessage(), last.name());
      return last;
    }
  }

  /** What {@code reference} pointed to when it was last downloaded completely. */
  private static Optional<Listing> cached(Path model, Reference reference) {
    try {
      String commit =
          reference.isCommit()
              ? reference.revision()
              : Files.readString(pointer(model, reference)).strip();
      String json = Files.readString(model.resolve(commit).resolve(LISTING));
      return Optional.of(Json.COMPACT.readValue(json, Listing.class));
    } catch (IOException | JacksonException e) {
      return Optional.empty(); // it is written again
    }
  }

  private static void remember(Path model, Reference reference, Listing listing)
      throws IOException {
    if (cached(model, reference).equals(Optional.of(listing))) {
      return; // nothing to write, and the cache may be one that cannot be written
    }
    AtomicFile.writeString(
        model.resolve(listing.commit()).resolve(LISTING), Json.PRETTY.writeValueAsString(listing));
    if (!reference.isCommit()) {
      AtomicFile.writeString(pointer(model, reference), listing.commit());
    }
  }

  /** The file with the commit that a branch or tag last pointed to. */
  private static Path pointer(Path model, Reference reference) {
    return model.resolve("refs").resolve(encoded(reference));
  }

  /** A revision may have slashes, as refs/pr/3 does. */
  private static String encoded(Reference reference) {
    return URLEncoder.encode(reference.revision(), StandardCharsets.UTF_8);
  }

  /** Waits until nobody else writes to {@code folder}. */
  static LockFile lock(Path folder) throws IOException {
    Path file = folder.resolveSibling(folder.getFileName() + ".lock");
    try {
      return LockFile.await(
              file,
              LONGEST_LOCK,
              LOCK_PAUSE,
              () -> log.info("another process downloads this model; waiting for it ({})", file))
          .orElseThrow();
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Downloads a file into {@code folder}, which nobody else writes to, unless it is there. */
  private void download(URI address, RemoteFile file, Path folder) {
    Path target = folder.resolve(file.name());
    if (file.isContentOf(target)) {
      return;
    }
    log.info("downloading {} ({})", address, Quantities.size(file.size()));
    Path part = folder.resolve(file.name() + ".part"); // of this run or an earlier one
    try {
      retry(
          ATTEMPTS,
          () -> size(part),
          () -> {
            transfer(address, file, part);
            if (!file.isContentOf(part)) {
              Files.deleteIfExists(part);
              throw new IOException("it came with another hash than " + file.hash());
            }
            AtomicFile.move(part, target);
            return target;
          });
    } catch (IOException e) {
      String kept =
          "%s; kept %s of %s in %s, run again to continue from there"
              .formatted(
                  e.getMessage(), Quantities.size(size(part)), Quantities.size(file.size()), part);
      throw failed(address, kept, e);
    }
  }

  private static long size(Path part) {
    try {
      return Files.size(part);
    } catch (IOException e) {
      return 0;
    }
  }

  private void transfer(URI address, RemoteFile file, Path part) throws IOException {
    long there = size(part);
    if (there == file.size()) {
      return;
    }
    HttpURLConnection answer = get(address, there > file.size() ? 0 : there);
    boolean rest = answer.getResponseCode() == PARTIAL; // without ranges comes the whole file
    long size = rest ? there : 0;
    long length = answer.getContentLengthLong();
    try (InputStream body = answer.getInputStream();
        ProgressLine line = new ProgressLine(file.name(), "MB")) {
      if (length != -1 && length != file.size() - size) { // keeps a page out of the part on disk
        throw new IOException(
            "%d bytes came instead of %d, perhaps the page of a proxy"
                .formatted(length, file.size() - size));
      }
      try (OutputStream out = new FileOutputStream(part.toFile(), rest)) {
        byte[] buffer = new byte[BUFFER_BYTES];
        while (size < file.size()) {
          int count = body.read(buffer, 0, (int) Math.min(buffer.length, file.size() - size));
          if (count < 0) {
            throw new IOException("the connection ended early");
          }
          write(out, buffer, count, part);
          size += count;
          line.stepTo((long) (size / MEGABYTE), (long) (file.size() / MEGABYTE));
        }
      }
    }
  }

  private static void write(OutputStream out, byte[] bytes, int count, Path part) {
    try {
      out.write(bytes, 0, count);
    } catch (IOException e) {
      throw unwritable(part, e); // a full disk is not tried again
    }
  }

  /**
   * The answer at the end of all redirects; the caller closes its body.
   *
   * @param from number of the first byte to send
   * @throws IOException when another attempt may get an answer
   * @throws UserException when the hub refuses
   */
  private HttpURLConnection get(URI address, long from) throws IOException {
    URI at = address;
    for (int hop = 0; hop <= MAX_REDIRECTS; hop++) {
      HttpURLConnection answer = send(at, from);
      int status = answer.getResponseCode();
      if (status / 100 == 2) {
        return answer;
      }
      String host = at.getHost();
      // The address at the storage is signed for some minutes; the hub gives a new one each time.
      boolean passing = status == TOO_MANY || status >= 500 || !isHub(at);
      Optional<URI> target = target(at, answer.getHeaderField("Location"));
      answer.disconnect();
      if (status / 100 != 3) {
        String what = host + " answered " + status;
        if (passing) {
          throw new IOException(what);
        }
        throw failed(address, what, null);
      }
      at = target.orElseThrow(() -> new IOException(host + " redirects to no usable address"));
    }
    throw new IOException("more than " + MAX_REDIRECTS + " redirects");
  }

  /** Empty where it is no address; the reason stays unsaid, as it may hold a signature. */
  private static Optional<URI> target(URI from, String location) {
    try {
      return Optional.ofNullable(location)
          .map(from::resolve)
          .filter(to -> List.of("http", "https").contains(to.getScheme()));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /**
   * Follows no redirect, since the storage must not get the token. Unlike {@code
   * java.net.http.HttpClient}, this client notices a connection that dies amid the content.
   */
  private HttpURLConnection send(URI uri, long from) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
    connection.setInstanceFollowRedirects(false);
    connection.setConnectTimeout((int) CONNECT_TIMEOUT.toMillis());
    connection.setReadTimeout((int) stall.toMillis());
    connection.setRequestProperty("User-Agent", "repartee");
    // A compressed body would have another size, and no range of it could be requested.
    connection.setRequestProperty("Accept-Encoding", "identity");
    if (from > 0) {
      connection.setRequestProperty("Range", "bytes=" + from + "-");
    }
    if (isHub(uri)) {
      token.ifPresent(value -> connection.setRequestProperty("Authorization", "Bearer " + value));
    }
    try {
      connection.connect();
      connection.getResponseCode();
      return connection;
    } catch (IOException e) {
      throw new IOException("no connection to %s (%s)".formatted(uri.getHost(), e.getMessage()), e);
    }
  }

  /** Whether {@code uri} is the hub's own, and not that of a storage it redirects to. */
  private boolean isHub(URI uri) {
    return endpoint.getScheme().equalsIgnoreCase(uri.getScheme())
        && endpoint.getHost().equalsIgnoreCase(uri.getHost())
        && endpoint.getPort() == uri.getPort();
  }

  /**
   * Runs {@code action} until it succeeds or {@code attempts} in a row have gained nothing.
   *
   * @param progress bytes that the attempts have gained so far
   * @throws IOException the last failure
   */
  private <T> T retry(int attempts, LongSupplier progress, Attempt<T> action) throws IOException {
    long before = progress.getAsLong();
    int failures = 0;
    while (true) {
      try {
        return action.run();
      } catch (IOException e) {
        long now = progress.getAsLong();
        failures = now > before ? 1 : failures + 1;
        before = now;
        if (failures >= attempts) {
          throw e;
        }
        Duration wait = Duration.ofSeconds(1L << (failures - 1));
        log.warn("{}; trying again in {} s", e.getMessage(), wait.toSeconds());
        pause.accept(wait);
      }
    }
  }

  /** The one error of the network: what happened, at which address, and what to try. */
  private static UserException failed(URI address, String what, Throwable cause) {
    return new UserException(
        "%s: %s; check the name and the revision; for a private or gated model accept its terms on the hub and set HF_TOKEN; behind a proxy set JAVA_TOOL_OPTIONS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'; without a network give a model folder"
            .formatted(address, what),
        cause);
  }

  static UserException unwritable(Path path, IOException failure) {
    return new UserException(
        "the cache cannot be written at %s: %s; make room, or set REPARTEE_CACHE to another folder"
            .formatted(path, failure),
        failure);
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Keeps the interruption for the thread's owner. */
  private static UserException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new UserException("interrupted; run again to continue the download", cause);
  }
}
