package dev.repartee.serving.access;

import dev.repartee.text.UserException;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.Header;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which other origins' pages may ask from a browser.
 *
 * @param origins {@code scheme://host[:port]}, as browsers send them; none by default
 */
public record CorsPolicy(Set<String> origins) {

  private static final Pattern ORIGIN =
      Pattern.compile("https?://([a-z0-9.-]+|\\[[0-9a-f:.]+])(:[0-9]{1,5})?");

  public CorsPolicy {
    origins = Set.copyOf(origins);
    for (String origin : origins) {
      if (!ORIGIN.matcher(origin).matches()) {
        throw UserException.usage(
            "--cors-origin must be scheme://host[:port] in lower case without a path, such as"
                + " https://desk.example, but is "
                + origin);
      }
    }
  }

  /** Pages of the service itself only. */
  public static CorsPolicy none() {
    return new CorsPolicy(Set.of());
  }

  /** Must come before access is checked: a browser asks for permission without any key. */
  public void register(RoutesConfig routes) {
    if (!origins.isEmpty()) {
      routes.before(this::answer);
    }
  }

  private void answer(Context ctx) {
    ctx.header(Header.VARY, Header.ORIGIN);
    Optional<String> origin = Optional.ofNullable(ctx.header(Header.ORIGIN));
    origin
        .filter(origins::contains)
        .ifPresent(
            allowed -> {
              ctx.header(Header.ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
              ctx.header(Header.ACCESS_CONTROL_EXPOSE_HEADERS, "X-Request-Id, Retry-After");
            });
    if (isPreflight(ctx) && origin.isPresent()) {
      if (origins.contains(origin.get())) {
        ctx.header(Header.ACCESS_CONTROL_ALLOW_METHODS, "GET, POST");
        ctx.header(
            Header.ACCESS_CONTROL_ALLOW_HEADERS,
            "Authorization, Content-Type, X-API-Key, X-Request-Id");
        ctx.header(Header.ACCESS_CONTROL_MAX_AGE, "600");
      }
      // The same status for both: what a browser goes by is whether the headers are there.
      ctx.status(204);
      ctx.skipRemainingHandlers();
    }
  }

  private static boolean isPreflight(Context ctx) {
    return ctx.req().getMethod().equals("OPTIONS")
        && ctx.header(Header.ACCESS_CONTROL_REQUEST_METHOD) != null;
  }
}
