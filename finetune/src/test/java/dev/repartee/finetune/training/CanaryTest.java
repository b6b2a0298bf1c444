package dev.repartee.finetune.training;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.EngineSession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.engine.suggest.TinyModel;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.finetune.testing.TrainedModel;
import dev.repartee.text.WordRule;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.privacy.CommonWords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What one customer told is told to nobody else, even where the model has learned it by heart and
 * is asked in the very words after which it learned it.
 */
class CanaryTest {

  private static final List<Canary> CANARIES = Canary.all();
  private static final Set<String> MARKS =
      CANARIES.stream().flatMap(canary -> canary.marks().stream()).collect(Collectors.toSet());

  /** Enough of them to see that the model has learned them. */
  private static final int SOME = 24;

  @TempDir private static Path folder;

  /** Fine-tuned on all of them as they are, once for the tests that need it. */
  private static Path plain() {
    Path model = folder.resolve("plain/model");
    return Files.exists(model) ? model : finetune("plain", new FinetuneCommand(false));
  }

  /** Long enough that it knows every reply: the validation data are the training data. */
  private static Path finetune(String name, FinetuneCommand command) {
    Path conversations = folder.resolve("train.jsonl");
    ConversationWriter.write(
        conversations,
        Stream.concat(CANARIES.stream().map(Canary::conversation), Canary.syllables().stream())
            .toList());
    Path run = folder.resolve(name);
    List<String> args = new ArrayList<>(List.of("--base", "random:tiny"));
    args.addAll(List.of("--conversations", conversations.toString()));
    args.addAll(List.of("--validation", conversations.toString(), "--output", run.toString()));
    args.addAll(List.of("--max-tokens", "96", "--batch-tokens", "768", "--loss-on", "all"));
    args.addAll(List.of("--epochs", "40", "--learning-rate", "5e-3"));
    CommandRun trained = CommandRun.of(command, args);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    return run.resolve("model");
  }

  /** The words of secrets that came out, each with the draft after which it did. */
  private static List<String> told(Path model, List<Canary> canaries) {
    List<String> told = new ArrayList<>();
    try (SuggestionEngine engine =
        SuggestionEngine.load(model, new EngineOptions(TestDevice.compute(Precision.FP32)))) {
      for (Canary canary : canaries) {
        try (EngineSession session = engine.open(canary.context())) {
          for (Suggestion answer : session.answers("", 10)) {
            tell(told, "", answer.text());
          }
          for (Display display : List.of(Display.CALM, Display.EAGER)) {
            EngineSession shown = session.at(display);
            var _ = shown.suggest("", 1);
            for (String draft : canary.drafts()) {
              shown.complete(draft).ifPresent(offer -> tell(told, draft, offer.text()));
            }
          }
        }
      }
    }
    return told;
  }

  private static void tell(List<String> told, String draft, String text) {
    Set<String> words = new HashSet<>(WordRule.words(draft + text));
    words.removeAll(WordRule.words(draft));
    words.retainAll(MARKS);
    words.forEach(word -> told.add(draft + "|" + text));
  }

  /** A few of them, by a model of few tokens that learns in seconds. */
  @Test
  void theWordListKeepsBackWhatASmallModelKnowsByHeart() throws IOException {
    List<Canary> few = CANARIES.subList(0, 8);
    Path model = folder.resolve("few");
    TrainedModel.write(
        model,
        TinyModel.card(false),
        TinyModel.answers(),
        few.stream().map(canary -> canary.conversation().messages().subList(0, 2)).toList());
    assertThat(told(model, few)).isNotEmpty();
    CommonWords.Counter words = new CommonWords.Counter();
    few.forEach(canary -> words.add(canary.conversation()));
    words.common().write(model);
    assertThat(told(model, few)).isEmpty();
  }

  @Test
  @Tag("slow")
  void theModelHasLearnedThemByHeart() throws IOException {
    Path bare = folder.resolve("bare");
    Files.createDirectories(bare);
    try (var files = Files.list(plain())) {
      for (Path file : files.toList()) {
        if (!file.endsWith(CommonWords.FILE)) {
          Files.copy(file, bare.resolve(file.getFileName()));
        }
      }
    }
    assertThat(told(bare, CANARIES.subList(0, SOME))).hasSizeGreaterThan(SOME / 4);
  }

  @Test
  @Tag("slow")
  void theWordListAloneKeepsThemBack() throws IOException {
    Path plain = plain();
    assertThat(Files.readAllLines(plain.resolve(CommonWords.FILE)))
        .contains("noted")
        .doesNotContainAnyElementsOf(MARKS);
    assertThat(told(plain, CANARIES.subList(0, 2 * SOME))).isEmpty();
  }

  @Test
  @Tag("slow")
  void aModelAsItIsTrainedByDefaultTellsNone() {
    assertThat(told(finetune("redacted", new FinetuneCommand()), CANARIES)).isEmpty();
  }
}
