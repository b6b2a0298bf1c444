package dev.repartee.clustering.count;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts what the agent of one conversation wrote: personal data becomes placeholders before
 * anything else. A conversation is counted at once, so that what is counted per conversation needs
 * no memory of earlier ones. One for each thread; they may share their {@link Shared} part.
 */
public final class ConversationCounter {

  /** What is costly to make and may be used by several threads. */
  public static final class Shared {
    private final Pseudonyms pseudonyms = new Pseudonyms();
    private final Languages languages = new Languages();
  }

  private final Redaction redaction = new Redaction();
  private final Occurrences occurrences = new Occurrences();
  private final Shared shared;

  public ConversationCounter(Shared shared) {
    this.shared = shared;
  }

  /** Adds {@code conversation} to {@code tallies}. */
  public void count(Conversation conversation, Tallies tallies) {
    Totals totals = tallies.totals();
    List<String> texts = redaction.redact(conversation, totals.redactions);
    List<Message> messages = conversation.messages();
    List<List<Occurrence>> uses = new ArrayList<>();
    StringBuilder written = new StringBuilder();
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).isAgent()) {
        totals.agentMessages++;
        List<Occurrence> found = occurrences.of(i, texts.get(i));
        if (found.isEmpty()) {
          totals.blankMessages++;
        } else {
          uses.add(found);
          Languages.append(written, texts.get(i));
        }
      }
    }
    totals.conversations++;
    if (!uses.isEmpty()) {
      String language = shared.languages.of(written.toString());
      count(conversation, texts, uses, language, tallies);
    }
  }

  private void count(
      Conversation conversation,
      List<String> texts,
      List<List<Occurrence>> uses,
      String language,
      Tallies tallies) {
    Optional<String> agent = conversation.agentId().map(shared.pseudonyms::of);
    long id = Hash64.of(conversation.id());
    Map<String, TextTally> counted = new HashMap<>();
    for (int i = 0; i < uses.size(); i++) {
      List<Occurrence> found = uses.get(i);
      Context context = context(conversation, texts, id, found.getFirst().message());
      for (Occurrence use : found) {
        TextTally tally = counted.computeIfAbsent(use.key(), TextTally::new);
        tally.spellings.add(use.spelling(), 1);
        agent.ifPresent(name -> tally.agents.add(name, 1));
        conversation.domain().ifPresent(name -> tally.domains.add(name, 1));
        tally.addContext(context);
        if (use.sentence()) {
          tally.sentences++;
        }
      }
      TextTally whole = counted.get(found.getFirst().key());
      whole.messages++;
      whole.characters += found.getFirst().spelling().length();
      whole.opening += i == 0 ? 1 : 0;
      whole.closing += i > 0 && i == uses.size() - 1 ? 1 : 0;
      tallies.totals().characters += found.getFirst().spelling().length();
    }
    agent.ifPresent(name -> tallies.totals().agents.add(name, 1));
    tallies.totals().unknownSpeakers += agent.isEmpty() ? 1 : 0;
    for (TextTally tally : counted.values()) {
      tally.languages.add(language, 1);
      tally.unknownSpeakers += agent.isEmpty() ? 1 : 0;
      tallies.merge(tally);
    }
  }

  private static Context context(
      Conversation conversation, List<String> texts, long id, int message) {
    return new Context(
        Hash64.of(id, message),
        id,
        customerText(conversation, texts, message - 1),
        customerText(conversation, texts, message + 1));
  }

  private static String customerText(Conversation conversation, List<String> texts, int index) {
    boolean customers =
        index >= 0 && index < texts.size() && !conversation.messages().get(index).isAgent();
    return customers ? Context.cut(texts.get(index)) : "";
  }
}
