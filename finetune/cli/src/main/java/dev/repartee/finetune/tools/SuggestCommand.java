package dev.repartee.finetune.tools;

import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.hub.LocalModel;
import dev.repartee.finetune.options.EngineSettings;
import dev.repartee.finetune.options.EngineSettings.PredictorFactory;
import dev.repartee.finetune.options.ModelOptions;
import dev.repartee.text.TextNorm;
import dev.repartee.text.UserException;
import dev.repartee.text.cli.Output;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.json.Json;
import dev.repartee.text.json.JsonFields;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;

/** Prints what the service would suggest after one conversation. */
@Command(
    name = "suggest",
    footer = {
      "  repartee suggest --model runs/acme/model --conversations test.jsonl.gz --draft 'Let me'"
    },
    description = "Prints what the service would suggest after a conversation.")
public final class SuggestCommand implements Callable<Integer> {

  /** What is printed, under the names of the service's API. */
  private record Suggestions(List<Item> suggestions) {}

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

    String line() {
      return String.format(Locale.ROOT, "%.2f  %-10s  %s", score, kind, text);
    }
  }

  private final PredictorFactory loader;

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
          "The first conversation of this file (JSON Lines or CSV, plain or gzip) is used; - is"
              + " standard input.")
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
      description = "Most suggestions.")
  private int limit;

  @Mixin private Output output;

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
    LocalModel local = source.locate(model);
    try (ReplyPredictor predictor = loader.load(local.folder(), engine.options(local.folder()));
        ReplySession session =
            predictor.open(
                input.messages(), Desk.ofAgent(agent.map(String::strip).or(input::agentId)))) {
      List<Item> found = session.suggest(draft, limit).stream().map(Item::of).toList();
      output.print(
          new Suggestions(found),
          found.isEmpty()
              ? List.of("nothing is worth showing")
              : found.stream().map(Item::line).toList());
    }
    return 0;
  }

  /**
   * One conversation, still without its next reply: the first of a CSV file, or the first JSON
   * value of a file, which is the first line of JSON Lines, or the object that {@code POST
   * /v1/suggestions} takes.
   *
   * @param agentId who writes the reply, where the file says so
   */
  private record ConversationInput(List<Message> messages, Optional<String> agentId) {

    /** The name that stands for standard input. */
    static final Path STANDARD_INPUT = Path.of("-");

    /** How files that are packed by gzip begin. */
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};

    /**
     * Reads the conversation in {@code file}, plain or gzip, or on standard input for {@code -}.
     *
     * @throws UserException naming the file, and the message that is wrong
     */
    static ConversationInput read(Path file) {
      String name = file.equals(STANDARD_INPUT) ? "standard input" : file.toString();
      if (ConversationReader.isCsv(file)) {
        try (Stream<Conversation> conversations = ConversationReader.stream(file)) {
          Conversation first = conversations.findFirst().orElseThrow();
          return new ConversationInput(first.messages(), first.agentId());
        }
      }
      try {
        JsonNode conversation = firstValue(name, text(file));
        return new ConversationInput(
            messages(conversation), JsonFields.optionalText(conversation, "agent_id"));
      } catch (NoSuchFileException e) {
        throw new UserException(name + ": no such file", e);
      } catch (CharacterCodingException e) {
        throw new UserException(name + ": not UTF-8; convert it to UTF-8", e);
      } catch (IOException e) {
        throw new UserException(name + ": cannot be read: " + e, e);
      } catch (IllegalArgumentException e) {
        throw new UserException(name + ": " + e.getMessage(), e);
      }
    }

    private static String text(Path file) throws IOException {
      try (InputStream in = file.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(file);
          PushbackInputStream start = new PushbackInputStream(in, GZIP.length);
          Reader reader =
              new InputStreamReader(unpacked(start), StandardCharsets.UTF_8.newDecoder())) {
        return TextNorm.withoutByteOrderMark(reader.readAllAsString());
      }
    }

    private static InputStream unpacked(PushbackInputStream in) throws IOException {
      byte[] start = in.readNBytes(GZIP.length);
      in.unread(start);
      return Arrays.equals(start, GZIP) ? new GZIPInputStream(in) : in;
    }

    private static JsonNode firstValue(String name, String text) {
      try {
        // What follows the first value are other lines, which need not even be right.
        JsonNode value =
            Json.COMPACT
                .reader()
                .without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .readTree(text);
        if (value.isMissingNode()) {
          throw new UserException(name + ": is empty; it must hold a conversation as JSON");
        }
        return value;
      } catch (JacksonException e) {
        throw new UserException(
            "%s:%d: not one whole JSON object: %s"
                .formatted(
                    name,
                    e.getLocation() == null ? 1 : e.getLocation().getLineNr(),
                    e.getOriginalMessage().lines().findFirst().orElse("unreadable")),
            e);
      }
    }

    private static List<Message> messages(JsonNode conversation) {
      List<Message> messages = new ArrayList<>();
      for (JsonNode message : JsonFields.array(conversation, "messages")) {
        try {
          Role role = Role.of(JsonFields.text(message, "role"));
          messages.add(new Message(role, JsonFields.text(message, "text")));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "messages[" + messages.size() + "]: " + e.getMessage(), e);
        }
      }
      return messages;
    }
  }
}
