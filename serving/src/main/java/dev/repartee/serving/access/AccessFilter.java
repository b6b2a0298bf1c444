package dev.repartee.serving.access;

import dev.repartee.serving.operations.RequestNotes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Lets requests through to their handlers, or not, and notes who sent them. */
public final class AccessFilter {

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final Set<String> READS = Set.of("GET", "HEAD");
  private static final Set<String> PROBES =
      Set.of("/health/live", "/health/startup", "/health/ready");

  /**
   * Pages and the files beside them. A browser can show these headers of its own accord only, so it
   * is told to ask its user; a program's request for data is not, or a window would open over it.
   */
  private static final Pattern PAGE = Pattern.compile("/(docs|[A-Za-z0-9-]+(\\.[a-z]+)+)?");

  private final Access access;

  private AccessFilter(Access access) {
    this.access = access;
  }

  /** Closed unless named here: a new endpoint is protected without a thought given to it. */
  public static void register(RoutesConfig routes, Access access) {
    if (!access.isOpen()) {
      routes.before(new AccessFilter(access)::check);
    }
  }

  private void check(Context ctx) {
    boolean reads = READS.contains(ctx.req().getMethod());
    if (reads && PROBES.contains(ctx.path())) {
      return;
    }
    try {
      access
          .caller(Optional.ofNullable(ctx.header("X-API-Key")), credential(ctx))
          .ifPresent(name -> RequestNotes.of(ctx).caller(name));
    } catch (UnauthorizedException e) {
      throw reads && PAGE.matcher(ctx.path()).matches() ? e.inBrowser() : e;
    }
  }

  /** A key or token: of the bearer scheme, or the password that a browser asked its user for. */
  private static Optional<String> credential(Context ctx) {
    Optional<String> header = Optional.ofNullable(ctx.header(Header.AUTHORIZATION));
    return of(BEARER, header).or(() -> of(BASIC, header).flatMap(AccessFilter::password));
  }

  private static Optional<String> of(String scheme, Optional<String> header) {
    return header
        .filter(value -> value.regionMatches(true, 0, scheme, 0, scheme.length()))
        .map(value -> value.substring(scheme.length()).strip());
  }

  /** The part behind the colon (RFC 7617); the name before it does not matter. */
  private static Optional<String> password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }
}
