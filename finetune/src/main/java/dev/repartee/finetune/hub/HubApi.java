package dev.repartee.finetune.hub;

import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Asks the hub what a model holds. */
final class HubApi {

  private static final int MAX_BYTES = 64 << 20;
  private static final Pattern MODEL_FILE = Pattern.compile("[^/]+\\.(json|txt|safetensors)");

  private final HubClient client;
  private final HubReference reference;
  private final HubErrors answers;

  HubApi(HubClient client, HubReference reference) {
    this.client = client;
    this.reference = reference;
    this.answers = new HubErrors(client, reference);
  }

  /**
   * The files of the reference's revision, with sizes and hashes.
   *
   * @throws HubUnreachableException when the hub cannot be asked
   * @throws dev.repartee.text.UserException when it refuses
   */
  Listing listing(Patience patience) {
    URI uri =
        client.uri(
            "/api/models/%s/revision/%s?blobs=true"
                .formatted(reference.repository(), encoded(reference.revision())));
    return new Retries(patience)
        .run(
            () -> parse(uri, read(uri)),
            () -> 0,
            e -> new HubUnreachableException(unreachable(e), e));
  }

  private String unreachable(IOException failure) {
    return ("%s: %s; run again later, give a model folder, or behind a proxy set "
            + "JAVA_TOOL_OPTIONS='-Dhttps.proxyHost=HOST -Dhttps.proxyPort=PORT'")
        .formatted(reference, failure.getMessage());
  }

  private JsonNode read(URI uri) throws IOException {
    HttpResponse<InputStream> response = client.get(uri, Map.of());
    try (InputStream body = response.body()) {
      answers.check(response, Optional.empty());
      return Json.COMPACT.readTree(body.readNBytes(MAX_BYTES));
    } catch (JacksonException e) {
      throw new HubUnreachableException(
          ("%s: %s answered with %s instead of JSON, as the login page of a "
                  + "proxy may; open the address in a browser, and see whether "
                  + "HF_ENDPOINT is right")
              .formatted(
                  reference, uri, response.headers().firstValue("Content-Type").orElse("no type")),
          e);
    }
  }

  private Listing parse(URI uri, JsonNode json) throws IOException {
    List<RemoteFile> files = new ArrayList<>();
    List<String> others = new ArrayList<>();
    try {
      String commit = JsonFields.text(json, "sha");
      for (JsonNode sibling : JsonFields.array(json, "siblings")) {
        String name = JsonFields.text(sibling, "rfilename");
        if (MODEL_FILE.matcher(name).matches() && RemoteFile.isPlainName(name)) {
          files.add(file(commit, name, sibling));
        } else if (name.indexOf('/') < 0) {
          others.add(name);
        }
      }
      return new Listing(reference.repository(), commit, files, others);
    } catch (IllegalArgumentException e) {
      throw new HubUnreachableException(
          "%s: the answer of %s makes no sense: %s; see whether HF_ENDPOINT is a hub"
              .formatted(reference, uri, e.getMessage()),
          e);
    }
  }

  private RemoteFile file(String commit, String name, JsonNode sibling) throws IOException {
    JsonNode large = sibling.path("lfs");
    if (large.isObject()) {
      String hash = JsonFields.text(large, "sha256");
      return new RemoteFile(name, JsonFields.integer(large, "size"), HashKind.SHA256, hash);
    }
    if (sibling.path("blobId").isString() && sibling.path("size").isIntegralNumber()) {
      String hash = JsonFields.text(sibling, "blobId");
      return new RemoteFile(name, JsonFields.integer(sibling, "size"), HashKind.GIT_BLOB, hash);
    }
    return described(commit, name);
  }

  /** Mirrors may list names alone; the headers of each file then say the rest. */
  private RemoteFile described(String commit, String name) throws IOException {
    HttpResponse<InputStream> response = client.head(fileUri(client, reference, commit, name));
    if (response.statusCode() / 100 != 3) {
      answers.check(response, Optional.of(name));
    }
    HttpHeaders headers = response.headers();
    String tag =
        headers
            .firstValue("X-Linked-Etag")
            .or(() -> headers.firstValue("ETag"))
            .map(text -> text.replaceAll("^W/|\"", ""))
            .orElse("");
    long size =
        headers
            .firstValueAsLong("X-Linked-Size")
            .orElseGet(() -> headers.firstValueAsLong("Content-Length").orElse(-1));
    HashKind kind = tag.length() == HashKind.SHA256.digits() ? HashKind.SHA256 : HashKind.GIT_BLOB;
    return new RemoteFile(name, size, kind, tag);
  }

  /** Where a file's content is to be had. */
  static URI fileUri(HubClient client, HubReference reference, String commit, String name) {
    return client.uri("/%s/resolve/%s/%s".formatted(reference.repository(), commit, name));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
