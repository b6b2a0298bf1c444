package dev.repartee.serving.http;

import dev.repartee.serving.access.SecurityHeaders;
import dev.repartee.text.json.Json;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** Answers what the server refuses before any handler, such as ambiguous paths, as the API does. */
final class ServerProblems extends ErrorHandler {

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    SecurityHeaders.addTo(response.getHeaders());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
    // Not the server's reason, which may quote the request.
    Problem problem =
        Problem.of(
            status,
            HttpStatus.getMessage(status),
            status < 500 ? "this is not a request that HTTP allows" : "the service is stopping");
    byte[] body = Json.COMPACT.writeValueAsBytes(problem);
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
