package dev.repartee.clustering.extract;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which colour stands for which domain: the most used domains have one each, the others share one.
 * Colours are classes of the style, {@code d0} and on, those of Okabe and Ito, which people who see
 * colours differently can tell apart.
 */
final class DomainColors {

  static final String OTHERS = "dx";

  /** What those without a colour of their own are called. */
  static final String OTHERS_NAME = "others or unknown";

  private static final int COLORS = 7;

  private final List<String> domains = new ArrayList<>();

  DomainColors(ReportData.Findings findings) {
    Map<String, Long> uses = new HashMap<>();
    for (ReportData.Entry entry : findings.answers()) {
      entry.answer().use().byDomain().forEach((name, count) -> uses.merge(name, count, Long::sum));
    }
    for (ReportData.MapPoint point : findings.map()) {
      if (!point.domain().isBlank()) {
        uses.putIfAbsent(point.domain(), point.uses());
      }
    }
    uses.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .limit(COLORS)
        .forEach(entry -> domains.add(entry.getKey()));
  }

  String of(String domain) {
    int at = domains.indexOf(domain);
    return at < 0 ? OTHERS : "d" + at;
  }

  /** Those with a colour of their own, the most used first. */
  List<String> domains() {
    return domains;
  }
}
