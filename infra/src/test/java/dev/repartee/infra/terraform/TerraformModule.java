package dev.repartee.infra.terraform;

import dev.repartee.infra.terraform.HclToken.Kind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** All blocks of a folder of Terraform files. */
record TerraformModule(List<HclBlock> blocks) {

  static TerraformModule read(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return new TerraformModule(
          files
              .filter(file -> file.toString().endsWith(".tf"))
              .sorted()
              .flatMap(file -> HclParser.parse(file.getFileName().toString(), text(file)).stream())
              .toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TerraformModule of(String text) {
    return new TerraformModule(HclParser.parse("test.tf", text));
  }

  Stream<HclBlock> blocks(String type) {
    return blocks.stream().filter(block -> block.type().equals(type));
  }

  Stream<HclBlock> resources(String resourceType) {
    return blocks.stream().filter(block -> block.isResource(resourceType));
  }

  /** Every block at any depth. */
  Stream<HclBlock> all() {
    return blocks.stream().flatMap(HclBlock::all);
  }

  /** What can be referred to: {@code var.x}, {@code local.x}, {@code TYPE.NAME} and so on. */
  Set<String> declared() {
    Set<String> names = new TreeSet<>();
    for (HclBlock block : blocks) {
      switch (block.type()) {
        case "variable" -> names.add("var." + block.label(0));
        case "module" -> names.add("module." + block.label(0));
        case "resource" -> names.add(block.label(0) + "." + block.label(1));
        case "data" -> names.add("data." + block.label(0) + "." + block.label(1));
        case "locals" -> block.attributes().keySet().forEach(name -> names.add("local." + name));
        default -> {
          // Nothing of it can be referred to.
        }
      }
    }
    return names;
  }

  /** What a block refers to, in the form of {@link #declared()}. */
  static Set<String> references(HclBlock block) {
    Set<String> found = new TreeSet<>();
    block
        .all()
        .flatMap(inner -> inner.attributes().values().stream())
        .flatMap(HclToken::runs)
        .forEach(run -> collect(run, found));
    return found;
  }

  private static void collect(List<HclToken> run, Set<String> found) {
    for (int i = 0; i + 2 < run.size(); i++) {
      boolean begins = i == 0 || !run.get(i - 1).is(".");
      if (!begins || run.get(i).kind() != Kind.NAME || !run.get(i + 1).is(".")) {
        continue;
      }
      String first = run.get(i).text();
      String reference = first + "." + run.get(i + 2).text();
      if (first.equals("data") && i + 4 < run.size()) {
        found.add(reference + "." + run.get(i + 4).text());
      } else if (Set.of("var", "local", "module").contains(first) || first.startsWith("google_")) {
        found.add(reference);
      }
    }
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
