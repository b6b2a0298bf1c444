package dev.repartee.infra.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The issue forms, whose syntax GitHub itself checks. */
class FormsTest {

  private static final String FOLDER = ".github/ISSUE_TEMPLATE";

  @Test
  void ourFormsSayThatEverybodyReadsThem() {
    Set<String> names = new HashSet<>();
    Sources.in(FOLDER, ".yml").stream()
        .filter(file -> !file.endsWith("config.yml"))
        .forEach(
            file -> {
              JsonNode form = Yaml.documents(file).getFirst();
              assertThat(form.at("/body/0/attributes/value").asString())
                  .as(file.toString())
                  .contains("Everybody can read this", "No texts of customers, no names, no keys");
              names.add(form.path("name").asString());
            });
    assertThat(names)
        .containsExactlyInAnyOrder("Bug report", "Question", "Another desk", "Figures");
  }

  @Test
  void theChooserLeadsPrivateReportsElsewhere() {
    JsonNode chooser = Yaml.documents(Repository.file(FOLDER + "/config.yml")).getFirst();

    assertThat(chooser.propertyNames()).containsOnly("blank_issues_enabled", "contact_links");
    assertThat(chooser.path("blank_issues_enabled").isBoolean()).isTrue();
    assertThat(chooser.path("blank_issues_enabled").asBoolean()).isFalse();
    assertThat(chooser.path("contact_links").valueStream())
        .isNotEmpty()
        .allSatisfy(
            link -> {
              assertThat(link.propertyNames()).containsOnly("name", "url", "about");
              assertThat(link.path("url").asString()).startsWith("https://");
              assertThat(link.path("about").asString()).contains("Report a vulnerability");
            });
  }
}
