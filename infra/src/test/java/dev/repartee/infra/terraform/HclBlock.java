package dev.repartee.infra.terraform;

import dev.repartee.infra.terraform.HclToken.Kind;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A block: {@code type "label" "label" { ... }}.
 *
 * @param attributes by name, in order; what stands right of {@code =}
 */
record HclBlock(
    String file,
    int line,
    String type,
    List<String> labels,
    Map<String, List<HclToken>> attributes,
    List<HclBlock> blocks) {

  /** For messages: {@code storage.tf:6: resource google_storage_bucket.models}. */
  String where() {
    return file
        + ":"
        + line
        + ": "
        + type
        + (labels.isEmpty() ? "" : " " + String.join(".", labels));
  }

  String label(int index) {
    return index < labels.size() ? labels.get(index) : "";
  }

  boolean isResource(String resourceType) {
    return type.equals("resource") && label(0).equals(resourceType);
  }

  /**
   * The attribute as written, without line breaks and with single spaces; a plain string unquoted.
   */
  Optional<String> text(String attribute) {
    return Optional.ofNullable(attributes.get(attribute)).map(HclBlock::text);
  }

  boolean has(String attribute, String value) {
    return text(attribute).filter(value::equals).isPresent();
  }

  /** Direct children of a type, those that a {@code dynamic} block makes included. */
  Stream<HclBlock> children(String childType) {
    return blocks.stream()
        .flatMap(
            block ->
                block.type().equals("dynamic") && block.label(0).equals(childType)
                    ? block.blocks().stream().filter(inner -> inner.type().equals("content"))
                    : Stream.of(block).filter(inner -> inner.type().equals(childType)));
  }

  /** Whether each name of {@code path} but the last is a child block and the last its attribute. */
  boolean has(List<String> path, String value) {
    return path.size() == 1
        ? has(path.getFirst(), value)
        : children(path.getFirst())
            .anyMatch(child -> child.has(path.subList(1, path.size()), value));
  }

  /** This block and all within. */
  Stream<HclBlock> all() {
    return Stream.concat(Stream.of(this), blocks.stream().flatMap(HclBlock::all));
  }

  private static String text(List<HclToken> tokens) {
    if (tokens.size() == 1) {
      return tokens.getFirst().text();
    }
    return tokens.stream()
        .filter(token -> token.kind() != Kind.NEWLINE)
        .map(token -> token.kind() == Kind.STRING ? '"' + token.text() + '"' : token.text())
        .collect(Collectors.joining(" "))
        .replace(" . ", ".");
  }
}
