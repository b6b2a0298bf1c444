package dev.repartee.infra.terraform;

import dev.repartee.infra.testing.ExternalTools;
import dev.repartee.infra.testing.Sources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** All top-level blocks of a folder of Terraform files. */
record TerraformModule(List<Block> blocks) {

  /**
   * A top-level block: {@code type "label" "label" { ... }}.
   *
   * @param body attributes and inner blocks, with expressions as strings {@code "${...}"}
   * @param references the variables of all its expressions, such as {@code var.x.y}
   */
  record Block(
      String file,
      int line,
      String type,
      List<String> labels,
      JsonNode body,
      List<String> references) {

    /** For messages: {@code storage.tf:6: resource google_storage_bucket.models}. */
    String where() {
      return file + ":" + line + ": " + type + " " + String.join(".", labels);
    }

    String label(int index) {
      return index < labels.size() ? labels.get(index) : "";
    }

    /** An attribute's value; an expression without its {@code ${}}. */
    Optional<String> text(String attribute) {
      return TerraformModule.text(body.path(attribute));
    }

    /** All strings at any depth, as written. */
    Stream<String> strings() {
      return TerraformModule.strings(body);
    }

    /** The references in the form of {@link TerraformModule#declared()}. */
    Set<String> referencesToDeclared() {
      return references.stream()
          .map(reference -> List.of(reference.split("\\.")))
          .filter(
              names ->
                  Set.of("var", "local", "module", "data").contains(names.getFirst())
                      || names.getFirst().startsWith("google_"))
          .map(names -> names.subList(0, names.getFirst().equals("data") ? 3 : 2))
          .map(names -> String.join(".", names))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  static TerraformModule read(Path folder) {
    List<Block> blocks = new ArrayList<>();
    for (Path file : Sources.in(folder.toString(), ".tf")) {
      if (!file.getParent().equals(folder)) {
        continue; // what terraform init has downloaded
      }
      blocks.addAll(parse(file.getFileName().toString(), Sources.text(file)));
    }
    return new TerraformModule(List.copyOf(blocks));
  }

  private static List<Block> parse(String file, String text) {
    return ExternalTools.parse(ExternalTools.Language.TERRAFORM, file, text)
        .valueStream()
        .map(
            block ->
                new Block(
                    file,
                    block.required("line").intValue(),
                    block.required("type").asString(),
                    block.required("labels").valueStream().map(JsonNode::asString).toList(),
                    block.required("body"),
                    block.required("references").valueStream().map(JsonNode::asString).toList()))
        .toList();
  }

  Stream<Block> blocks(String type) {
    return blocks.stream().filter(block -> block.type().equals(type));
  }

  Stream<Block> resources(String resourceType) {
    return blocks("resource").filter(block -> block.label(0).equals(resourceType));
  }

  /** What can be referred to: {@code var.x}, {@code local.x}, {@code TYPE.NAME} and so on. */
  Set<String> declared() {
    Set<String> names = new TreeSet<>();
    for (Block block : blocks) {
      switch (block.type()) {
        case "variable" -> names.add("var." + block.label(0));
        case "module" -> names.add("module." + block.label(0));
        case "resource" -> names.add(block.label(0) + "." + block.label(1));
        case "data" -> names.add("data." + block.label(0) + "." + block.label(1));
        case "locals" -> block.body().propertyNames().forEach(name -> names.add("local." + name));
        default -> {
          // Nothing of it can be referred to.
        }
      }
    }
    return names;
  }

  /** The inner blocks of a type, those that a {@code dynamic} block makes included. */
  static Stream<JsonNode> children(JsonNode body, String type) {
    return Stream.concat(
        body.path(type).valueStream(),
        body.path("dynamic")
            .path(type)
            .valueStream()
            .flatMap(dynamic -> dynamic.path("content").valueStream()));
  }

  /**
   * Whether each name of {@code path} but the last is an inner block and the last its attribute.
   */
  static boolean has(JsonNode body, List<String> path, String value) {
    return path.size() == 1
        ? text(body.path(path.getFirst())).filter(value::equals).isPresent()
        : children(body, path.getFirst())
            .anyMatch(child -> has(child, path.subList(1, path.size()), value));
  }

  private static Optional<String> text(JsonNode value) {
    return value.isMissingNode()
        ? Optional.empty()
        : Optional.of(value.asString(value.toString()).replaceFirst("^\\$\\{([^{}]*)}$", "$1"));
  }

  private static Stream<String> strings(JsonNode value) {
    return value.isString()
        ? Stream.of(value.asString())
        : value.valueStream().flatMap(TerraformModule::strings);
  }
}
