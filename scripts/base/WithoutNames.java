import dev.repartee.text.TextNorm;
import dev.repartee.text.WordLists;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.ConversationReader;
import dev.repartee.text.conversation.ConversationWriter;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.privacy.CommonWords;
import dev.repartee.text.privacy.ConversationRedactor;
import dev.repartee.text.privacy.PersonalData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Writes conversations without the names of those who wrote in the same forum or channel, and without other personal data. A name that
 * {@value #WORD} conversations elsewhere hold is a word, unless many people are called so; so is an English word where nobody of that
 * name writes.
 *
 * <p>Arguments: conversations, file of the names, file to write, conversations from elsewhere.
 */
final class WithoutNames {

  private static final int WORD = 3;
  private static final int SHORTEST = 3;

  /** More than fits into a window of training; what is longer is a log, most often. */
  private static final int LONGEST = 2500;

  /** What a name may consist of; and the name of an account in the path of a folder. */
  private static final Pattern RUN = Pattern.compile("[\\p{L}\\p{N}_\\-\\[\\]\\\\`^{}|.@+]+");

  /** "name.Thanks", "name-laptop", "name_away". */
  private static final Pattern PART = Pattern.compile("[^._|-]+");

  private static final Pattern EDGE = Pattern.compile("^[\\-.@+]+|[\\-.@+]+$");
  private static final Pattern HOME = Pattern.compile("(?i)((?:/home|/Users|\\\\Users|\\\\Documents and Settings)[/\\\\])[^/\\\\\\s\"'<>|]+");

  private final Set<String> names;
  private final Set<String> rare;

  private WithoutNames(Set<String> names) {
    this.names = names;
    this.rare = names.stream().filter(name -> !CommonWords.isEnglish(name)).collect(Collectors.toSet());
  }

  public static void main(String[] arguments) throws IOException {
    Set<String> names = new HashSet<>();
    Files.readAllLines(Path.of(arguments[1])).forEach(name -> names.add(bare(name)));
    names.removeIf(name -> name.length() < SHORTEST || name.matches("\\d{1,4}|\\{.*"));
    Set<String> given = new HashSet<>(new WordLists(CommonWords.class, "given-names.txt").words("given-names"));
    Map<String, Integer> elsewhere = new HashMap<>();
    try (Stream<Conversation> all = ConversationReader.stream(Arrays.stream(arguments).skip(3).map(Path::of).toList())) {
      all.forEach(one -> runs(one).filter(names::contains).forEach(name -> elsewhere.merge(name, 1, Integer::sum)));
    }
    names.removeIf(name -> elsewhere.getOrDefault(name, 0) >= WORD && !given.contains(name));
    WithoutNames without = new WithoutNames(names);
    ConversationRedactor redactor = new ConversationRedactor();
    try (Stream<Conversation> all = ConversationReader.stream(Path.of(arguments[0]))) {
      List<Conversation> written =
          all.toList().parallelStream().map(one -> redactor.redact(without.of(one)).conversation()).toList();
      ConversationWriter.write(Path.of(arguments[2]), written);
      System.err.printf("%s: %d conversations%n", arguments[2], written.size());
    }
  }

  private static Stream<String> runs(Conversation conversation) {
    return conversation.messages().stream()
        .flatMap(message -> RUN.matcher(message.text()).results())
        .map(run -> bare(run.group()))
        .distinct();
  }

  private static String bare(String name) {
    return EDGE.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /** The same without the persons whom it names. */
  private Conversation of(Conversation one) {
    Set<String> agents =
        Stream.concat(one.agentId().stream(), one.messages().stream().flatMap(message -> message.agentId().stream()))
            .map(WithoutNames::bare)
            .collect(Collectors.toSet());
    Optional<String> customer = one.customerName().map(WithoutNames::bare);
    List<Message> messages =
        one.messages().stream().map(message -> new Message(message.role(), text(message.text(), customer, agents))).toList();
    return new Conversation(one.id(), Optional.empty(), one.domain(), messages);
  }

  private String text(String text, Optional<String> customer, Set<String> agents) {
    String named =
        RUN.matcher(TextNorm.beginning(text, LONGEST))
            .replaceAll(
                run -> {
                  String whole = run.group();
                  Optional<String> without = without(whole, customer, agents);
                  return Matcher.quoteReplacement(
                      without.orElseGet(
                          () ->
                              PART.matcher(whole)
                                  .replaceAll(part -> Matcher.quoteReplacement(without(part.group(), customer, agents).orElse(part.group())))));
                });
    return HOME.matcher(named).replaceAll("$1" + Matcher.quoteReplacement(PersonalData.NAME.placeholder()));
  }

  /** A placeholder for a name, with the signs around it; empty if it is none. */
  private Optional<String> without(String run, Optional<String> customer, Set<String> agents) {
    String name = bare(run);
    boolean asks = customer.filter(name::equals).isPresent();
    boolean helps = agents.contains(name);
    if (!(asks || helps ? names : rare).contains(name)) {
      return Optional.empty();
    }
    PersonalData kind = asks ? PersonalData.CUSTOMER_NAME : helps ? PersonalData.AGENT_NAME : PersonalData.NAME;
    return Optional.of(run.replaceFirst("(?iu)" + Pattern.quote(name), Matcher.quoteReplacement(kind.placeholder())));
  }
}
