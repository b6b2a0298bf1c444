package dev.repartee.serving.predict;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.memory.FilledText;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerSet;
import dev.repartee.text.answers.AnswerSetFile;
import dev.repartee.text.conversation.Message;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Suggests the answers that agents use most, whatever the conversation: a service without a neural
 * model.
 */
public final class AnswerListPredictor extends FakeEngine {

  private final List<Answer> mostUsedFirst;
  private final double total;
  private final AtomicInteger open;

  public AnswerListPredictor(AnswerSet answers) {
    this(answers, new AtomicInteger());
  }

  /**
   * Reads the answers of a model folder.
   *
   * @param open counts the predictors that are not closed
   */
  public AnswerListPredictor(Path folder, AtomicInteger open) {
    this(AnswerSetFile.read(folder.resolve("answers.json")), open);
  }

  private AnswerListPredictor(AnswerSet answers, AtomicInteger open) {
    this.open = open;
    open.incrementAndGet();
    mostUsedFirst =
        answers.answers().stream()
            .sorted(Comparator.comparingLong(Answer::count).reversed())
            .toList();
    total = Math.max(1, mostUsedFirst.stream().mapToLong(Answer::count).sum());
  }

  @Override
  public Session open(List<Message> context, Desk desk) {
    return new ListSession(desk);
  }

  @Override
  public void close() {
    open.decrementAndGet();
  }

  private final class ListSession extends FakeSession {

    private final Desk desk;

    ListSession(Desk desk) {
      this.desk = desk;
    }

    @Override
    public FilledText fill(String template) {
      return desk.fill(template);
    }

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return beginningWith(draft)
          .limit(limit)
          .map(answer -> Suggestion.answer(answer.id(), answer.text(), score(answer)))
          .toList();
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return beginningWith(draft)
          .filter(answer -> answer.text().length() > draft.length())
          .findFirst()
          .map(
              answer ->
                  Suggestion.completion(answer.text().substring(draft.length()), score(answer)));
    }

    private Stream<Answer> beginningWith(String draft) {
      String lower = draft.toLowerCase(Locale.ROOT);
      return mostUsedFirst.stream()
          .filter(answer -> answer.text().toLowerCase(Locale.ROOT).startsWith(lower));
    }

    private double score(Answer answer) {
      return answer.count() / total;
    }

    @Override
    public void close() {}
  }
}
