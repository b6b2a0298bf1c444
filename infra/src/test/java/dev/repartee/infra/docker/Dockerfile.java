package dev.repartee.infra.docker;

import dev.repartee.infra.testing.ExternalTools;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A Dockerfile in stages, from the instructions that npm's dockerfile-ast reads. Here-documents are
 * refused: no rule looks into them.
 *
 * @param arguments defaults of the {@code ARG}s before the first {@code FROM}
 */
record Dockerfile(Map<String, String> arguments, List<Stage> stages) {

  /**
   * One instruction.
   *
   * @param word in capitals
   * @param flags such as {@code --from=build}
   * @param text what follows the flags
   */
  record Instruction(int line, String word, List<String> flags, String text) {

    /** The flag's value. */
    Optional<String> flag(String name) {
      String start = "--" + name + "=";
      return flags.stream()
          .filter(flag -> flag.startsWith(start))
          .map(flag -> flag.substring(start.length()))
          .findFirst();
    }

    /** True when the arguments are a JSON array, so that no shell stands between. */
    boolean isExecForm() {
      return text.startsWith("[\"") && text.endsWith("\"]");
    }

    @Override
    public String toString() {
      return "line " + line + ": " + word + " " + text;
    }
  }

  /** A {@code FROM} and what follows it. */
  record Stage(String name, String base, List<Instruction> instructions) {

    List<Instruction> all(String word) {
      return instructions.stream().filter(each -> each.word().equals(word)).toList();
    }
  }

  static Dockerfile parse(String source) {
    Map<String, String> arguments = new LinkedHashMap<>();
    List<Stage> stages = new ArrayList<>();
    ExternalTools.parse(ExternalTools.Language.DOCKERFILE, "Dockerfile", source)
        .forEach(
            node -> {
              Instruction instruction = instruction(node);
              if (instruction.word().equals("FROM")) {
                stages.add(stage(instruction, stages.size()));
              } else if (!stages.isEmpty()) {
                stages.getLast().instructions().add(instruction);
              } else if (instruction.word().equals("ARG")) {
                String[] parts = instruction.text().split("=", 2);
                arguments.put(parts[0], parts.length > 1 ? parts[1] : "");
              } else {
                throw new IllegalArgumentException(
                    instruction + ": only ARG may stand before FROM");
              }
            });
    return new Dockerfile(arguments, stages);
  }

  private static Instruction instruction(JsonNode node) {
    int line = node.required("line").intValue();
    if (node.required("heredoc").booleanValue()) {
      throw new IllegalArgumentException("line " + line + ": here-documents are not read here");
    }
    if (node.required("unfinished").booleanValue()) {
      throw new IllegalArgumentException(
          "line " + line + ": the file ends within this instruction");
    }
    return new Instruction(
        line,
        node.required("word").asString(),
        node.required("flags").valueStream().map(JsonNode::asString).toList(),
        node.required("text").asString());
  }

  private static Stage stage(Instruction from, int number) {
    String[] parts = from.text().split("\\s+", -1);
    boolean named = parts.length == 3 && parts[1].equalsIgnoreCase("as");
    if (parts.length != 1 && !named) {
      throw new IllegalArgumentException(from + ": expected FROM image [AS name]");
    }
    return new Stage(named ? parts[2] : String.valueOf(number), parts[0], new ArrayList<>());
  }

  /** The stage that a build with {@code --target name} makes. */
  Stage stage(String name) {
    return stages.stream()
        .filter(stage -> stage.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stage is named " + name));
  }

  /** The instructions of the stage's image, beginning with those of the stages below it. */
  List<Instruction> inherited(String name) {
    Stage stage = stage(name);
    String base = substitute(stage.base());
    List<Instruction> all = new ArrayList<>();
    if (stages.stream().anyMatch(each -> each.name().equals(base))) {
      all.addAll(inherited(base));
    }
    all.addAll(stage.instructions());
    return all;
  }

  /** Replaces {@link #arguments} by their defaults. */
  String substitute(String text) {
    String result = text;
    for (Map.Entry<String, String> argument : arguments.entrySet()) {
      result = result.replace("${" + argument.getKey() + "}", argument.getValue());
    }
    return result;
  }
}
