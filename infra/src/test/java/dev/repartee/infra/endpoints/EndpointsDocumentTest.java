package dev.repartee.infra.endpoints;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** The document for Cloud Endpoints agrees with the service's own. */
@Timeout(60)
class EndpointsDocumentTest {

  private static final Path FILE = Path.of("endpoints/openapi.yaml");
  private static final String GENERATED = "# ---- Below: the service's own description";

  /** When this property is true, the test rewrites the second part of the file. */
  private static final String WRITE = "repartee.write";

  @TempDir private Path feedback;
  private ObjectNode document;

  @BeforeEach
  void read() {
    document = Yaml.documents(FILE).getFirst();
  }

  @Test
  void pathsAndSchemasAreTheService() throws IOException, InterruptedException {
    ObjectNode service = Swagger.convert(ServiceApi.document(feedback));
    service.path("paths").forEach(methods -> methods.forEach(EndpointsDocumentTest::addQuota));
    if (Boolean.getBoolean(WRITE)) {
      write(service);
      document = Yaml.documents(FILE).getFirst();
    }
    assertThat(document.path("paths"))
        .as("the API changed: run this test once with -D" + WRITE + "=true")
        .isEqualTo(service.path("paths"));
    assertThat(document.path("definitions")).isEqualTo(service.path("definitions"));
  }

  /** Only suggestions are costly. One agent who types a letter every 250 ms sends 240 a minute. */
  private static void addQuota(JsonNode operation) {
    if (operation.path("operationId").asString().equals("post_v1_suggestions")) {
      ((ObjectNode) operation)
          .putObject("x-google-quota")
          .putObject("metricCosts")
          .put("suggestions", 1);
    }
  }

  private static void write(ObjectNode service) throws IOException {
    String text = Sources.text(FILE);
    String head = text.substring(0, text.indexOf('\n', text.indexOf(GENERATED)) + 1);
    YAMLMapper mapper =
        YAMLMapper.builder()
            .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
            .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
            .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .disable(YAMLWriteFeature.SPLIT_LINES)
            .build();
    Files.writeString(FILE, head + mapper.writeValueAsString(service));
  }

  @Test
  void isWhatCloudEndpointsReads() {
    assertThat(document.path("swagger").asString()).isEqualTo("2.0");
    assertThat(document.path("host").asString())
        .isEqualTo("repartee.endpoints.PROJECT.cloud.goog")
        .isEqualTo(document.at("/x-google-endpoints/0/name").asString());
    assertThat(document.path("schemes")).hasSize(1);
    assertThat(document.path("schemes").get(0).asString()).isEqualTo("https");
    assertThat(document.path("x-google-allow").asString()).isEqualTo("configured");
    assertThat(document.path("openapi").isMissingNode()).isTrue();
  }

  /** Without it ESPv2 refuses preflights, and no page of a desk gets an answer. */
  @Test
  void preflightsReachTheService() {
    assertThat(document.at("/x-google-endpoints/0/allowCors").asBoolean()).isTrue();
  }

  /** ESPv2 does not check that a named scheme exists, and would then let everybody in. */
  @Test
  void everyCallIsAskedForWhatIsDefined() {
    Set<String> defined = new TreeSet<>(document.path("securityDefinitions").propertyNames());
    assertThat(document.path("security").isEmpty()).isFalse();
    document
        .path("security")
        .forEach(
            one -> {
              assertThat(one.isEmpty()).as("no requirement at all").isFalse();
              assertThat(defined).containsAll(one.propertyNames());
            });
    assertThat(document.findValues("security")).as("no operation has its own").hasSize(1);
  }

  /** ESPv2 has no "key or token": only tokens can be alternatives. */
  @Test
  void anApiKeyIsNoAlternative() {
    if (document.path("security").toString().contains("api_key")) {
      assertThat(document.path("security")).hasSize(1);
    }
    assertThat(document.at("/securityDefinitions/api_key/in").asString()).isEqualTo("header");
    assertThat(document.at("/securityDefinitions/api_key/name").asString())
        .isEqualToIgnoringCase("X-API-Key");
    JsonNode token = document.at("/securityDefinitions/token");
    assertThat(token.path("x-google-issuer").asString()).startsWith("https://");
    assertThat(token.path("x-google-jwks_uri").asString()).startsWith("https://");
    assertThat(token.path("x-google-audiences").asString()).isNotBlank();
  }
}
