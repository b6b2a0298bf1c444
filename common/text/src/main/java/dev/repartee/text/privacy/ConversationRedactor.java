package dev.repartee.text.privacy;

import static dev.repartee.text.privacy.PersonalData.AGENT_NAME;
import static dev.repartee.text.privacy.PersonalData.CUSTOMER_NAME;
import static dev.repartee.text.privacy.PersonalData.NAME;

import dev.repartee.text.StopWords;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.conversation.Role;
import dev.repartee.text.privacy.NameCues.Evidence;
import dev.repartee.text.privacy.NameDetector.KnownNames;
import dev.repartee.text.privacy.RedactedText.Detection;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Redacts conversations, and separates the customer's name from the agent's and from others'. It
 * reads a conversation twice: first to learn the names from the metadata, introductions, greetings
 * and signatures, then to replace them wherever they stand. Thread-safe.
 */
public final class ConversationRedactor {

  /** Characters that tell the language of a conversation. */
  private static final int ENOUGH_FOR_LANGUAGE = 400;

  private final Redactor redactor;
  private final PublicFacts facts;
  private final Memo memo;

  /** Whether there are rules for this language, a primary tag of BCP 47, English among them. */
  public static boolean knows(String language) {
    return language.equals("en") || LanguageRules.LANGUAGES.contains(language);
  }

  /** Replaces whatever has the form of personal data. */
  public ConversationRedactor() {
    this(PublicFacts.NONE);
  }

  /** Leaves {@code facts} as they are, but for names that a conversation gives to a person. */
  public ConversationRedactor(PublicFacts facts) {
    this(facts, Memo.NONE);
  }

  /** A redactor for messages that come again: what {@code memo} keeps is not searched again. */
  public ConversationRedactor(PublicFacts facts, Memo memo) {
    this.facts = facts;
    this.redactor = new Redactor(facts);
    this.memo = memo;
  }

  /**
   * What was found in messages, which depends on no public facts but the team's own terms.
   * Redactors with the same terms may share it. Thread-safe.
   */
  public static final class Memo {

    static final Memo NONE = new Memo(0, false);

    /** Of the newest, longer messages are searched each time, so that what is kept stays small. */
    private static final int LONGEST = 1000;

    /** What a message costs beside its characters. */
    private static final int OVERHEAD = 300;

    private final int most;
    private final boolean newest;
    private int characters;

    /** What was looked up last comes last. */
    private final LinkedHashMap<MessageKey, MessageFindings> found =
        new LinkedHashMap<>(16, 0.75f, true);

    private Memo(int most, boolean newest) {
      this.most = most;
      this.newest = newest;
    }

    /** Keeps the {@code most} messages that were read last: of conversations that go on. */
    public static Memo ofNewest(int most) {
      return new Memo(most, true);
    }

    /** Keeps the first {@code most} characters: of files that are read again from the beginning. */
    public static Memo ofFirst(int most) {
      return new Memo(most, false);
    }

    private MessageFindings get(MessageKey place, Function<MessageKey, MessageFindings> search) {
      int length = place.text().length();
      if (most == 0 || (newest && length > LONGEST)) {
        return search.apply(place);
      }
      synchronized (found) {
        MessageFindings known = found.get(place);
        if (known != null) {
          return known;
        }
      }
      MessageFindings searched = search.apply(place);
      synchronized (found) {
        if (newest || characters < most) {
          found.put(place, searched);
          characters += OVERHEAD + length;
        }
        if (newest && found.size() > most) {
          found.pollFirstEntry();
        }
      }
      return searched;
    }
  }

  /**
   * A conversation that was read.
   *
   * @param redacted what was written
   * @param next redacts what is written next as {@link #redact} would redact it there, without
   *     reading the messages before it again
   */
  public record Reading(RedactedConversation redacted, UnaryOperator<Message> next) {}

  /** Replaces the personal data in all messages. */
  public RedactedConversation redact(Conversation conversation) {
    return redact(conversation, Runnable::run);
  }

  /**
   * Redacts in parallel where others wait for the threads.
   *
   * @param turns runs the search of one message, and returns when it is done
   */
  public RedactedConversation redact(Conversation conversation, Consumer<Runnable> turns) {
    return read(conversation, turns).redacted();
  }

  /** Replaces the personal data in all messages, and remembers the names for the next one. */
  public Reading read(Conversation conversation) {
    return read(conversation, Runnable::run);
  }

  private Reading read(Conversation conversation, Consumer<Runnable> turns) {
    List<Message> messages = conversation.messages();
    Optional<String> language = language(messages);
    List<MessageKey> places = new ArrayList<>();
    LearnedNames learned = new LearnedNames();
    List<RedactedText> redacted = new ArrayList<>();
    for (Message message : messages) {
      turns.accept(
          () -> {
            boolean asked = isAsked(messages, places.size(), language);
            places.add(new MessageKey(message.text(), asked, language, new KnownNames()));
            MessageFindings found = remembered(places.getLast());
            redacted.add(found.redacted());
            learned.add(message.role(), found.clues());
          });
    }
    KnownNames known = learned.known(conversation);
    Set<String> persons = learned.persons(conversation);
    List<Message> redactedMessages = new ArrayList<>();
    List<List<Detection>> detections = new ArrayList<>();
    List<Detection> open = new ArrayList<>();
    Consumer<Runnable> again = known.isEmpty() ? Runnable::run : turns;
    Optional<String> handle = conversation.domain().map(ConversationRedactor::handle);
    for (Message message : messages) {
      again.accept(
          () -> {
            int at = detections.size();
            RedactedText text =
                leaveOpen(
                    message,
                    redacted(places.get(at), redacted.get(at), known, this::remembered),
                    persons,
                    handle,
                    open);
            redactedMessages.add(message.withText(text.text()));
            detections.add(text.detections());
          });
    }
    return new Reading(
        new RedactedConversation(
            new Conversation(
                conversation.id(),
                conversation.agentId(),
                conversation.domain().map(domain -> domain(domain, known, language)),
                Optional.empty(),
                Optional.empty(),
                conversation.startedAt(),
                redactedMessages),
            detections,
            open,
            persons),
        next -> next(conversation, learned, next));
  }

  /** The language that a conversation begins in: a later message changes it in short ones only. */
  private static Optional<String> language(List<Message> messages) {
    StringBuilder texts = new StringBuilder();
    for (int i = 0; i < messages.size() && texts.length() < ENOUGH_FOR_LANGUAGE; i++) {
      texts.append(messages.get(i).text()).append('\n');
    }
    return StopWords.count(texts.substring(0, Math.min(texts.length(), ENOUGH_FOR_LANGUAGE)))
        .likelyLanguage();
  }

  /**
   * A message and where it stands.
   *
   * @param asked whether the message before asked for the writer's name
   * @param language the conversation's; empty while it is not clear
   * @param known the names of all messages, when it is searched once more
   */
  private record MessageKey(
      String text, boolean asked, Optional<String> language, KnownNames known) {

    /** The conversation's language decides; while it is not clear, the message's. */
    Optional<LanguageRules> rules() {
      return language.isPresent() ? LanguageRules.of(language) : LanguageRules.ofText(text);
    }
  }

  /**
   * What is found in a message by itself.
   *
   * @param clues the names that it teaches
   */
  private record MessageFindings(RedactedText redacted, List<Clue> clues) {}

  /** A name in lower case. */
  private record Clue(String name, Evidence evidence) {}

  private MessageFindings remembered(MessageKey place) {
    return memo.get(place, this::search);
  }

  private MessageFindings search(MessageKey place) {
    List<Clue> clues = new ArrayList<>();
    NameDetector.Context context =
        new NameDetector.Context(
            place.asked(),
            place.known(),
            (name, evidence) -> clues.add(new Clue(name, evidence)),
            place.rules());
    return new MessageFindings(redactor.redact(place.text(), context), clues);
  }

  /** Most often a queue's name, but where an export gives a ticket's subject, anything. */
  private String domain(String domain, KnownNames known, Optional<String> language) {
    return redactor
        .redact(
            domain,
            new NameDetector.Context(
                false, known, (name, evidence) -> {}, LanguageRules.of(language)))
        .text();
  }

  /** A message after those of {@code before}, of which the names were learned. */
  private Message next(Conversation before, LearnedNames names, Message message) {
    List<Message> all = new ArrayList<>(before.messages());
    all.add(message);
    Optional<String> language = language(all);
    boolean asked = isAsked(all, all.size() - 1, language);
    LearnedNames learned = new LearnedNames(names);
    MessageKey place = new MessageKey(message.text(), asked, language, new KnownNames());
    MessageFindings found = search(place);
    learned.add(message.role(), found.clues());
    RedactedText whole = redacted(place, found.redacted(), learned.known(before), this::search);
    return message.withText(
        leaveOpen(
                message,
                whole,
                learned.persons(before),
                before.domain().map(ConversationRedactor::handle),
                new ArrayList<>())
            .text());
  }

  /**
   * What in an agent's text may lead somebody to a web or mail address or a phone, in lower case:
   * not only what {@link #redact} replaces but whatever looks like one. For texts for which nobody
   * vouches. Placeholders and public values are left out.
   */
  public List<String> contacts(String text) {
    RedactedConversation redacted =
        redact(
            new Conversation("", Optional.empty(), Optional.empty(), List.of(Message.agent(text))));
    String left = redacted.conversation().messages().getFirst().text();
    for (Detection found : redacted.open()) {
      left = left.replace(found.text(), " ");
    }
    return Contacts.in(left);
  }

  /** What two ways to write the handle of a queue's account share. */
  private static String handle(String queue) {
    return queue.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
  }

  /**
   * Puts public values back, and adds those of agents to {@code open}.
   *
   * @param handle of the queue's own account, which is nobody's personal data
   */
  private RedactedText leaveOpen(
      Message message,
      RedactedText text,
      Set<String> persons,
      Optional<String> handle,
      List<Detection> open) {
    if ((facts.isEmpty() && handle.isEmpty()) || !text.isTouched()) {
      return text;
    }
    List<Detection> masked = new ArrayList<>();
    for (Detection found : text.detections()) {
      boolean stays =
          facts.holds(found.kind(), found.text())
              && !(PublicFacts.isName(found.kind()) && PublicFacts.isPerson(found, persons));
      boolean own =
          found.kind() == PersonalData.ACCOUNT
              && found.text().startsWith("@")
              && handle.filter(handle(found.text())::equals).isPresent();
      if (own) {
        continue;
      }
      if (!stays) {
        masked.add(found);
      } else if (message.isAgent()) {
        open.add(found);
      }
    }
    return masked.size() == text.detections().size()
        ? text
        : Redactor.replaced(message.text(), masked);
  }

  /**
   * Once more, with the names of all messages.
   *
   * @param first redacted without them
   */
  private static RedactedText redacted(
      MessageKey place,
      RedactedText first,
      KnownNames known,
      Function<MessageKey, MessageFindings> search) {
    return known.isEmpty() || !known.mayStandIn(FoldedText.lower(place.text()))
        ? first // nothing else would be found
        : search
            .apply(new MessageKey(place.text(), place.asked(), place.language(), known))
            .redacted();
  }

  /** Collects the names of a conversation with the evidence for whose they are. */
  private static final class LearnedNames {

    private record Learned(String name, Role writer) {}

    private final Map<Evidence, List<Learned>> names = new EnumMap<>(Evidence.class);

    LearnedNames() {}

    LearnedNames(LearnedNames other) {
      other.names.forEach((evidence, found) -> names.put(evidence, new ArrayList<>(found)));
    }

    /** Learns the names of a message. */
    void add(Role writer, List<Clue> clues) {
      for (Clue clue : clues) {
        names
            .computeIfAbsent(clue.evidence(), unseen -> new ArrayList<>())
            .add(new Learned(clue.name(), writer));
      }
    }

    /** The strongest evidence comes first, since a name keeps its first kind. */
    KnownNames known(Conversation conversation) {
      KnownNames known = new KnownNames();
      conversation
          .customerName()
          .ifPresent(name -> known.add(KnownNames.ofMetadata(name), CUSTOMER_NAME));
      conversation
          .agentName()
          .ifPresent(name -> known.add(KnownNames.ofMetadata(name), AGENT_NAME));
      names.forEach(
          (evidence, found) ->
              found.forEach(one -> known.add(one.name(), kind(evidence, one.writer()))));
      return known;
    }

    /** The names that a cue or the metadata gives to a person, whole and word by word. */
    Set<String> persons(Conversation conversation) {
      Set<String> persons = new HashSet<>();
      Stream.concat(
              Stream.of(conversation.customerName(), conversation.agentName())
                  .flatMap(Optional::stream)
                  .map(KnownNames::ofMetadata),
              names.entrySet().stream()
                  .filter(entry -> entry.getKey() != Evidence.LISTED)
                  .flatMap(entry -> entry.getValue().stream().map(Learned::name)))
          .forEach(
              name -> {
                persons.add(name);
                persons.addAll(KnownNames.wordsOf(name));
              });
      return persons;
    }

    private static PersonalData kind(Evidence evidence, Role writer) {
      boolean agent = writer == Role.AGENT;
      return switch (evidence) {
        case SELF -> agent ? AGENT_NAME : CUSTOMER_NAME;
        case ADDRESSED -> agent ? CUSTOMER_NAME : AGENT_NAME;
        case GIVEN, SIGNED -> CUSTOMER_NAME;
        case MENTIONED, LISTED -> NAME;
      };
    }
  }

  // Questions for a name: a bare "Li Na" is one in the answer.

  private static final Pattern ASKS_FOR_NAME =
      RuleTable.pattern("ASKS_FOR_NAME", Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

  private static final Pattern OTHER_NAME =
      RuleTable.pattern("OTHER_NAME", Pattern.CASE_INSENSITIVE);

  private static final int LONGEST_QUESTION = 400;

  /** Whether the message before is the other side's, and asks for a name. */
  private static boolean isAsked(List<Message> messages, int at, Optional<String> language) {
    if (at == 0 || messages.get(at - 1).isAgent() == messages.get(at).isAgent()) {
      return false;
    }
    String text = messages.get(at - 1).text();
    return asksForName(text)
        || LanguageRules.of(language)
            .filter(own -> own.asksForName(FoldedText.lower(text)))
            .isPresent();
  }

  private static boolean asksForName(String text) {
    return text.length() <= LONGEST_QUESTION
        && mentionsName(text)
        && ASKS_FOR_NAME.matcher(text).find()
        && !OTHER_NAME.matcher(text).find();
  }

  /** Cheaper than the pattern, and false for most messages. */
  private static boolean mentionsName(String text) {
    return text.contains("ame")
        || text.contains("AME")
        || text.contains("who")
        || text.contains("Who")
        || text.contains("nom")
        || text.contains("eißen")
        || text.contains("ppelez")
        || text.contains("llama");
  }
}
