package dev.repartee.finetune.answers;

import static org.assertj.core.api.Assertions.assertThat;

import dev.repartee.engine.gpt2.Precision;
import dev.repartee.engine.gpt2.TestDevice;
import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.suggest.EngineOptions;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.SuggestionEngine;
import dev.repartee.finetune.Main;
import dev.repartee.finetune.testing.CommandRun;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import dev.repartee.text.testing.SharedData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Answers that were added after the training, as entries of a library, beside the same answers
 * trained in: how often is the right one among the first three where an agent gave one of them? The
 * model that was not trained with them read them as context, and began with random weights.
 */
@Tag("slow")
class AddedAnswersTest {

  private static final int ANSWERS = 20;
  private static final int USES = 5;
  private static final int LEAST_TRAINED = 3;
  private static final String BASE = System.getProperty("repartee.base", "random:tiny");

  @TempDir private Path folder;

  private static List<Conversation> read(String part) {
    return ConversationReader.readAll(
        List.of(SharedData.assume("data/star_fulltyped." + part + ".jsonl.gz")));
  }

  private static Map<String, Map<String, Long>> spellings(List<Conversation> conversations) {
    return conversations.stream()
        .flatMap(Conversation::agentTexts)
        .filter(text -> text.codePoints().anyMatch(Character::isLetter))
        .filter(text -> text.codePoints().noneMatch(Character::isDigit))
        .collect(
            Collectors.groupingBy(
                TextNorm::norm, Collectors.groupingBy(text -> text, Collectors.counting())));
  }

  private static long uses(Map<String, Long> spellings) {
    return spellings.values().stream().mapToLong(Long::longValue).sum();
  }

  /** As written most often. */
  private static String text(Map<String, Long> spellings) {
    return spellings.entrySet().stream()
        .max(
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .orElseThrow()
        .getKey();
  }

  /** Those used often enough outside of the training data, in an order that says nothing. */
  private static Set<String> chosen(List<Conversation> held, Map<String, ?> trained) {
    return spellings(held).entrySet().stream()
        .filter(one -> uses(one.getValue()) >= USES && trained.containsKey(one.getKey()))
        .map(Map.Entry::getKey)
        .sorted(Comparator.comparing(Sha256::of))
        .limit(ANSWERS)
        .collect(Collectors.toSet());
  }

  private static List<Conversation> contextOnly(List<Conversation> all, Set<String> norms) {
    return all.stream()
        .map(
            one ->
                new Conversation(
                    one.id(),
                    one.agentId(),
                    one.domain(),
                    one.messages().stream()
                        .map(
                            message ->
                                message.isAgent() && norms.contains(TextNorm.norm(message.text()))
                                    ? new Message(message.role(), message.text(), true)
                                    : message)
                        .toList()))
        .toList();
  }

  private Path train(
      String name, List<Conversation> training, List<Conversation> validation, AnswerSet answers) {
    Path run = folder.resolve(name);
    Path train = folder.resolve(name + ".train.jsonl");
    Path valid = folder.resolve(name + ".valid.jsonl");
    Path set = folder.resolve(name + ".answers.json");
    ConversationWriter.write(train, training);
    ConversationWriter.write(valid, validation);
    AnswerSetFile.write(set, answers);
    List<String> args = new ArrayList<>(List.of("finetune", "--base", BASE));
    args.addAll(List.of("--conversations", train.toString(), "--validation", valid.toString()));
    args.addAll(List.of("--answers", set.toString(), "--output", run.toString()));
    args.addAll(List.of("--max-tokens", "256", "--epochs", "4", "--learning-rate", "2e-3"));
    CommandRun trained = CommandRun.of(new Main(), args);
    assertThat(trained.exitCode()).as(trained.err()).isZero();
    return run.resolve("model");
  }

  private static AnswerSet answers(Map<String, Map<String, Long>> spellings, Set<String> without) {
    return new AnswerSet(
        spellings.entrySet().stream()
            .filter(one -> uses(one.getValue()) >= LEAST_TRAINED && !without.contains(one.getKey()))
            .map(
                one -> {
                  String text = text(one.getValue());
                  long uses = uses(one.getValue());
                  return new Answer(
                      Sha256.of(one.getKey()).substring(0, 16),
                      text,
                      uses,
                      2,
                      List.of(new Phrasing(text, uses)));
                })
            .sorted(Answer.MOST_USED_FIRST)
            .toList());
  }

  /** The share of the uses of each of these texts in which it is among the first three. */
  private static double recall(
      Path model, AnswerLibrary library, List<Conversation> held, Set<String> norms) {
    Map<Boolean, Integer> counts = new HashMap<>();
    try (SuggestionEngine engine =
        SuggestionEngine.load(model, new EngineOptions(TestDevice.compute(Precision.FP32)))) {
      Knowledge before = engine.knowledge();
      engine.use(before.with(before.memory(), library, before.forgotten()));
      for (Conversation conversation : held) {
        List<Message> messages = conversation.messages();
        for (int m = 0; m < messages.size(); m++) {
          String norm = TextNorm.norm(messages.get(m).text());
          if (messages.get(m).isAgent() && norms.contains(norm)) {
            try (ReplySession session = engine.open(messages.subList(0, m))) {
              boolean found =
                  session.answers("", 3).stream()
                      .anyMatch(one -> TextNorm.norm(one.text()).equals(norm));
              counts.merge(found, 1, Integer::sum);
            }
          }
        }
      }
    }
    double right = counts.getOrDefault(true, 0);
    return right / (right + counts.getOrDefault(false, 0));
  }

  @Test
  @Timeout(3600)
  void theyAreFoundHalfAsOftenAsThoseThatWereTrainedIn() {
    List<Conversation> training = read("train");
    List<Conversation> validation = read("valid");
    List<Conversation> held = Stream.concat(validation.stream(), read("test").stream()).toList();
    Map<String, Map<String, Long>> spellings = spellings(training);
    Set<String> chosen = chosen(held, spellings);
    assertThat(chosen).hasSize(ANSWERS);

    Path with = train("with", training, validation, answers(spellings, Set.of()));
    double trainedIn = recall(with, AnswerLibrary.EMPTY, held, chosen);

    Path without =
        train(
            "without",
            contextOnly(training, chosen),
            contextOnly(validation, chosen),
            answers(spellings, chosen));
    List<AnswerLibrary.Entry> entries =
        new HashSet<>(chosen)
            .stream()
                .sorted()
                .map(norm -> new AnswerLibrary.Entry("e-" + norm, text(spellings.get(norm))))
                .toList();
    double added = recall(without, new AnswerLibrary(entries, List.of()), held, chosen);
    System.out.printf(
        "top-3 recall of %d answers: %.3f trained in, %.3f added later, %.2f of that%n",
        ANSWERS, trainedIn, added, added / trainedIn);
    assertThat(recall(without, AnswerLibrary.EMPTY, held, chosen)).isZero();
    assertThat(added).isGreaterThan(trainedIn / 2);
  }
}
