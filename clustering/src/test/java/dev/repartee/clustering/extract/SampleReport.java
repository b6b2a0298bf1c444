package dev.repartee.clustering.extract;

import dev.repartee.clustering.answers.Coverage;
import dev.repartee.clustering.extract.ExtractionReport.Changes;
import dev.repartee.clustering.extract.ExtractionReport.MapPoint;
import dev.repartee.clustering.extract.ExtractionReport.ShownAnswer;
import dev.repartee.clustering.review.ReviewChanges;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Decision;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.answers.PhrasingHash;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;

/** The extraction of an invented contact center, to look at and to test with. */
final class SampleReport {

  private static final long MESSAGES = 150_000;
  private static final List<String> DOMAINS =
      List.of(
          "travel", "bank", "insurance", "energy", "telecom", "retail", "hotel", "parking", "gym");
  private static final List<String> STARTS =
      List.of(
          "Thank you for calling",
          "I can see that",
          "Please give me a moment while I check",
          "I'm sorry to hear about",
          "Could you please tell me",
          "Your refund is on its way for",
          "I have now updated",
          "There is nothing more you need to do about",
          "We'll send a confirmation to {email} about",
          "Unfortunately we cannot change");
  private static final List<String> ENDS =
      List.of(
          "your booking {reference}",
          "the date of birth on your account",
          "the delay of your parcel",
          "the last payment of {amount}",
          "your new meter reading",
          "the room with a view of the sea that you asked for",
          "your contract",
          "the excess on your policy, which is {amount} as agreed when it began",
          "the phone that you ordered",
          "the parking ticket");

  private final Random random = new Random(7);
  private final int size;

  SampleReport(int size) {
    this.size = size;
  }

  ExtractionReport data() {
    List<Answer> all = new ArrayList<>();
    List<ShownAnswer> answers = new ArrayList<>();
    List<MapPoint> map = new ArrayList<>();
    List<Coverage.Point> read = new ArrayList<>(List.of(new Coverage.Point(0, 0, 0)));
    List<Coverage.Point> heldOut = new ArrayList<>(List.of(new Coverage.Point(0, 0, 0)));
    double messages = 0;
    double characters = 0;
    for (int i = 0; i < size; i++) {
      Answer answer = answer(i);
      all.add(answer);
      double share = (double) answer.count() / MESSAGES;
      double shareOfCharacters = share * (0.7 + 0.5 * random.nextDouble());
      answers.add(ShownAnswer.of(answer, share, shareOfCharacters, i));
      int domain = random.nextInt(DOMAINS.size());
      map.add(
          new MapPoint(
              Math.cos(domain * 0.7) * 3 + random.nextGaussian(),
              Math.sin(domain * 0.7) * 3 + random.nextGaussian(),
              answer.id(),
              answer.text(),
              answer.count(),
              answer.use().byDomain().keySet().iterator().next()));
      messages += share;
      characters += shareOfCharacters;
      read.add(new Coverage.Point(i + 1, messages, characters));
      if (i % 5 == 4) {
        heldOut.add(new Coverage.Point(i + 1, 0.93 * messages, 0.9 * characters));
      }
    }
    Map<String, Long> replaced = new LinkedHashMap<>();
    replaced.put("name", 41_204L);
    replaced.put("number", 22_310L);
    replaced.put("amount", 9_877L);
    replaced.put("email", 3_120L);
    replaced.put("phone", 2_004L);
    replaced.put("address", 310L);
    return new ExtractionReport(
        new ExtractionReport.Totals(18_422, 64, MESSAGES, 61_907, 4_310),
        new ExtractionReport.Findings(
            read, heldOut, ExtractionReport.mostUsedDomains(all), answers, uncovered(), map),
        new ExtractionReport.Privacy(replaced, 3, 5_120),
        Changes.of(changes(all)),
        new ExtractionReport.Provenance("acme-support", "0.1.0", settings(), sources()));
  }

  private Answer answer(int rank) {
    String text =
        STARTS.get(rank % STARTS.size())
            + " "
            + ENDS.get(rank / STARTS.size() % ENDS.size())
            + (rank < 100 ? "." : ", case " + rank + ".");
    long count = Math.round(9000 / (rank + 1.6)) + 3;
    List<Phrasing> phrasings = new ArrayList<>();
    phrasings.add(new Phrasing(text, Math.max(1, count / 2)));
    for (int i = 0; i < Math.min(20, count / 3); i++) {
      phrasings.add(
          new Phrasing(
              ENDS.get((rank + i) % ENDS.size()) + ": " + STARTS.get(i % STARTS.size()) + " it",
              Math.max(1, count / (4 + i))));
    }
    Map<String, Long> agents = new LinkedHashMap<>();
    for (int i = 0; i < Math.min(40, count / 2); i++) {
      agents.put("agent-" + (10 + i * 7 % 50), Math.max(1, count / (3 + i)));
    }
    Map<String, Long> domains = new LinkedHashMap<>();
    for (int i = 0; i < 1 + rank % 4; i++) {
      domains.put(DOMAINS.get((rank * 5 + i) % DOMAINS.size()), Math.max(1, count / (i + 2)));
    }
    Map<String, Long> positions =
        Map.of("opening", 1 + count / 5, "middle", 1 + count / 2, "closing", 1 + count / 8);
    AnswerUse use =
        new AnswerUse(
            rank % 3 == 0 ? count / 4 : 0,
            agents,
            domains,
            positions,
            List.of("Can you tell me when it will be sorted out?", "I still have not heard back"),
            Optional.of(rank % 11 == 0 ? "de" : "en"));
    return new Answer(
        "a-%010x".formatted(rank * 7_919L),
        text,
        count,
        agents.size(),
        phrasings,
        use,
        List.of(PhrasingHash.of(text + " Ann")));
  }

  private static List<LeftOut> uncovered() {
    return List.of(
        new LeftOut("fewer than 3 messages", OptionalInt.of(2_410), 4_122, List.of()),
        new LeftOut("fewer than 3 agents", OptionalInt.of(811), 5_903, List.of()),
        new LeftOut(
            "beyond the 1,000 most used",
            OptionalInt.of(89),
            267,
            List.of("I will put you through.", "Have you tried another browser?")),
        new LeftOut("rejected in review", OptionalInt.of(4), 912, List.of()),
        new LeftOut("without similar texts (noise)", OptionalInt.empty(), 31_077, List.of()),
        new LeftOut("blank", OptionalInt.empty(), 12, List.of()));
  }

  private static ReviewChanges changes(List<Answer> answers) {
    Answer first = answers.getFirst();
    return new ReviewChanges(
        false,
        List.of(new ReviewChanges.Item("a-1", "Your voucher is valid until {date}.", "")),
        answers.size() - 2,
        List.of(new ReviewChanges.TextChange(first.id(), "Thanks for calling.", first.text())),
        List.of(
            new ReviewChanges.Item(
                "a-2", "We are closed for the holidays.", "no longer in the data")),
        Map.of(Decision.Kind.APPROVE, 212, Decision.Kind.EDIT, 31, Decision.Kind.REJECT, 4),
        List.of(
            new ReviewChanges.Unapplied(
                "a-00000f3a11",
                "Happy new year!",
                Decision.Kind.REJECT.word(),
                "its phrasings now count for a-0000001eef")));
  }

  private static Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("min-agents", "3");
    settings.put("min-count", "3");
    settings.put("max-answers", "1000");
    settings.put("seed", "1");
    return settings;
  }

  private static List<ExtractionReport.Source> sources() {
    return List.of(
        new ExtractionReport.Source(
            "conversations-2026-q1.jsonl.gz", "extraction", "0f".repeat(32)),
        new ExtractionReport.Source("conversations-2026-q2.jsonl.gz", "held out", "a7".repeat(32)));
  }
}
