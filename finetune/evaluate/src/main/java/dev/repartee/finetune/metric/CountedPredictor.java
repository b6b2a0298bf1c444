package dev.repartee.finetune.metric;

import dev.repartee.engine.suggest.Calibration;
import dev.repartee.engine.suggest.Candidate;
import dev.repartee.engine.suggest.Desk;
import dev.repartee.engine.suggest.InlineOffers;
import dev.repartee.engine.suggest.OperatingPoint;
import dev.repartee.engine.suggest.ReplyPredictor;
import dev.repartee.engine.suggest.ReplySession;
import dev.repartee.engine.suggest.Suggestion;
import dev.repartee.engine.suggest.WholeReply;
import dev.repartee.text.TextNorm;
import dev.repartee.text.WordBreaks;
import dev.repartee.text.conversation.Conversation;
import dev.repartee.text.conversation.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The baseline {@code words+knn}: {@link WordCounts} and the replies to similar contexts, under the
 * engine's own rule, which is calibrated as for a model. It shows what the model adds to counts.
 * Unlike the engine it may say what a single conversation holds.
 */
final class CountedPredictor implements ReplyPredictor {

  /** Neighbours' replies of which the words are proposed, most probable first. */
  private static final int PROPOSING = 8;

  /** Whole replies that might be shown. */
  private static final int WHOLE = 50;

  private final WordCounts words;
  private final Neighbours neighbours;
  private final Calibration calibration;

  private CountedPredictor(List<Conversation> learned, Calibration calibration) {
    this.words = new WordCounts(learned.stream().flatMap(Conversation::agentTexts));
    this.neighbours = Neighbours.of(learned);
    this.calibration = calibration;
  }

  /** Learns from the conversations, uncalibrated. */
  static CountedPredictor train(List<Conversation> conversations) {
    return new CountedPredictor(conversations, Calibration.NONE);
  }

  /** In the end it learns the validation conversations, too, as {@code recipe} does. */
  static CountedPredictor train(List<Conversation> conversations, List<Conversation> validation) {
    Calibration calibrated;
    try (CountedPredictor learner = train(conversations)) {
      calibrated =
          Calibrator.calibrate(
              (context, desk, text) -> {
                Session session = learner.session(context, desk);
                return new Calibrator.ValidationReply(text, session.whole, session::candidates);
              },
              validation);
    }
    return new CountedPredictor(
        Stream.concat(conversations.stream(), validation.stream()).toList(), calibrated);
  }

  @Override
  public ReplySession open(List<Message> context) {
    return open(context, Desk.NONE);
  }

  @Override
  public ReplySession open(List<Message> context, Desk desk) {
    return session(context, desk);
  }

  private Session session(List<Message> context, Desk desk) {
    return new Session(context, neighbours.replies(context, desk.agentId()).all());
  }

  @Override
  public void close() {
    neighbours.close();
  }

  private final class Session implements ReplySession {

    private final List<RankedReplies.Ranked> near;
    private final List<WholeReply> whole = new ArrayList<>();
    private final InlineOffers offers = new InlineOffers();

    private Session(List<Message> context, List<RankedReplies.Ranked> near) {
      this.near = near;
      Set<String> said =
          context.stream()
              .filter(Message::isAgent)
              .map(message -> TextNorm.norm(message.text()))
              .collect(Collectors.toSet());
      near.stream().limit(WHOLE).forEach(reply -> whole.add(wholeReply(reply, said)));
    }

    private WholeReply wholeReply(RankedReplies.Ranked reply, Set<String> said) {
      String norm = TextNorm.norm(reply.text());
      double use = neighbours.spellings().share(norm);
      return new WholeReply(
          reply.text(),
          reply.text(),
          norm,
          Optional.empty(),
          new WholeReply.Evidence(0, 0, reply.share(), use, use, said.contains(norm)));
    }

    private List<Candidate> candidates(String draft) {
      String lower = draft.toLowerCase(Locale.ROOT);
      Map<String, Double> byWords = words.after(draft);
      List<RankedReplies.Ranked> agreeing =
          near.stream()
              .filter(reply -> reply.lower().length() > lower.length())
              .filter(reply -> reply.lower().startsWith(lower))
              .toList();
      double all = agreeing.stream().mapToDouble(RankedReplies.Ranked::share).sum();
      Set<String> texts = new TreeSet<>(byWords.keySet());
      agreeing.stream()
          .limit(PROPOSING)
          .forEach(reply -> beginnings(reply.lower(), lower.length(), texts));
      List<Candidate> candidates = new ArrayList<>();
      for (String text : texts) {
        OptionalDouble byReplies =
            agreeing.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(share(lower + text, agreeing) / all);
        double share = byWords.getOrDefault(text, 0.0);
        candidates.add(
            new Candidate(
                text,
                0,
                share > 0 ? OptionalDouble.of(share) : OptionalDouble.empty(),
                byReplies,
                draft));
      }
      return candidates;
    }

    @Override
    public List<Suggestion> answers(String draft, int limit) {
      return calibration.ranking().rank(whole, draft, limit);
    }

    @Override
    public List<Suggestion> replies(int limit) {
      return calibration
          .ranking()
          .worthShowing(whole, limit, calibration.policy(OperatingPoint.CALM));
    }

    @Override
    public Optional<Suggestion> complete(String draft) {
      return offers.offer(
          draft,
          offers.stands(draft) ? List.of() : candidates(draft),
          calibration.policy(OperatingPoint.CALM));
    }

    @Override
    public void restart() {
      offers.restart();
    }

    @Override
    public void close() {
      // Holds memory only.
    }
  }

  /** Adds what of a reply follows the draft, up to the end of each word. */
  private static void beginnings(String reply, int typed, Set<String> texts) {
    for (int end = typed + Candidate.SHORTEST; end <= reply.length(); end++) {
      if (WordBreaks.isBoundary(reply, end) && !Character.isWhitespace(reply.charAt(end - 1))) {
        texts.add(reply.substring(typed, end));
      }
    }
  }

  /** The share of replies that begin with {@code text} and end a word there. */
  private static double share(String text, List<RankedReplies.Ranked> replies) {
    return replies.stream()
        .filter(
            reply ->
                reply.lower().startsWith(text)
                    && WordBreaks.isBoundary(reply.lower(), text.length()))
        .mapToDouble(RankedReplies.Ranked::share)
        .sum();
  }
}
