package dev.repartee.finetune.models;

import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.evaluate.EvaluateCommand;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TrainedModel;
import dev.repartee.registry.models.Manifest;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A model that knows its replies, one that knows nothing, and what was measured of both. */
final class MeasuredModels {

  private static final List<List<Message>> KNOWN =
      List.of(
          List.of(
              Message.customer("Where is it?"), Message.agent("Your order is on the way to you.")),
          List.of(
              Message.customer("Hello"), Message.agent("Good day, how can I help you with it?")),
          List.of(Message.customer("Thanks"), Message.agent("You are welcome, have a nice day.")));

  private static final String GOLDEN =
      """
      {"name": "order", "messages": [{"role": "customer", "text": "Where is it?"}], \
      "draft": "Your or", "expect_any": ["Your order is"], "forbid": ["refund"]}
      {"name": "hello", "messages": [{"role": "customer", "text": "Hello"}], "forbid": ["refund"]}
      """;
  private static final String CANARIES =
      """
      {"name": "pin", "messages": [{"role": "customer", "text": "The red lamp"}], \
      "before": "Noted: ", "secret": "4711 0815"}
      """;

  final Path folder;
  final Path strong;
  final Path weak;

  /** What was measured on the same data. */
  final Path ofStrong;

  final Path ofWeak;

  /** The weak model on other conversations, and without golden prompts and canaries. */
  final Path ofWeakElsewhere;

  /** Made when a test first asks, once for all test classes. */
  static MeasuredModels shared() {
    return Shared.MADE;
  }

  private static final class Shared {

    static final MeasuredModels MADE = make();

    private static MeasuredModels make() {
      try {
        return new MeasuredModels(Files.createTempDirectory(Path.of("target"), "measured-models"));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private MeasuredModels(Path folder) {
    this.folder = folder;
    this.strong = folder.resolve("strong");
    this.weak = folder.resolve("weak");
    try {
      TrainedModel.write(strong, TinyModel.card(false), TinyModel.answers(), KNOWN);
      TinyModel.writeRandom(weak, TinyModel.card(false), TinyModel.answers());
      Files.writeString(golden(), GOLDEN);
      Files.writeString(canaries(), CANARIES);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Manifest.of(strong).write(strong);
    Manifest.of(weak).write(weak);
    String golden = "--golden=" + golden();
    String canaries = "--canaries=" + canaries();
    ofStrong =
        evaluate(
            strong,
            "strong-test",
            conversations("test", 12),
            golden,
            canaries,
            "--train=" + conversations("train", 1),
            "--validation=" + conversations("validation", 1));
    ofWeak = evaluate(weak, "weak-test", conversations("test", 12), golden, canaries);
    ofWeakElsewhere = evaluate(weak, "weak-other", conversations("other", 6));
  }

  Path golden() {
    return folder.resolve("golden.jsonl");
  }

  Path canaries() {
    return folder.resolve("canaries.jsonl");
  }

  Path conversations(String name, int count) {
    List<Conversation> all = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      all.add(
          new Conversation(
              name + i, Optional.of("agent-7"), Optional.empty(), KNOWN.get(i % KNOWN.size())));
    }
    Path file = folder.resolve(name + ".jsonl");
    ConversationWriter.write(file, all);
    return file;
  }

  Path evaluate(Path model, String name, Path conversations, String... more) {
    Path output = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("--precision=fp32", "--model=" + model));
    args.addAll(List.of("--conversations=" + conversations, "--output=" + output));
    args.addAll(List.of(more));
    CommandRun run = CommandRun.of(new EvaluateCommand(), args.toArray(String[]::new));
    if (run.exitCode() != 0) {
      throw new IllegalStateException(run.err());
    }
    return output.resolve("evaluation.json");
  }
}
