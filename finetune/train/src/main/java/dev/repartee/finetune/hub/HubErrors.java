package dev.repartee.finetune.hub;

import dev.repartee.text.UserException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Turns the hub's refusals into messages for the user. The hub names the reason in {@code
 * X-Error-Code} and {@code X-Error-Message}. Without a token it answers 401 for a model that does
 * not exist, too.
 */
final class HubErrors {

  private static final int TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final Pattern RESET = Pattern.compile(";\\s*t=(\\d{1,9})");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  /** The hub gives no usable answer now; a model that is in the cache can still be used. */
  static final class UnreachableException extends UserException {

    private static final long serialVersionUID = 1L;

    UnreachableException(String message, Throwable cause) {
      super(message, cause);
    }

    UnreachableException(String message) {
      super(message);
    }
  }

  /** Another attempt may succeed: too many requests, or an error of the server. */
  static final class TransientFailure extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient Optional<Duration> retryAfter;

    private TransientFailure(String message, Optional<Duration> retryAfter) {
      super(message);
      this.retryAfter = retryAfter;
    }

    /** How long the server wants to be left alone. */
    Optional<Duration> retryAfter() {
      return retryAfter;
    }
  }

  private final HubClient client;
  private final HubReference reference;

  HubErrors(HubClient client, HubReference reference) {
    this.client = client;
    this.reference = reference;
  }

  static UserException interrupted(InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new UserException("interrupted; run again to continue the download", cause);
  }

  /**
   * Throws unless {@code response} has a status of success.
   *
   * @param file that was requested; empty for the model as a whole
   * @throws TransientFailure when another attempt may succeed
   * @throws UserException saying what is wrong and what to try
   */
  void check(HttpResponse<?> response, Optional<String> file) throws IOException {
    int status = response.statusCode();
    String host = response.uri().getHost();
    if (status / 100 == 2) {
      return;
    }
    if (status == TOO_MANY || status == TIMEOUT || status >= 500) {
      Optional<Duration> wait = retryAfter(response);
      String asked = wait.map(w -> ", asking to wait " + w.toSeconds() + " s").orElse("");
      throw new TransientFailure(host + " answered " + status + meaning(status) + asked, wait);
    }
    if (!client.isHub(response.uri())) {
      // The address at the storage is signed for some minutes; the hub gives a new one each time.
      throw new TransientFailure(host + " answered " + status, Optional.empty());
    }
    throw new UserException(reference + ": " + refusal(response, file));
  }

  private static String meaning(int status) {
    return status == TOO_MANY ? " (too many requests; HF_TOKEN raises the limit)" : "";
  }

  /** {@code Retry-After} in seconds or as a date, or the end of the window in {@code RateLimit}. */
  private static Optional<Duration> retryAfter(HttpResponse<?> response) {
    String after = header(response, "Retry-After").strip();
    if (SECONDS.matcher(after).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(after)));
    }
    if (!after.isEmpty()) {
      try {
        ZonedDateTime until = ZonedDateTime.parse(after, DateTimeFormatter.RFC_1123_DATE_TIME);
        Duration wait = Duration.between(ZonedDateTime.now(until.getZone()), until);
        return Optional.of(wait.isNegative() ? Duration.ZERO : wait);
      } catch (DateTimeException e) {
        return Optional.empty();
      }
    }
    Matcher reset = RESET.matcher(header(response, "RateLimit"));
    return response.statusCode() == TOO_MANY && reset.find()
        ? Optional.of(Duration.ofSeconds(Long.parseLong(reset.group(1))))
        : Optional.empty();
  }

  private String refusal(HttpResponse<?> response, Optional<String> file) {
    String code = header(response, "X-Error-Code");
    String message = header(response, "X-Error-Message");
    String lower = message.toLowerCase(Locale.ROOT);
    if (lower.contains("is disabled")) {
      return "the hub has disabled it (" + message + "); choose another model";
    }
    if (client.hasToken()
        && (lower.contains("invalid credentials") || lower.contains("user token"))) {
      return wrongToken();
    }
    return switch (code) {
      case "GatedRepo" -> gated();
      case "RepoNotFound" -> noModel();
      case "RevisionNotFound" -> noRevision();
      case "EntryNotFound" -> noFile(file);
      default -> byStatus(response.statusCode(), file, message);
    };
  }

  private String byStatus(int status, Optional<String> file, String message) {
    return switch (status) {
      case 401 -> client.hasToken() ? wrongToken() : noModel();
      case 403 -> gated();
      case 404 -> file.isPresent() ? noFile(file) : noModel();
      default ->
          "%s answered %d%s; see whether HF_ENDPOINT is right, or give a model folder"
              .formatted(client.endpoint(), status, message.isEmpty() ? "" : " (" + message + ")");
    };
  }

  private String gated() {
    return client.hasToken()
        ? ("the account of HF_TOKEN has no access; accept the model's terms at %s "
                + "with that account, and let the token read gated models (%s)")
            .formatted(page(), tokens())
        : "the model is gated; accept its terms at %s, make a token at %s and set HF_TOKEN to it"
            .formatted(page(), tokens());
  }

  private String wrongToken() {
    return ("the hub does not accept HF_TOKEN, which may have expired; make a new one "
            + "at %s, or unset it for a public model")
        .formatted(tokens());
  }

  private String noModel() {
    return client.hasToken()
        ? "no such model at %s, or HF_TOKEN's account may not see it; check the spelling"
            .formatted(page())
        : "no such model at %s, or it is private; check the spelling, or set HF_TOKEN (%s)"
            .formatted(page(), tokens());
  }

  private String noRevision() {
    return ("the model has no revision '%s'; give a branch, a tag or a full commit of "
            + "those at %s/commits/main")
        .formatted(reference.revision(), page());
  }

  private String noFile(Optional<String> file) {
    return "%s is listed but not there (404); try again, or give another revision"
        .formatted(file.orElse("a file"));
  }

  private URI page() {
    return client.uri("/" + reference.repository());
  }

  private URI tokens() {
    return client.uri("/settings/tokens");
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }
}
