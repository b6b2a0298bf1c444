package dev.repartee.serving.access;

import dev.repartee.serving.predict.RequestException;
import dev.repartee.text.UserException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;
import picocli.CommandLine.Option;

/**
 * What keeps pages of others from a browser's user: the headers of every response, those that let
 * pages of other origins ask (CORS), and the names under which a service answers without a key.
 *
 * <p>Javalin's CORS plugin does not fit. It allows whatever method and headers a preflight asks
 * for, names them to origins that are not allowed, answers other requests of those origins with
 * 400, sets {@code Vary} for allowed origins only, and leaves preflights to the check of keys.
 * Options of {@code serve} set the fields.
 */
public final class BrowserRules {

  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  private static final Pattern HOST = Pattern.compile("[a-z0-9._-]+|\\[[0-9a-f:.]+]");

  /** No public name is one of these (RFC 6761), so none can be made to point here. */
  private static final Pattern LOOPBACK =
      Pattern.compile("([a-z0-9-]+\\.)*localhost\\.?|127(\\.[0-9]{1,3}){3}|\\[::1]");

  private static final List<HttpField> ON_EVERY_RESPONSE =
      List.of(
          new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
          new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
          new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
          new PreEncodedHttpField("X-Frame-Options", "DENY"),
          // Suggestions belong to a conversation; a response that may be cached says so itself.
          new PreEncodedHttpField("Cache-Control", "no-store"));

  @Option(
      names = "--cors-origin",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "ORIGIN",
      description = "Allow requests from pages of this origin; may be repeated.")
  private List<String> corsOrigins = List.of();

  @Option(
      names = "--frame-ancestor",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "ORIGIN",
      description = "Let this origin's pages show /apps/ in a frame; may be repeated.")
  private List<String> frameAncestors = List.of();

  @Option(
      names = "--host-name",
      split = ",",
      hideParamSyntax = true,
      paramLabel = "NAME",
      description = "Answer requests for this host without a key; may be repeated.")
  private List<String> hostNames = List.of(); // without the port

  /**
   * Checks the form of all.
   *
   * @throws UserException (wrong usage) naming the option
   */
  public void check() {
    String origin =
        "scheme://host[:port] in lower case without a path, such as https://desk.example";
    check("--cors-origin", corsOrigins, ORIGIN, origin);
    check("--frame-ancestor", frameAncestors, ORIGIN, origin);
    String host = "a name or address in lower case without a port, such as repartee.example";
    check("--host-name", hostNames, HOST, host);
  }

  private static void check(String option, List<String> values, Pattern pattern, String form) {
    for (String value : values) {
      if (!pattern.matcher(value).matches()) {
        throw UserException.usage("%s must be %s, but is %s".formatted(option, form, value));
      }
    }
  }

  /** Origins of which pages may show the pages of desks in a frame. */
  public Set<String> frameAncestors() {
    return Set.copyOf(frameAncestors);
  }

  /** Adds the headers of every response, for requests that reach a handler. */
  public static void addHeaders(HttpConfiguration http) {
    http.addCustomizer(
        (request, headers) -> {
          addHeaders(headers);
          return request;
        });
  }

  /** Adds them to the headers of a response with which the server itself refuses a request. */
  public static void addHeaders(HttpFields.Mutable headers) {
    ON_EVERY_RESPONSE.forEach(headers::put);
  }

  /**
   * Registers the check of the host that a request names; it must come before all others. A page
   * whose name is made to point to this machine after it was loaded (DNS rebinding) has that name
   * there, and a browser lets it read everything. Probes are answered under any name.
   *
   * @param address where the service listens, by whatever name
   */
  public void registerHosts(RoutesConfig routes, String address) {
    routes.before(
        ctx -> {
          String host = ctx.req().getServerName().toLowerCase(Locale.ROOT);
          boolean known =
              LOOPBACK.matcher(host).matches()
                  || host.equals(address.toLowerCase(Locale.ROOT))
                  || hostNames.contains(host)
                  || isSameAddress(host, ctx.req().getLocalAddr());
          if (!known && !Access.PROBES.contains(ctx.path())) {
            throw new RequestException(
                421,
                "without a key this answers requests for localhost, for the address that they reach,"
                    + " and for what --host-name names");
          }
        });
  }

  /** Whether both are the same address in figures, which no name can stand for. */
  private static boolean isSameAddress(String host, String reached) {
    try {
      return InetAddress.ofLiteral(host).equals(InetAddress.ofLiteral(reached));
    } catch (IllegalArgumentException isName) {
      return false;
    }
  }

  /**
   * Registers CORS. It must come before the check of keys: a browser sends its preflight without a
   * key.
   */
  public void register(RoutesConfig routes) {
    if (!corsOrigins.isEmpty()) {
      routes.before(this::answer);
    }
  }

  private void answer(Context ctx) {
    ctx.header(Header.VARY, Header.ORIGIN);
    Optional<String> origin = Optional.ofNullable(ctx.header(Header.ORIGIN));
    boolean allowed = origin.filter(corsOrigins::contains).isPresent();
    if (allowed) {
      ctx.header(Header.ACCESS_CONTROL_ALLOW_ORIGIN, origin.get());
      ctx.header(Header.ACCESS_CONTROL_EXPOSE_HEADERS, "X-Request-Id, Retry-After");
    }
    if (isPreflight(ctx) && origin.isPresent()) {
      if (allowed) {
        ctx.header(Header.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        ctx.header(
            Header.ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, X-API-Key, X-Request-Id, Repartee-Conversation");
        ctx.header(Header.ACCESS_CONTROL_MAX_AGE, "600");
      }
      // The same status for all origins: a browser decides by the headers.
      ctx.status(204);
      ctx.skipRemainingHandlers();
    }
  }

  private static boolean isPreflight(Context ctx) {
    return ctx.req().getMethod().equals("OPTIONS")
        && ctx.header(Header.ACCESS_CONTROL_REQUEST_METHOD) != null;
  }
}
