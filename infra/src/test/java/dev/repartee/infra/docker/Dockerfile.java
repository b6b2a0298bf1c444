package dev.repartee.infra.docker;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A Dockerfile as its <a href="https://docs.docker.com/reference/dockerfile/">reference</a> has it:
 * comments, lines that go on after a backslash, flags, stages. No here-documents and no other
 * escape character; they are refused.
 */
record Dockerfile(Map<String, String> arguments, List<Stage> stages) {

  /**
   * One instruction: its word in capitals, its flags such as {@code --from=build}, and what follows
   * them.
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

  /** What begins with a FROM. */
  record Stage(String name, String base, List<Instruction> instructions) {

    List<Instruction> all(String word) {
      return instructions.stream().filter(each -> each.word().equals(word)).toList();
    }
  }

  static Dockerfile parse(String source) {
    Map<String, String> arguments = new LinkedHashMap<>();
    List<Stage> stages = new ArrayList<>();
    for (Instruction instruction : instructions(source)) {
      if (instruction.word().equals("FROM")) {
        stages.add(stage(instruction, stages.size()));
      } else if (!stages.isEmpty()) {
        stages.getLast().instructions().add(instruction);
      } else if (instruction.word().equals("ARG")) {
        String[] parts = instruction.text().split("=", 2);
        arguments.put(parts[0], parts.length > 1 ? parts[1] : "");
      } else {
        throw new IllegalArgumentException(instruction + ": only ARG may stand before FROM");
      }
    }
    return new Dockerfile(arguments, stages);
  }

  /** The stage that a build with {@code --target name} makes. */
  Stage stage(String name) {
    return stages.stream()
        .filter(stage -> stage.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no stage is named " + name));
  }

  /** Instructions that make the stage's image, those of the stages that it begins from first. */
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

  /** Puts the defaults of the arguments before the first FROM in. */
  String substitute(String text) {
    String result = text;
    for (Map.Entry<String, String> argument : arguments.entrySet()) {
      result = result.replace("${" + argument.getKey() + "}", argument.getValue());
    }
    return result;
  }

  private static Stage stage(Instruction from, int number) {
    String[] parts = from.text().split("\\s+", -1);
    boolean named = parts.length == 3 && parts[1].equalsIgnoreCase("as");
    if (parts.length != 1 && !named) {
      throw new IllegalArgumentException(from + ": expected FROM image [AS name]");
    }
    return new Stage(named ? parts[2] : String.valueOf(number), parts[0], new ArrayList<>());
  }

  private static List<Instruction> instructions(String source) {
    List<Instruction> instructions = new ArrayList<>();
    StringBuilder pending = new StringBuilder();
    int number = 0;
    int begun = 0;
    for (String line : source.split("\n", -1)) {
      number++;
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue; // comments stand between the parts of an instruction, too
      }
      if (pending.isEmpty()) {
        begun = number;
      }
      if (stripped.endsWith("\\")) {
        pending.append(stripped, 0, stripped.length() - 1).append(' ');
      } else {
        instructions.add(instruction(begun, pending.append(stripped).toString()));
        pending.setLength(0);
      }
    }
    if (!pending.isEmpty()) {
      throw new IllegalArgumentException(
          "line " + begun + ": the file ends within this instruction");
    }
    return instructions;
  }

  private static Instruction instruction(int line, String text) {
    if (text.contains("<<")) {
      throw new IllegalArgumentException("line " + line + ": here-documents are not read here");
    }
    String[] wordAndRest = text.split("\\s+", 2);
    String rest = wordAndRest.length > 1 ? wordAndRest[1] : "";
    List<String> flags = new ArrayList<>();
    while (rest.startsWith("--")) {
      String[] flagAndRest = rest.split("\\s+", 2);
      flags.add(flagAndRest[0]);
      rest = flagAndRest.length > 1 ? flagAndRest[1] : "";
    }
    return new Instruction(line, wordAndRest[0].toUpperCase(Locale.ROOT), List.copyOf(flags), rest);
  }
}
