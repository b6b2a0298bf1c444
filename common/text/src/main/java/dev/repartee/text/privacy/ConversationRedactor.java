package dev.repartee.text.privacy;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Redacts conversations, and tells the customer's name from the agent's and from others'. It reads
 * a conversation twice: first to learn the names that the metadata, introductions, greetings and
 * signatures give, then to replace them wherever they stand. Thread-safe.
 */
public final class ConversationRedactor {

  private final Redactor redactor;

  public ConversationRedactor() {
    this(new Redactor());
  }

  public ConversationRedactor(Redactor redactor) {
    this.redactor = redactor;
  }

  /** Replaces the personal data in all messages. */
  public RedactedConversation redact(Conversation conversation) {
    Learned learned = new Learned();
    List<Redaction> redactions = new ArrayList<>();
    boolean[] asked = NameQuestion.before(conversation.messages());
    for (int i = 0; i < asked.length; i++) {
      Message message = conversation.messages().get(i);
      redactions.add(redactor.redact(message.text(), learned.listener(message.role(), asked[i])));
    }
    KnownNames known = learned.known(conversation);
    List<Message> messages = new ArrayList<>();
    List<List<Finding>> findings = new ArrayList<>();
    for (int i = 0; i < redactions.size(); i++) {
      Message message = conversation.messages().get(i);
      Redaction redaction =
          known.isEmpty()
              ? redactions.get(i)
              : redactor.redact(message.text(), new Knowing(known, asked[i]));
      messages.add(new Message(message.role(), redaction.text()));
      findings.add(redaction.findings());
    }
    return new RedactedConversation(
        new Conversation(
            conversation.id(), conversation.agentId(), conversation.domain(), messages),
        findings);
  }

  /** Knows all names of the conversation. */
  private record Knowing(KnownNames names, boolean isAskedForName) implements NameJudge {
    @Override
    public PersonalData kindOf(String name, Evidence evidence) {
      return names.kindOf(name).orElse(PersonalData.NAME);
    }

    @Override
    public Optional<KnownNames> known() {
      return Optional.of(names);
    }
  }

  /** Collects the names of a conversation with what tells whose they are. */
  private static final class Learned {

    private record Clue(String name, Role writer) {}

    private final Map<Evidence, List<Clue>> clues = new EnumMap<>(Evidence.class);

    NameJudge listener(Role writer, boolean asked) {
      return new NameJudge() {
        @Override
        public boolean isAskedForName() {
          return asked;
        }

        @Override
        public PersonalData kindOf(String name, Evidence evidence) {
          clues.computeIfAbsent(evidence, unseen -> new ArrayList<>()).add(new Clue(name, writer));
          return PersonalData.NAME;
        }

        @Override
        public Optional<KnownNames> known() {
          return Optional.empty();
        }
      };
    }

    /** The strongest evidence first, since a name keeps the kind with which it was added first. */
    KnownNames known(Conversation conversation) {
      KnownNames known = new KnownNames();
      conversation
          .customerName()
          .ifPresent(name -> known.add(lower(name), PersonalData.CUSTOMER_NAME));
      conversation.agentName().ifPresent(name -> known.add(lower(name), PersonalData.AGENT_NAME));
      clues.forEach(
          (evidence, found) ->
              found.forEach(clue -> known.add(clue.name(), kind(evidence, clue.writer()))));
      return known;
    }

    private static String lower(String name) {
      return FoldedText.of(name, List.of()).lower();
    }

    private static PersonalData kind(Evidence evidence, Role writer) {
      boolean agent = writer == Role.AGENT;
      return switch (evidence) {
        case SELF -> agent ? PersonalData.AGENT_NAME : PersonalData.CUSTOMER_NAME;
        case ADDRESSED -> agent ? PersonalData.CUSTOMER_NAME : PersonalData.AGENT_NAME;
        case GIVEN, SIGNED -> PersonalData.CUSTOMER_NAME;
        case MENTIONED -> PersonalData.NAME;
      };
    }
  }
}
