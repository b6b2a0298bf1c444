package dev.repartee.serving.feedback;

import dev.repartee.engine.memory.Knowledge;
import dev.repartee.engine.memory.Memory;
import dev.repartee.engine.memory.ModelView;
import dev.repartee.registry.feedback.FeedbackRecord.Typed;
import dev.repartee.serving.model.ServedModel;
import dev.repartee.serving.model.ServiceState;
import dev.repartee.serving.operations.ServiceMetrics;
import dev.repartee.serving.predict.Predictions;
import dev.repartee.serving.predict.ReplyContext;
import dev.repartee.text.TextNorm;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Message.MessageJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Says what of a reply that an agent typed is stored with its feedback, so that knowledge can be
 * built from it. Thread-safe.
 */
final class TypedRecorder {

  /** Of a conversation, before the reply. */
  private static final int MOST_MESSAGES = 20;

  private static final int MOST_CONTEXT = 4000; // characters

  private static final Pattern NAME = Pattern.compile("[a-z0-9_]+"); // of a placeholder

  /** A longer reply is hardly one that others will send. */
  private static final int LONGEST_REPLY = 1000;

  private final StoreSalt salt;
  private final ServiceMetrics metrics;

  TypedRecorder(StoreSalt salt, ServiceMetrics metrics) {
    this.salt = salt;
    this.metrics = metrics;
  }

  /**
   * What is to be stored of a reply; empty when nothing is to be learned: an accepted suggestion
   * are the model's own words.
   *
   * @param state whose models hold the conversation
   * @param caller whose conversation it is
   * @param sender the agent whose feedback it is; where that is not known, the one for whom
   *     suggestions were asked for counts
   * @param turns redacts one text at a time
   */
  Optional<Typed> typed(
      ServiceState state,
      FeedbackRequest request,
      String caller,
      Optional<String> sender,
      Consumer<Runnable> turns) {
    if (!request.byHand()) {
      return refused("accepted");
    }
    if (request.finalText().isBlank() || request.finalText().length() > LONGEST_REPLY) {
      return refused("length");
    }
    Optional<Predictions> predictions =
        state.models().stream()
            .map(ServedModel::predictions)
            .filter(one -> one.context(caller, request.conversationId()).isPresent())
            .findFirst();
    Optional<ReplyContext> context =
        predictions.flatMap(one -> one.context(caller, request.conversationId()));
    if (context.isEmpty()) {
      return refused("context");
    }
    Optional<String> agentId = sender.or(context.get().desk()::agentId);
    Optional<String> agent = agentId.flatMap(salt::pseudonym);
    if (agentId.isPresent() && agent.isEmpty()) {
      return refused("salt");
    }
    String conversation = Memory.conversationHash(salt.now().orElse(""), request.conversationId());
    Knowledge knowledge = predictions.get().engine().knowledge();
    if (knowledge.forgotten().holds(agent, conversation)) {
      return refused("forgotten");
    }
    List<Message> messages = new ArrayList<>(before(context.get().messages(), request.finalText()));
    messages.add(Message.agent(request.finalText()));
    List<Message> redacted =
        ModelView.redact(messages, context.get().desk(), knowledge.redactor(), turns);
    return Optional.of(
        new Typed(
            agent,
            latest(redacted.subList(0, redacted.size() - 1)).stream().map(MessageJson::of).toList(),
            redacted.getLast().text()));
  }

  private Optional<Typed> refused(String reason) {
    metrics.learnRefused(reason);
    return Optional.empty();
  }

  /** Without the reply itself, where the desk has asked for the next one already. */
  private static List<Message> before(List<Message> messages, String reply) {
    int last = messages.size() - 1;
    while (last >= 0 && !messages.get(last).isAgent()) {
      last--;
    }
    return last >= 0 && messages.get(last).text().strip().equals(reply.strip())
        ? messages.subList(0, last)
        : messages;
  }

  static List<Message> latest(List<Message> messages) {
    List<Message> latest = new ArrayList<>();
    int left = MOST_CONTEXT;
    for (Message message : messages.reversed()) {
      if (left <= 0 || latest.size() == MOST_MESSAGES) {
        break;
      }
      String text = message.text();
      latest.addFirst(text.length() <= left ? message : message.withText(end(text, left)));
      left -= text.length();
    }
    return latest;
  }

  /** The last characters of a text, and no half of a character or placeholder. */
  private static String end(String text, int most) {
    int start = text.length() - TextNorm.ending(text, most).length();
    int opened = text.lastIndexOf('{', start - 1);
    int closed = text.indexOf('}', start);
    boolean cut =
        opened >= 0 && closed >= 0 && NAME.matcher(text.substring(opened + 1, closed)).matches();
    return text.substring(cut ? closed + 1 : start);
  }
}
