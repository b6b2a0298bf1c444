package dev.repartee.engine.suggest;

import ai.djl.Device;
import dev.repartee.engine.gpt2.Gpt2Config;
import dev.repartee.engine.gpt2.Gpt2Program;
import dev.repartee.engine.gpt2.Gpt2Weights;
import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.MemoryBuilder;
import dev.repartee.engine.memory.MemoryFile;
import dev.repartee.engine.memory.Wordings;
import dev.repartee.engine.suggest.OfferPolicy.OfferScale;
import dev.repartee.engine.suggest.OfferPolicy.PlattScale;
import dev.repartee.engine.tokenizer.Gpt2Tokenizer;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import tools.jackson.databind.node.ObjectNode;

/** Model folders whose tokens are the 256 bytes and a few pieces of words, so that all is quick. */
public final class TinyModel {

  private static final String SPACE = "\u0120";
  private static final List<String> MERGES =
      List.of(
          "o r",
          "e r",
          "d er",
          "or der",
          SPACE + " order",
          "h e",
          "t he",
          SPACE + " the",
          "o u",
          "y ou",
          SPACE + " you",
          SPACE + "you r",
          "i n",
          "in g",
          "i s",
          SPACE + " is",
          "o n",
          SPACE + " on",
          "m e",
          "Y ou",
          "You r",
          "c u",
          "s t",
          "cu st",
          "o m",
          "cust om",
          "custom er",
          "n a",
          "na me",
          SPACE + " {");
  private static final int POSITIONS = 192;
  private static final int CONTEXT_TOKENS = 96;

  private TinyModel() {}

  /** A card without calibration that shows whatever has a probability of {@code least} or more. */
  public static ModelCard card(boolean redacted) {
    return ModelCard.of(CONTEXT_TOKENS, redacted, Provenance.NONE);
  }

  /** A calibration that shows every whole reply, however unlikely. */
  public static Calibration showsAll() {
    OfferPolicy all = OfferPolicy.of(OfferScale.DEFAULT, PlattScale.IDENTITY, 0);
    return new Calibration(ReplyRanking.DEFAULT, all, all, Optional.empty());
  }

  /** Random weights that show every whole reply, however unlikely. */
  public static Gpt2Config writeThatShowsAll(Path folder, AnswerSet answers) throws IOException {
    Gpt2Config config = writeRandom(folder, card(false), answers);
    showsAll().write(folder);
    return config;
  }

  /** An answer set in which each is used less than the one before. */
  public static AnswerSet answers(String... texts) {
    return new AnswerSet(
        IntStream.range(0, texts.length)
            .mapToObj(
                i -> {
                  long count = 2L * (texts.length - i) + 1;
                  return new Answer(
                      "a-" + i, texts[i], count, 2, List.of(new Phrasing(texts[i], count)));
                })
            .toList());
  }

  /** Random weights, larger than GPT-2 begins with: its attention and its choices are pointed. */
  public static Gpt2Config writeRandom(Path folder, ModelCard card, AnswerSet answers)
      throws IOException {
    Gpt2Config config = writeTokenizer(folder, 32);
    try (Gpt2Program program = Gpt2Program.open(config, Device.cpu());
        Gpt2Weights weights = Gpt2Weights.random(config, program, 7)) {
      for (int i = 0; i < weights.arrays().size(); i++) {
        if (weights.layout().get(i).isMatrix()) {
          weights.arrays().get(i).muli(12);
        }
      }
      weights.write(folder);
    }
    write(folder, config, card, answers);
    return config;
  }

  /** As {@link #rememberOwn(Path, String, String)}, in an empty memory with this salt. */
  public static void rememberOwn(Path folder, String agentId, String reply, String salt)
      throws IOException {
    int width = Gpt2Config.read(folder).width();
    MemoryFile.write(
        new MemoryBuilder(width, salt, new Wordings(Knowledge.answers(folder))).build(), folder);
    rememberOwn(folder, agentId, reply);
  }

  /** Has an agent write {@code reply} in three conversations, so that it is suggested to them. */
  public static void rememberOwn(Path folder, String agentId, String reply) throws IOException {
    try (SuggestionEngine engine =
        SuggestionEngine.load(folder, new EngineOptions(TestDevice.compute(Precision.FP32)))) {
      List<Conversation> conversations = new ArrayList<>();
      for (int n = 0; n < 3; n++) {
        conversations.add(
            new Conversation(
                "c-" + n,
                Optional.of(agentId),
                Optional.empty(),
                List.of(Message.customer("is the order on the way?"), Message.agent(reply))));
      }
      learn(engine, conversations);
      MemoryFile.write(engine.knowledge().memory(), folder);
    }
  }

  /** Has the engine remember what agents replied in these conversations. */
  public static void learn(SuggestionEngine engine, List<Conversation> conversations) {
    Knowledge before = engine.knowledge();
    MemoryBuilder memory = before.memoryBuilder();
    engine.read(conversations, memory);
    engine.use(before.with(memory.build(), before.library(), before.forgotten()));
  }

  /** Writes all of a model folder but the weights and the tokenizer. */
  public static void write(Path folder, Gpt2Config config, ModelCard card, AnswerSet answers)
      throws IOException {
    config.write(folder);
    card.write(folder);
    AnswerSetFile.write(folder.resolve(Knowledge.ANSWERS_FILE), answers);
  }

  /** Writes the tokenizer; returns the configuration of a model of this width that fits it. */
  public static Gpt2Config writeTokenizer(Path folder, int width) throws IOException {
    Files.createDirectories(folder);
    ObjectNode root = Json.COMPACT.createObjectNode().put("version", "1.0");
    ObjectNode vocabulary = Json.COMPACT.createObjectNode();
    // GPT-2's alphabet: what is printable stands for itself, the others for U+0100 on.
    int next = 256;
    for (int value = 0; value < 256; value++) {
      boolean printable = (value > 32 && value < 127) || (value > 160 && value != 173);
      vocabulary.put(String.valueOf((char) (printable ? value : next++)), vocabulary.size());
    }
    MERGES.forEach(pair -> vocabulary.put(pair.replace(" ", ""), vocabulary.size()));
    String end = "<|endoftext|>";
    root.putArray("added_tokens")
        .addObject()
        .put("id", vocabulary.size())
        .put("content", end)
        .put("special", true);
    root.putObject("pre_tokenizer")
        .put("type", "ByteLevel")
        .put("add_prefix_space", false)
        .put("trim_offsets", true);
    ObjectNode model = root.putObject("model").put("type", "BPE");
    model.set("vocab", vocabulary.put(end, vocabulary.size()));
    MERGES.forEach(model.putArray("merges")::add);
    Files.writeString(folder.resolve(Gpt2Tokenizer.FILE), Json.COMPACT.writeValueAsString(root));
    int ids = vocabulary.size() + PromptFormat.MARKERS;
    return new Gpt2Config(ids, POSITIONS, width, 2, 2, 1e-5);
  }
}
