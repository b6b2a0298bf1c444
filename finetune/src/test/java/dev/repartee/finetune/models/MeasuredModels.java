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

  final Path folder;
  final Path strong;
  final Path weak;

  /** What was measured on the same data. */
  final Path ofStrong;

  final Path ofWeak;

  /** The weak one beside baselines, which save more. */
  final Path beaten;

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
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Manifest.of(strong).write(strong);
    Manifest.of(weak).write(weak);
    ofStrong =
        evaluate(
            strong,
            "strong-test",
            conversations("test", 12),
            "--train=" + conversations("train", 1),
            "--validation=" + conversations("validation", 1));
    ofWeak = evaluate(weak, "weak-test", conversations("test", 12));
    beaten =
        evaluate(
            weak,
            "beaten",
            conversations("test", 12),
            "--train=" + conversations("train", 9),
            "--validation=" + conversations("validation", 3));
  }

  /** Measures {@code model} on six conversations of this name and stores that with its version. */
  void attach(Path store, Path model, String version, String name) {
    evaluate(model, "attached", conversations(name, 6), "--store=" + store, "--attach=" + version);
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
    CommandRun run = CommandRun.of(new EvaluateCommand(), args);
    if (run.exitCode() != 0) {
      throw new IllegalStateException(run.err());
    }
    return output.resolve("evaluation.json");
  }
}
