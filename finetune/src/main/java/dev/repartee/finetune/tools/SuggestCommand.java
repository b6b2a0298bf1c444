package dev.repartee.finetune.tools;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.hub.HubModels.LocalModel;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.EngineSettings.PredictorFactory;
import dev.repartee.finetune.options.StoreOptions;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints what the service would suggest after one conversation. */
@Command(
    name = "suggest",
    footer = {
      "  repartee suggest --model runs/acme/model --conversations test.jsonl.gz --draft 'Let me'"
    },
    description = "Prints what the service would suggest after a conversation.")
public final class SuggestCommand implements Callable<Integer> {

  /** What is printed, under the names of the service's API. */
  private record Suggestions(List<Suggestion.Printed> suggestions) {}

  private static final int MOST = 3;

  private final PredictorFactory loader;

  @Option(
      names = "--model",
      required = true,
      paramLabel = "DIR|NAME@ALIAS",
      description = "Model folder, or model of the registry.")
  private String model;

  @Mixin private StoreOptions source;
  @Mixin private EngineSettings engine;

  @Option(
      names = "--conversations",
      required = true,
      paramLabel = "FILE",
      description = "JSON Lines; its first conversation is used.")
  private Path conversations;

  @Option(
      names = "--draft",
      defaultValue = "",
      paramLabel = "TEXT",
      description = "What the agent has typed so far.")
  private String draft;

  @Mixin private Output output;

  public SuggestCommand() {
    this(SuggestionEngine::load);
  }

  SuggestCommand(PredictorFactory loader) {
    this.loader = loader;
  }

  @Override
  public Integer call() {
    Conversation conversation;
    try (Stream<Conversation> all = ConversationReader.stream(conversations)) {
      conversation = all.findFirst().orElseThrow(); // the reader refuses an empty file
    }
    LocalModel local = source.locate("--model", model);
    try (ReplyPredictor predictor = loader.load(local.folder(), engine.options(local.folder()));
        ReplySession session =
            predictor.open(conversation.messages(), Desk.ofAgent(conversation.agentId()))) {
      List<Suggestion.Printed> found =
          session.suggest(draft, MOST).stream().map(Suggestion::printed).toList();
      output.print(
          new Suggestions(found),
          found.isEmpty()
              ? List.of("nothing is worth showing")
              : found.stream().map(SuggestCommand::line).toList());
    }
    return 0;
  }

  private static String line(Suggestion.Printed one) {
    return String.format(Locale.ROOT, "%.2f  %-10s  %s", one.score(), one.kind(), one.text());
  }
}
