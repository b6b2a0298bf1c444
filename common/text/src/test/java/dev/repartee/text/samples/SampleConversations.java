package dev.repartee.text.samples;

import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.samples.CustomerVoice.Mood;
import dev.repartee.text.samples.Domain.Issue;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import tools.jackson.core.type.TypeReference;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Writes conversations; the same seed gives the same conversations. */
public final class SampleConversations {

  static final List<String> DOMAINS = List.of("billing", "delivery", "internet", "hotel");

  private final List<AgentVoice.Profile> agents =
      new YAMLMapper()
          .readValue(
              Phrasebook.text("agents.yaml"), new TypeReference<List<AgentVoice.Profile>>() {});
  private final List<Domain> domains = DOMAINS.stream().map(Domain::read).toList();
  private final long seed;

  SampleConversations(long seed) {
    this.seed = seed;
  }

  /** So many conversations. */
  public static List<Conversation> of(int count, long seed) {
    return new SampleConversations(seed).generate(count);
  }

  List<Conversation> generate(int count) {
    List<Issue> noIssues = List.of();
    List<List<Issue>> decks = new ArrayList<>(Collections.nCopies(domains.size(), noIssues));
    List<Conversation> conversations = new ArrayList<>();
    for (int number = 1; number <= count; number++) {
      Random random = new Random(seed * 1_000_003L + number * 7_919L);
      int at = random.nextInt(domains.size());
      if (decks.get(at).isEmpty()) {
        List<Issue> deck = new ArrayList<>(domains.get(at).issues());
        Collections.shuffle(deck, random);
        decks.set(at, deck);
      }
      conversations.add(conversation(number, domains.get(at), decks.get(at).removeLast(), random));
    }
    return conversations;
  }

  private Conversation conversation(int number, Domain domain, Issue issue, Random random) {
    AgentVoice.Profile agent = agentFor(domain, random);
    Facts facts = new Facts(domain.id(), agent.name(), random);
    AgentVoice agentVoice = new AgentVoice(agent, facts, random);
    CustomerVoice customerVoice =
        new CustomerVoice(Mood.draw(issue.problem(), random), facts, random);
    return new Conversation(
        String.format(Locale.ROOT, "sample-%05d", number),
        Optional.of(agent.id()),
        Optional.of(domain.id()),
        Optional.empty(),
        Optional.of(agent.name()),
        Optional.empty(),
        new Story(domain, agentVoice, customerVoice, facts, random).tell(issue));
  }

  private AgentVoice.Profile agentFor(Domain domain, Random random) {
    List<AgentVoice.Profile> shift = new ArrayList<>();
    for (AgentVoice.Profile agent : agents) {
      if (agent.domains().contains(domain.id())) {
        shift.addAll(Collections.nCopies(agent.busy(), agent));
      }
    }
    return shift.get(random.nextInt(shift.size()));
  }
}
