package dev.repartee.serving.access;

import dev.repartee.serving.operations.RequestNotes;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Lets requests through to their handlers, or not, and notes who sent them. */
public final class AccessFilter {

  private static final String SCHEME = "Bearer ";
  private static final Set<String> PROBES =
      Set.of("/health/live", "/health/startup", "/health/ready");

  /** The console's page and the files beside it, which hold no data; the API has no such paths. */
  private static final Pattern STATIC_FILE = Pattern.compile("/([A-Za-z0-9-]+(\\.[a-z]+)+)?");

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
    if (isPublic(ctx)) {
      return;
    }
    access
        .caller(Optional.ofNullable(ctx.header("X-API-Key")), bearer(ctx))
        .ifPresent(name -> RequestNotes.of(ctx).caller(name));
  }

  private static boolean isPublic(Context ctx) {
    String method = ctx.req().getMethod();
    String path = ctx.path();
    return (method.equals("GET") || method.equals("HEAD"))
        && (PROBES.contains(path) || STATIC_FILE.matcher(path).matches());
  }

  private static Optional<String> bearer(Context ctx) {
    return Optional.ofNullable(ctx.header(Header.AUTHORIZATION))
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip());
  }
}
