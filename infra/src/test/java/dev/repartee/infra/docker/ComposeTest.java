package dev.repartee.infra.docker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.CommandLines;
import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.ParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The compose file fits the Dockerfile, the demo and the options of the service. */
class ComposeTest {

  private static final Path FILE = Repository.file("infra/docker/compose.yaml");

  private static JsonNode service() {
    return service("repartee");
  }

  private static JsonNode service(String name) {
    List<ObjectNode> documents = Yaml.documents(FILE);
    assertThat(documents).hasSize(1);
    JsonNode services = documents.getFirst().path("services");
    assertThat(services.propertyNames()).containsExactly("repartee", "builder");
    return services.path(name);
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  /** Without its variables, as Compose fills them where nothing is set. */
  private static String filled(String text) {
    return text.replaceAll("\\$\\{\\w+:-([^}]*)}", "$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"repartee", "builder"})
  void theImageIsBuiltFromTheDockerfile(String name) {
    JsonNode build = service(name).path("build");
    Path context = FILE.resolveSibling(build.path("context").asString()).normalize();
    Path dockerfile = context.resolve(build.path("dockerfile").asString());
    assertThat(dockerfile).isEqualTo(Repository.file("infra/docker/Dockerfile"));
    assertThat(Dockerfile.parse(Sources.text(dockerfile)).stages())
        .extracting(Dockerfile.Stage::name)
        .contains(build.path("target").asString());
  }

  private static List<String> command(String name) {
    return texts(service(name).path("command")).stream().map(ComposeTest::filled).toList();
  }

  @Test
  void theBuilderBuildsWhatIsServed() {
    List<String> command = command("builder");
    assertThat(new CommandLines().check(command)).isEmpty();
    assertThat(command).contains("build", "demo@production", "--store=/registry");
    assertThat(service("builder").path("volumes").get(0))
        .isEqualTo(service().path("volumes").get(0));
  }

  @Test
  void theServiceTakesItsOptions() {
    List<String> command = command("repartee");
    ParseResult parsed =
        CommandLines.serve()
            .setCaseInsensitiveEnumValuesAllowed(true)
            .parseArgs(command.toArray(String[]::new));
    assertThat(parsed.matchedOptionValue("--model", "")).isEqualTo("demo@production");
    assertThat(parsed.unmatched()).isEmpty();
    assertThat(parsed.matchedOptionValue("--host-name", List.of()))
        .as("the name of the service, by which its network knows it")
        .isEqualTo(List.of("repartee"));
  }

  @Test
  void onlyThisMachineReachesItAndItReadsTheDemosRegistry() {
    assertThat(texts(service().path("ports"))).allMatch(port -> port.startsWith("127.0.0.1:"));
    List<String> mounts = new ArrayList<>();
    for (String volume : texts(service().path("volumes"))) {
      mounts.add(filled(volume));
    }
    assertThat(mounts.getFirst()).isEqualTo("../../demo-run/registry:/registry");
    String demo = Sources.text(Repository.file("scripts/demo"));
    assertThat(demo)
        .contains("output=./demo-run", "--store \"$output/registry\"", "demo@production");
    assertThat(texts(service().path("command"))).contains("--store=/registry");
  }
}
