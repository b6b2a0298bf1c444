package dev.repartee.finetune.evaluate;

import dev.repartee.finetune.metric.Breakdown;
import dev.repartee.finetune.metric.Breakdown.Part;
import dev.repartee.text.page.Quantities;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What was saved of which replies. */
final class BreakdownView {

  private static final Comparator<Part> MOST_SAVED =
      Comparator.comparingDouble(Part::saved).reversed().thenComparing(Part::name);

  private final Breakdown breakdown;

  BreakdownView(Breakdown breakdown) {
    this.breakdown = breakdown;
  }

  Map<String, Object> model() {
    return Map.of(
        "breakdowns",
        Stream.of(
                figure("Length of the reply", "In characters.", breakdown.lengths()),
                figure(
                    "Position in the conversation",
                    "Which of the agent's replies it is, counted from the first.",
                    breakdown.positions()),
                figure("Domain", "Most saved first.", sorted(breakdown.domains())),
                figure(
                    "Agent",
                    "Those with enough replies to tell, most saved first.",
                    sorted(breakdown.agents())))
            .filter(figure -> !((List<?>) figure.get("bars")).isEmpty())
            .toList());
  }

  private static List<Part> sorted(List<Part> parts) {
    return parts.stream().sorted(MOST_SAVED).toList();
  }

  private static Map<String, Object> figure(String title, String text, List<Part> parts) {
    Bars bars = new Bars();
    parts.forEach(
        part ->
            bars.add(
                part.name(), Quantities.count(part.replies()), part.saved(), part.ci95(), true));
    return Map.of("breakdownTitle", title, "breakdownText", text, "bars", bars.model());
  }
}
