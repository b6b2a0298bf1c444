package dev.repartee.serving.access;

import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.HttpConfiguration;

/** Headers that every response carries, so that browsers do with it only what is meant. */
public final class SecurityHeaders {

  private static final List<HttpField> FIELDS =
      List.of(
          new PreEncodedHttpField("X-Content-Type-Options", "nosniff"),
          new PreEncodedHttpField("Referrer-Policy", "no-referrer"),
          new PreEncodedHttpField("Cross-Origin-Resource-Policy", "same-origin"),
          new PreEncodedHttpField("X-Frame-Options", "DENY"),
          // Suggestions are of a conversation; what may be kept says so itself.
          new PreEncodedHttpField("Cache-Control", "no-store"));

  private SecurityHeaders() {}

  /** On every request that reaches a handler. */
  public static void add(HttpConfiguration http) {
    http.addCustomizer(
        (request, headers) -> {
          addTo(headers);
          return request;
        });
  }

  /** Adds them to headers that the server begins anew, when it refuses a request itself. */
  public static void addTo(HttpFields.Mutable headers) {
    FIELDS.forEach(headers::put);
  }
}
