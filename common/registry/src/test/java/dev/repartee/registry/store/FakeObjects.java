package dev.repartee.registry.store;

import dev.repartee.registry.store.FakeGcsApi.Failure;
import dev.repartee.registry.store.FakeGcsApi.Request;
import dev.repartee.registry.store.ObjectStore.Crc32c;
import dev.repartee.text.json.Json;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The buckets and objects of {@link FakeGcs}; every method is one atomic step. */
final class FakeObjects {

  /** A stored object: its metadata as the API shows them, and its bytes. */
  record Stored(ObjectNode metadata, Request.Body content, long generation) {}

  private final Map<String, NavigableMap<String, Stored>> buckets = new HashMap<>();
  private long clock = System.currentTimeMillis() * 1000;
  private int pageSize = 1000;

  synchronized void createBucket(String name) {
    buckets.put(name, new TreeMap<>(ObjectKeys.BYTE_ORDER));
  }

  synchronized void setPageSize(int maxResults) {
    pageSize = maxResults;
  }

  synchronized NavigableMap<String, Stored> bucket(String name) {
    return Optional.ofNullable(buckets.get(name))
        .orElseThrow(() -> new Failure(404, "The specified bucket does not exist."));
  }

  synchronized Stored find(Request request, String bucket, String name) {
    Stored found = bucket(bucket).get(name);
    OptionalLong generation = request.number("generation");
    if (found == null || (generation.isPresent() && generation.getAsLong() != found.generation())) {
      throw new Failure(404, "No such object: " + bucket + "/" + name);
    }
    return found;
  }

  synchronized void delete(Request request, String bucket, String name) {
    find(request, bucket, name);
    requirePrecondition(request, bucket, name);
    bucket(bucket).remove(name);
  }

  synchronized void requirePrecondition(Request request, String bucket, String name) {
    Stored current = bucket(bucket).get(name);
    OptionalLong wanted = request.number("ifGenerationMatch");
    if (wanted.isPresent() && wanted.getAsLong() != (current == null ? 0 : current.generation())) {
      throw new Failure(412, "At least one of the pre-conditions you specified did not hold.");
    }
  }

  synchronized ObjectNode commit(
      Request request, String bucket, ObjectNode metadata, byte[] content) {
    String name = metadata.path("name").asString(request.parameter("name").orElse(""));
    requirePrecondition(request, bucket, name);
    String crc32c = Crc32c.of(content);
    String wanted = metadata.path("crc32c").asString(crc32c);
    if (!wanted.equals(crc32c)) {
      throw new Failure(400, "Provided CRC32C doesn't match calculated CRC32C");
    }
    long generation = ++clock;
    ObjectNode stored = metadata.deepCopy();
    stored.put("kind", "storage#object").put("bucket", bucket).put("name", name);
    stored.put("id", bucket + "/" + name + "/" + generation);
    stored.put("generation", Long.toString(generation)).put("metageneration", "1");
    stored.put("crc32c", crc32c);
    if (content.length > 0) { // Google's storage-testbench leaves it out too
      stored.put("size", Integer.toString(content.length));
    }
    bucket(bucket).put(name, new Stored(stored, () -> content, generation));
    return stored;
  }

  /** Joins objects of exactly the generations that the request names. */
  synchronized ObjectNode compose(Request request, String bucket, String target) {
    JsonNode body = Json.COMPACT.readTree(request.body().bytes());
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    for (JsonNode source : body.path("sourceObjects")) {
      String name = source.path("name").asString();
      Stored found = bucket(bucket).get(name);
      if (found == null
          || found.generation() != source.path("generation").asLong(found.generation())) {
        throw new Failure(404, "Object not found: " + bucket + "/" + name);
      }
      content.writeBytes(found.content().bytes());
    }
    ObjectNode metadata = ((ObjectNode) body.path("destination")).put("name", target);
    return commit(request, bucket, metadata, content.toByteArray());
  }

  /** A page of a listing, folded at the delimiter where one is given. */
  synchronized Map<String, Object> list(Request request, String bucket) {
    String prefix = request.parameter("prefix").orElse("");
    String delimiter = request.parameter("delimiter").orElse("");
    String after = request.parameter("pageToken").map(FakeObjects::decode).orElse("");
    int limit = (int) Math.min(pageSize, request.number("maxResults").orElse(pageSize));
    Map<String, ObjectNode> units = new LinkedHashMap<>();
    boolean more = false;
    for (Map.Entry<String, Stored> entry : bucket(bucket).entrySet()) {
      String unit = unit(entry.getKey(), prefix, delimiter);
      if (!entry.getKey().startsWith(prefix)
          || ObjectKeys.BYTE_ORDER.compare(unit, after) <= 0
          || units.containsKey(unit)) {
        continue;
      }
      if (units.size() == limit) {
        more = true;
        break;
      }
      units.put(unit, entry.getValue().metadata());
    }
    return page(units, delimiter, more);
  }

  /** The object's own name, or its part up to the first delimiter after the prefix. */
  private static String unit(String name, String prefix, String delimiter) {
    int cut = delimiter.isEmpty() ? -1 : name.indexOf(delimiter, prefix.length());
    return cut < 0 ? name : name.substring(0, cut + delimiter.length());
  }

  private static Map<String, Object> page(
      Map<String, ObjectNode> units, String delimiter, boolean more) {
    TreeSet<String> prefixes = new TreeSet<>(ObjectKeys.BYTE_ORDER);
    units.keySet().stream()
        .filter(unit -> !delimiter.isEmpty() && unit.endsWith(delimiter))
        .forEach(prefixes::add);
    Map<String, Object> page = new HashMap<>();
    page.put("kind", "storage#objects");
    page.put("prefixes", prefixes);
    page.put(
        "items",
        units.entrySet().stream()
            .filter(unit -> !prefixes.contains(unit.getKey()))
            .map(Map.Entry::getValue)
            .toList());
    if (more) {
      page.put("nextPageToken", encode(units.keySet().stream().reduce((a, b) -> b).orElseThrow()));
    }
    return page;
  }

  private static String encode(String name) {
    return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  private static String decode(String token) {
    return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
  }
}
