package dev.repartee.finetune.tools;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.source.EngineSettings;
import dev.repartee.finetune.source.EngineSettings.PredictorFactory;
import dev.repartee.finetune.source.ModelOptions;
import dev.repartee.text.UserException;
import dev.repartee.text.json.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints what the service would suggest after one conversation. */
@Command(
    name = "suggest",
    description = "Prints what the service would suggest after a conversation, as JSON.")
public final class SuggestCommand implements Callable<Integer> {

  /** What is printed, under the names of the service's API. */
  private record Output(List<Item> suggestions) {}

  private record Item(
      String kind, Optional<String> id, String text, String template, double score) {

    static Item of(Suggestion suggestion) {
      return new Item(
          suggestion.kind().name().toLowerCase(Locale.ROOT),
          suggestion.answerId(),
          suggestion.text(),
          suggestion.template(),
          suggestion.score());
    }
  }

  private final PredictorFactory loader;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|NAME@ALIAS",
      description = "Model folder, or model of the registry.")
  private String model;

  @Mixin private ModelOptions source;
  @Mixin private EngineSettings engine;

  @Option(
      names = "--conversations",
      required = true,
      paramLabel = "FILE|-",
      description =
          "The first conversation of this file (JSON Lines) is used; - is standard input.")
  private Path conversations;

  @Option(
      names = "--draft",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "What the agent has typed so far.")
  private String draft;

  @Option(
      names = "--agent",
      paramLabel = "ID",
      description =
          "The agent, whose own phrasings are suggested too. Default: the conversation's"
              + " agent_id, if it has one.")
  private Optional<String> agent = Optional.empty();

  @Option(
      names = "--limit",
      defaultValue = "3",
      paramLabel = "N",
      description = "Most suggestions (default ${DEFAULT-VALUE}).")
  private int limit;

  public SuggestCommand() {
    this(SuggestionEngine::load);
  }

  SuggestCommand(PredictorFactory loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw UserException.usage("--limit must be at least 1 but is " + limit);
    }
    if (agent.filter(String::isBlank).isPresent()) {
      throw UserException.usage("--agent must not be blank; leave it out where nobody is known");
    }
    ConversationInput input = ConversationInput.read(conversations);
    ModelOptions.LocalModel found = source.locate(model);
    try (ReplyPredictor predictor = loader.load(found.folder(), engine.options(found.folder()));
        ReplySession session =
            predictor.open(
                input.messages(), Desk.ofAgent(agent.map(String::strip).or(input::agentId)))) {
      Output output = new Output(session.suggest(draft, limit).stream().map(Item::of).toList());
      spec.commandLine().getOut().println(Json.PRETTY.writeValueAsString(output));
    }
    return 0;
  }
}
