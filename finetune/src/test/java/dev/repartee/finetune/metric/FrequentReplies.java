package dev.repartee.finetune.metric;

import dev.repartee.engine.memory.Desk;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shows the replies used more than once that begin with the draft, whatever the context. */
public record FrequentReplies(List<Conversation> conversations) implements ReplyPredictor {

  private record Reply(String text, long uses) {}

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    List<Reply> frequent =
        conversations.stream()
            .flatMap(Conversation::agentTexts)
            .collect(
                Collectors.groupingBy(Function.identity(), TreeMap::new, Collectors.counting()))
            .entrySet()
            .stream()
            .filter(one -> one.getValue() > 1)
            .map(one -> new Reply(one.getKey(), one.getValue()))
            .sorted((a, b) -> Long.compare(b.uses(), a.uses()))
            .toList();
    long all = conversations.stream().flatMap(Conversation::agentTexts).count();
    return new ReplySession() {
      @Override
      public List<Suggestion> answers(String draft, int limit) {
        return fitting(frequent, draft).stream()
            .limit(limit)
            .map(one -> Suggestion.answer(one.text(), one.text(), (double) one.uses() / all))
            .toList();
      }

      @Override
      public Optional<Suggestion> complete(String draft) {
        List<Reply> fitting = fitting(frequent, draft);
        double sum = fitting.stream().mapToLong(Reply::uses).sum();
        return fitting.stream()
            .filter(one -> one.text().length() > draft.length())
            .findFirst()
            .map(
                one ->
                    Suggestion.completion(one.text().substring(draft.length()), one.uses() / sum));
      }

      @Override
      public void close() {
        // Holds nothing.
      }
    };
  }

  private static List<Reply> fitting(List<Reply> replies, String draft) {
    String lower = draft.toLowerCase(Locale.ROOT);
    return replies.stream()
        .filter(one -> one.text().toLowerCase(Locale.ROOT).startsWith(lower))
        .toList();
  }

  @Override
  public void close() {
    // Holds nothing.
  }
}
