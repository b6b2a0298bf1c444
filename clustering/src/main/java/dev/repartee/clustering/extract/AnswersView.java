package dev.repartee.clustering.extract;

import dev.repartee.clustering.extract.ReportData.Entry;
import dev.repartee.clustering.extract.ReportData.Findings;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.Answer;
import dev.repartee.text.answers.AnswerUse;
import dev.repartee.text.answers.Phrasing;
import dev.repartee.text.page.Quantities;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The answers, each with what stands behind it. */
final class AnswersView {

  /** How much is shown of an answer; less of the many that are used little, to keep files small. */
  private record Depth(int phrasings, int contexts, int agents, int domains) {}

  private static final int MUCH_USED = 100;
  private static final Depth DEEP = new Depth(12, 4, 8, 8);
  private static final Depth SHALLOW = new Depth(2, 1, 2, 3);

  private final Findings findings;
  private final DomainColors colors;
  private final List<String> domains;
  private final long most;

  AnswersView(Findings findings, DomainColors colors) {
    this.findings = findings;
    this.colors = colors;
    this.domains =
        findings.answers().stream()
            .flatMap(entry -> entry.answer().use().byDomain().keySet().stream())
            .distinct()
            .sorted(TextNorm.BY_CODE_POINT)
            .toList();
    this.most = findings.answers().stream().mapToLong(e -> e.answer().count()).max().orElse(1);
  }

  Map<String, Object> model() {
    List<Map<String, Object>> answers = new ArrayList<>();
    for (int i = 0; i < findings.answers().size(); i++) {
      answers.add(answer(findings.answers().get(i), i < MUCH_USED ? DEEP : SHALLOW));
    }
    List<Map<String, Object>> choices = new ArrayList<>();
    for (int i = 0; i < domains.size(); i++) {
      choices.add(Map.of("number", i, "name", domains.get(i)));
    }
    return Map.of(
        "hasAnswers", !answers.isEmpty(),
        "answerCount", Words.count(answers.size(), "answer"),
        "answers", answers,
        "domains", choices,
        "hasDomains", !domains.isEmpty());
  }

  private Map<String, Object> answer(Entry entry, Depth depth) {
    Answer answer = entry.answer();
    AnswerUse use = answer.use();
    Map<String, Object> model = new HashMap<>();
    model.put("id", answer.id());
    model.put("text", answer.text());
    model.put("uses", answer.count());
    model.put("count", Quantities.count(answer.count()));
    double size = 100.0 * answer.count() / Math.max(1, most);
    model.put("size", size < 1 ? "" : Quantities.decimals(size, 1));
    model.put("share", Words.share(entry.shareOfMessages()));
    model.put("characters", Words.share(entry.shareOfCharacters()));
    model.put("agents", Words.count(answer.agents(), "agent"));
    model.put("agentCount", answer.agents());
    String main = use.byDomain().keySet().stream().findFirst().orElse("");
    model.put("domain", main);
    model.put("color", colors.of(main));
    model.put("domainNumbers", numbers(use.byDomain().keySet()));
    model.put("phrasings", phrasings(answer, depth));
    model.put("more", more(answer, depth));
    model.put("whereStops", stops(use.byPosition()));
    model.put("whereText", positionText(use.byPosition()));
    model.put("used", listed(use.byDomain(), depth.domains()));
    model.put("by", listed(use.byAgent(), depth.agents()));
    model.put("hasContexts", !use.contexts().isEmpty());
    model.put("contexts", use.contexts().stream().limit(depth.contexts()).toList());
    model.put("sentences", use.sentences() > 0 ? Words.count(use.sentences(), "message") : "");
    model.put("language", use.language().orElse(""));
    return model;
  }

  private String numbers(Set<String> names) {
    return names.stream()
        .map(name -> String.valueOf(domains.indexOf(name)))
        .collect(Collectors.joining(" "));
  }

  private static List<Map<String, String>> phrasings(Answer answer, Depth depth) {
    return answer.phrasings().stream().limit(depth.phrasings()).map(AnswersView::phrasing).toList();
  }

  private static Map<String, String> phrasing(Phrasing phrasing) {
    return Map.of("text", phrasing.text(), "count", Quantities.count(phrasing.count()));
  }

  private static String more(Answer answer, Depth depth) {
    List<String> parts = new ArrayList<>();
    int further = answer.phrasings().size() - depth.phrasings();
    if (further > 0) {
      parts.add(Quantities.count(further) + " more");
    }
    int hidden = answer.hiddenPhrasings().size();
    if (hidden > 0) {
      parts.add(Quantities.count(hidden) + " of too few agents to be shown");
    }
    return parts.isEmpty() ? "" : "and " + String.join(", ", parts);
  }

  private static long sum(Map<String, Long> counts) {
    return counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Where the bar's colours change: after the opening, and after the middle. */
  private static String stops(Map<String, Long> counts) {
    double all = Math.max(1, sum(counts));
    long opening = counts.getOrDefault("opening", 0L);
    long middle = counts.getOrDefault("middle", 0L);
    return "--a:%s%%;--b:%s%%"
        .formatted(
            Quantities.decimals(100 * opening / all, 0),
            Quantities.decimals(100 * (opening + middle) / all, 0));
  }

  private static String positionText(Map<String, Long> counts) {
    double all = Math.max(1, sum(counts));
    List<String> parts = new ArrayList<>();
    counts.forEach(
        (name, count) -> parts.add(name + " " + Quantities.decimals(100 * count / all, 0) + "%"));
    return String.join(", ", parts);
  }

  private static String listed(Map<String, Long> counts, int most) {
    List<String> parts = new ArrayList<>();
    counts.entrySet().stream()
        .limit(most)
        .forEach(e -> parts.add(e.getKey() + " (" + Quantities.count(e.getValue()) + ")"));
    if (counts.size() > most) {
      parts.add(Quantities.count(counts.size() - most) + " more");
    }
    return String.join(", ", parts);
  }
}
