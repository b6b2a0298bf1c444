package dev.repartee.finetune.tools;

import dev.repartee.engine.gpt2.DeviceOption;
import dev.repartee.engine.suggest.ComputeOptions;
import dev.repartee.finetune.options.ModelOptions;
import dev.repartee.finetune.tools.ModelInspector.Inspection;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what a model folder holds and predicts, so that it can be laid beside other tools. */
@Command(
    name = "inspect",
    footer = {"  repartee inspect --model runs/acme/model --text 'Hello, how can I'"},
    description = "Prints what a model holds and predicts, in FP32.")
public final class InspectCommand implements Callable<Integer> {

  /** What there is only with tokens. */
  private static final Pattern PREDICTED = Pattern.compile("(tokens|mean nll|top):");

  private static final Pattern SEPARATOR = Pattern.compile("[,\\s]+");

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|NAME@ALIAS",
      description = "Model folder in Hugging Face's layout, or a model of the registry.")
  private String model;

  @Option(
      names = "--tokens",
      paramLabel = "ID,ID,...",
      description = "Token ids to score and to predict from.")
  private Optional<String> tokens;

  @Option(
      names = "--text",
      paramLabel = "TEXT",
      description =
          "The same for a text; needs tokenizer.json in the folder or GPT-2's vocabulary.")
  private Optional<String> text;

  @Mixin private ModelOptions source;
  @Mixin private DeviceOption device = new DeviceOption();
  @Mixin private Output output;

  @Override
  public Integer call() {
    if (tokens.isPresent() && text.isPresent()) {
      throw UserException.usage("--tokens and --text exclude each other; give one of them");
    }
    int[] ids = tokens.map(InspectCommand::ids).orElse(new int[0]);
    Path given = Path.of(model);
    // A folder that is not whole can be looked at, too.
    Path folder = Files.isDirectory(given) ? given : source.locate(model).folder();
    ModelInspector inspector = new ModelInspector(folder, () -> ComputeOptions.exact(device));
    Inspection found =
        text.map(inspector::inspectText).orElseGet(() -> inspector.inspectTokens(ids));
    List<String> lines = Output.outline(found);
    if (found.tokens().isEmpty()) {
      lines.removeIf(line -> PREDICTED.matcher(line).lookingAt());
    }
    output.print(found, lines);
    return 0;
  }

  private static int[] ids(String list) {
    return SEPARATOR
        .splitAsStream(list.strip())
        .filter(id -> !id.isEmpty())
        .mapToInt(InspectCommand::id)
        .toArray();
  }

  private static int id(String digits) {
    try {
      return Integer.parseInt(digits);
    } catch (NumberFormatException e) {
      throw UserException.usage(
          "--tokens must be whole numbers, for example 464,2068,7586, but one is '" + digits + "'");
    }
  }
}
