package dev.repartee.lab.center;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.repartee.engine.suggest.AnswerDisplay;
import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.Display;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.finetune.evaluate.ServiceClient;
import dev.repartee.finetune.metric.Rule;
import dev.repartee.lab.center.Composition.Persona;
import dev.repartee.lab.center.Composition.Sent;
import dev.repartee.text.TextNorm;
import dev.repartee.text.Threads;
import dev.repartee.text.UserException;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import dev.repartee.text.io.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.ObjectNode;

/**
 * Lives through conversations with a service: customers say what they said, agents write what they
 * wrote, and send feedback after each reply. A reply that an agent was swayed to send stands in the
 * conversation from then on, instead of the true one. What an agent does depends on the seed, the
 * conversation and what is shown, and not on how many agents there are or how fast the clock runs.
 */
final class SimulatedCenter {

  /** Without a clock an agent waits until the service has thought. */
  private static final int PATIENT = 200;

  private static final int CUSTOMER_MS = 8000;

  /** Bytes of a hash in an id, as hexadecimal digits. */
  private static final int ID_DIGITS = 32;

  /**
   * How the center works.
   *
   * @param agents at work at once
   * @param sway how probable it is that a close reply is sent instead of the agent's own
   * @param speed of the clock, by which waiting is shortened; 0: nobody waits
   */
  record Settings(int agents, long seed, double sway, double speed, OperatingPoint point) {

    Settings {
      if (agents < 1) {
        throw UserException.usage("--agents must be at least 1 but is " + agents);
      }
      if (!(sway >= 0 && sway <= 1)) {
        throw UserException.usage("--sway must be between 0 and 1 but is " + sway);
      }
      if (!(speed >= 0)) {
        throw UserException.usage("--speed must be at least 0 but is " + speed);
      }
    }
  }

  /**
   * A conversation as it went.
   *
   * @param own what the agent would have written for each reply that was sent
   */
  record Lived(Conversation conversation, List<String> own, List<Sent> replies) {}

  /**
   * What it came to. Shares are percentages.
   *
   * @param net keystrokes saved, of the characters sent, as in {@code evaluate}
   * @param swayed replies sent with another text than the agent's own
   * @param suggestions what was suggested
   * @param each of every conversation, in their order
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Result(
      int conversations,
      int replies,
      double net,
      double secondsPerConversation,
      int accepted,
      int edited,
      int dismissed,
      int swayed,
      Suggested suggestions,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Figures> each) {

    static Result of(List<Lived> lived) {
      List<Sent> all = lived.stream().flatMap(one -> one.replies().stream()).toList();
      List<Figures> each = lived.stream().map(Figures::of).toList();
      double cost = each.stream().mapToDouble(Figures::cost).sum();
      long characters = each.stream().mapToLong(Figures::characters).sum();
      double seconds = each.stream().mapToDouble(Figures::seconds).sum();
      return new Result(
          lived.size(),
          all.size(),
          rounded(100 * (1 - cost / Math.max(1, characters))),
          rounded(seconds / Math.max(1, lived.size())),
          count(all, "accepted"),
          count(all, "edited"),
          count(all, "dismissed"),
          (int) all.stream().filter(Sent::swayed).count(),
          Suggested.of(lived),
          each);
    }

    /** The same without the conversations. */
    Result inAll() {
      return new Result(
          conversations,
          replies,
          net,
          secondsPerConversation,
          accepted,
          edited,
          dismissed,
          swayed,
          suggestions,
          List.of());
    }

    private static int count(List<Sent> replies, String action) {
      return (int)
          replies.stream()
              .filter(one -> one.fields().path("action").asString("").equals(action))
              .count();
    }
  }

  /**
   * A conversation's figures, from which all net ones follow.
   *
   * @param cost in keystrokes
   * @param characters sent
   */
  record Figures(String id, double cost, long characters, double seconds) {

    static Figures of(Lived lived) {
      return new Figures(
          lived.conversation().id(),
          lived.replies().stream().mapToDouble(one -> one.cost().total(Rule.NET)).sum(),
          lived.replies().stream()
              .mapToLong(one -> one.text().codePointCount(0, one.text().length()))
              .sum(),
          lived.replies().stream().mapToDouble(Sent::seconds).sum());
    }
  }

  /**
   * What was suggested: narrower suggestions are fewer different ones, and shorter.
   *
   * @param shown suggestions, where a completion counts as what it makes of the draft
   * @param distinct different ones of them, without regard to case and punctuation
   * @param characters of one, on average
   * @param ownWords the share of a suggestion's words that are in the reply that the agent would
   *     have written
   * @param wordsCovered the share of the different words of all those replies that any suggestion
   *     has
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Suggested(
      int shown, int distinct, double characters, double ownWords, double wordsCovered) {

    static Suggested of(List<Lived> lived) {
      Set<String> distinct = new HashSet<>();
      Set<String> suggestedWords = new HashSet<>();
      Set<String> ownWords = new HashSet<>();
      int shown = 0;
      long characters = 0;
      long words = 0;
      long own = 0;
      for (Lived conversation : lived) {
        for (int i = 0; i < conversation.replies().size(); i++) {
          List<String> reply = Edit.words(TextNorm.norm(conversation.own().get(i)));
          Set<String> ofReply = new HashSet<>(reply);
          ownWords.addAll(ofReply);
          for (String text : conversation.replies().get(i).shown()) {
            String norm = TextNorm.norm(text);
            List<String> ofText = Edit.words(norm);
            distinct.add(norm);
            suggestedWords.addAll(ofText);
            shown++;
            characters += text.codePointCount(0, text.length());
            words += ofText.size();
            own += ofText.stream().filter(ofReply::contains).count();
          }
        }
      }
      int all = ownWords.size();
      ownWords.retainAll(suggestedWords);
      return new Suggested(
          shown,
          distinct.size(),
          rounded((double) characters / Math.max(1, shown)),
          rounded(100.0 * own / Math.max(1, words)),
          rounded(100.0 * ownWords.size() / Math.max(1, all)));
    }
  }

  private final ServiceClient service;
  private final Settings settings;

  SimulatedCenter(ServiceClient service, Settings settings) {
    this.service = service;
    this.settings = settings;
  }

  /**
   * Lives through all conversations, and returns them in their order.
   *
   * @param step run after each of them
   */
  List<Lived> live(List<Conversation> conversations, Runnable step) {
    Lived[] lived = new Lived[conversations.size()];
    int agents = Math.min(settings.agents(), conversations.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<CompletableFuture<Void>> working = new ArrayList<>();
      for (int a = 0; a < agents; a++) {
        int agent = a;
        working.add(
            CompletableFuture.runAsync(
                () -> {
                  for (int c = agent; c < lived.length; c += agents) {
                    lived[c] = live(conversations.get(c));
                    step.run();
                  }
                },
                threads));
      }
      working.forEach(Threads::await);
    }
    return Arrays.asList(lived);
  }

  private Lived live(Conversation conversation) {
    // Its agent, where the transcript names one; else one of as many as work at once.
    String agent =
        conversation
            .agentId()
            .orElseGet(
                () ->
                    "agent-"
                        + Math.floorMod(
                            Sha256.of(conversation.id()).hashCode(), settings.agents()));
    Persona persona = Persona.of(agent, random(agent));
    Desk known = Desk.of(conversation);
    Desk desk =
        new Desk(Optional.of(agent), conversation.domain(), known.language(), known.metadata());
    List<Message> said = new ArrayList<>();
    List<String> own = new ArrayList<>();
    List<Sent> sent = new ArrayList<>();
    for (Message message : conversation.messages()) {
      if (!message.isLearned()) {
        pace(CUSTOMER_MS);
        said.add(message);
        continue;
      }
      String reply = conversation.id() + "/" + own.size();
      Composition writing =
          new Composition(
              service,
              ServiceClient.request(
                  conversation.id(),
                  said,
                  desk,
                  new Display(settings.point(), AnswerDisplay.WORTH)),
              settings.speed() == 0 ? PATIENT : ServiceClient.WITHIN_A_KEY,
              persona,
              random(reply),
              this::pace,
              message.text());
      Sent done = writing.write(settings.sway());
      service.feedback(feedback(reply, conversation.id(), agent, done.fields()));
      own.add(message.text());
      sent.add(done);
      said.add(message.withText(done.text()));
    }
    return new Lived(conversation.withAgentId(agent).withMessages(said), own, sent);
  }

  /** The same reply of the same seed has the same id: a center that runs again adds nothing. */
  private ObjectNode feedback(String reply, String conversation, String agent, ObjectNode fields) {
    ObjectNode feedback = fields.deepCopy();
    feedback.put("id", Sha256.of(settings.seed() + " " + reply).substring(0, ID_DIGITS));
    feedback.put("conversation_id", conversation);
    feedback.put("agent_id", agent);
    return feedback;
  }

  private RandomGenerator random(String of) {
    byte[] hash =
        Sha256.newDigest().digest((settings.seed() + " " + of).getBytes(StandardCharsets.UTF_8));
    return new SplittableRandom(ByteBuffer.wrap(hash).getLong());
  }

  private void pace(int simulatedMs) {
    if (settings.speed() > 0) {
      try {
        Thread.sleep(Duration.ofNanos((long) (1e6 * simulatedMs / settings.speed())));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new UserException("interrupted", e);
      }
    }
  }

  private static double rounded(double value) {
    return Math.round(100 * value) / 100.0;
  }
}
