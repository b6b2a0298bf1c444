package dev.repartee.infra.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.infra.testing.Sources;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * The issue forms keep the rules of GitHub, which leaves out a form that breaks one: "Syntax for
 * GitHub's form schema" and "Common validation errors when creating issue forms" of its documents.
 */
class FormsTest {

  private static final String FOLDER = ".github/ISSUE_TEMPLATE";
  private static final Set<String> FORM =
      Set.of("name", "description", "body", "title", "labels", "assignees", "projects", "type");
  private static final Set<String> ELEMENT = Set.of("type", "id", "attributes", "validations");
  private static final Map<String, Set<String>> ATTRIBUTES =
      Map.of(
          "markdown", Set.of("value"),
          "textarea", Set.of("label", "description", "placeholder", "value", "render"),
          "input", Set.of("label", "description", "placeholder", "value"),
          "dropdown", Set.of("label", "description", "multiple", "options", "default"),
          "checkboxes", Set.of("label", "description", "options"));

  @Test
  void ourFormsKeepTheRules() {
    Set<String> names = new HashSet<>();
    Sources.in(FOLDER, ".yml").stream()
        .filter(file -> !file.endsWith("config.yml"))
        .forEach(
            file -> {
              JsonNode form = Yaml.documents(file).getFirst();
              assertThat(problems(form)).as(file.toString()).isEmpty();
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

  @Test
  void faultsOfAFormAreFound() {
    String form =
        """
        name: Bug
        hello: world
        body:
          - {type: markdown, id: a, attributes: {value: Hello}}
          - {type: input, id: b c, attributes: {label: Password}}
          - {type: input, id: d, attributes: {label: true, render: sh}, validations: {required: 1}}
          - {type: textarea, id: d, attributes: {label: More}, x: y}
          - {type: dropdown, attributes: {label: More, options: [One, One, None]}}
          - {type: checkboxes, attributes: {label: Which, options: [{title: A}]}}
          - {type: slider, attributes: {label: How much}}
        """;

    assertThat(problems(Yaml.documents("form", form).getFirst()))
        .containsExactly(
            "'hello' is not a key of a form",
            "name must be a text of more than three characters",
            "description must be a text",
            "body[0]: markdown has no id",
            "body[1]: id 'b c' may have letters, digits, - and _ only",
            "body[1]: a label must not name a password",
            "body[2]: 'render' is not an attribute of input",
            "body[2]: label must be a text",
            "body[2]: validations may only have required, true or false",
            "body[3]: 'x' is not a key of an element",
            "body[3]: id 'd' is there already",
            "body[4]: label 'More' is there already",
            "body[4]: options must differ, be texts, and not be None",
            "body[5]: options must differ, be texts, and not be None",
            "body[6]: slider is not a type of element");
  }

  private static List<String> problems(JsonNode form) {
    List<String> problems = new ArrayList<>();
    others(form, FORM).forEach(key -> problems.add("'%s' is not a key of a form".formatted(key)));
    if (!isText(form.path("name")) || form.path("name").asString().length() <= 3) {
      problems.add("name must be a text of more than three characters");
    }
    if (!isText(form.path("description"))) {
      problems.add("description must be a text");
    }
    Set<String> ids = new HashSet<>();
    Set<String> labels = new HashSet<>();
    int number = 0;
    for (JsonNode element : form.path("body")) {
      String place = "body[%d]: ".formatted(number++);
      elementProblems(element, ids, labels).forEach(problem -> problems.add(place + problem));
    }
    if (labels.isEmpty()) {
      problems.add("body must have an element that takes an answer");
    }
    return problems;
  }

  private static List<String> elementProblems(
      JsonNode element, Set<String> ids, Set<String> labels) {
    List<String> problems = new ArrayList<>();
    String type = element.path("type").asString("");
    if (!ATTRIBUTES.containsKey(type)) {
      return List.of(type + " is not a type of element");
    }
    JsonNode attributes = element.path("attributes");
    others(element, ELEMENT)
        .forEach(key -> problems.add("'%s' is not a key of an element".formatted(key)));
    others(attributes, ATTRIBUTES.get(type))
        .forEach(key -> problems.add("'%s' is not an attribute of %s".formatted(key, type)));
    String id = element.path("id").asString("");
    if (type.equals("markdown")) {
      if (element.has("id")) {
        problems.add("markdown has no id");
      }
      if (!isText(attributes.path("value"))) {
        problems.add("value must be a text");
      }
      return problems;
    }
    if (element.has("id") && !id.matches("[A-Za-z0-9_-]+")) {
      problems.add("id '%s' may have letters, digits, - and _ only".formatted(id));
    }
    if (element.has("id") && !ids.add(id)) {
      problems.add("id '%s' is there already".formatted(id));
    }
    String label = attributes.path("label").asString("");
    if (!isText(attributes.path("label"))) {
      problems.add("label must be a text");
    } else if (label.matches("(?i).*password.*")) {
      problems.add("a label must not name a password");
    } else if (!labels.add(label)) {
      problems.add("label '%s' is there already".formatted(label));
    }
    if (ATTRIBUTES.get(type).contains("options") && !areOptions(type, attributes)) {
      problems.add("options must differ, be texts, and not be None");
    }
    JsonNode validations = element.path("validations");
    if (others(validations, Set.of("required")).findAny().isPresent()
        || (element.has("validations") && !validations.path("required").isBoolean())) {
      problems.add("validations may only have required, true or false");
    }
    return problems;
  }

  private static boolean areOptions(String type, JsonNode attributes) {
    List<JsonNode> options = attributes.path("options").valueStream().toList();
    Set<String> texts = new HashSet<>();
    return !options.isEmpty()
        && options.stream()
            .allMatch(
                option -> {
                  boolean boxes = type.equals("checkboxes");
                  JsonNode text = boxes ? option.path("label") : option;
                  return isText(text)
                      && texts.add(text.asString())
                      && !text.asString().equalsIgnoreCase("none")
                      && (!boxes
                          || others(option, Set.of("label", "required")).findAny().isEmpty());
                });
  }

  private static Stream<String> others(JsonNode node, Set<String> known) {
    return node.propertyNames().stream().filter(key -> !known.contains(key));
  }

  private static boolean isText(JsonNode node) {
    return node.isString() && !node.asString().isBlank();
  }
}
