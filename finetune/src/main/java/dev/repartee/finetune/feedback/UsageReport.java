package dev.repartee.finetune.feedback;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.finetune.feedback.ReplySums.Count;
import dev.repartee.finetune.feedback.ReplySums.Estimate;
import dev.repartee.finetune.feedback.ReplySums.Figure;
import dev.repartee.finetune.feedback.Tallies.AnswerUse;
import dev.repartee.finetune.feedback.Tallies.Cell;
import dev.repartee.finetune.metric.Interval;
import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.page.PageHtml;
import dev.repartee.text.privacy.Sharing;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What supervisors are shown of the feedback of agents; {@code report.js} draws it. Shares are
 * percentages. No agent stands there alone: rows of agents are groups of {@link #FEWEST_AGENTS} and
 * more, and what other rows leave out is of as many, see {@link #few}.
 *
 * @param first day that was counted, in UTC
 * @param repeats records that were stored twice and counted once
 * @param unreadable lines that are no feedback
 * @param weeks by their Mondays; without times where agents are few
 * @param otherQueues those of fewer agents, together; missing where they are too few together, too
 * @param versions with the arm of an experiment; without times where agents are few
 * @param agents missing where timing per agent is off or they are too few
 */
record UsageReport(
    Optional<String> first,
    Optional<String> last,
    long repeats,
    long unreadable,
    Figures all,
    Intervals ci95,
    List<Row> weeks,
    List<Row> queues,
    Optional<Row> otherQueues,
    List<Row> versions,
    Optional<Agents> agents,
    Answers answers,
    List<TypedOften> typedOften) {

  /** Fewer agents are shown in no row of their own. */
  static final int FEWEST_AGENTS = 10;

  private static final int MOST_AGENT_GROUPS = 5;

  /**
   * Displays without a use after which an answer counts as never used, where no library is given.
   */
  private static final int OFTEN_DISPLAYED = 20;

  private static final int MOST_LISTED = 200;

  /**
   * What replies have in common.
   *
   * @param assisted share with a suggestion on the screen
   * @param adoption of these, the share of which a suggestion was sent
   * @param edited of these, the share that was changed first
   * @param net share of keystrokes saved, with those for actions and reading taken off
   * @param typedTextSaved share of characters saved, with one for each use taken off
   * @param composingSeconds of a reply, on average
   * @param per100Characters the same for 100 characters sent
   * @param timed how many replies that is known of
   */
  record Figures(
      long replies,
      Optional<Double> assisted,
      Optional<Double> adoption,
      Optional<Double> edited,
      Optional<Double> net,
      Optional<Double> typedTextSaved,
      Optional<Double> composingSeconds,
      @JsonProperty("composing_seconds_per_100_characters") Optional<Double> per100Characters,
      long timed) {

    static Figures of(ReplySums sums) {
      return new Figures(
          sums.get(Count.REPLIES),
          Figure.ASSISTED.value(sums),
          Figure.ADOPTION.value(sums),
          Figure.EDITED.value(sums),
          Figure.NET.value(sums),
          Figure.TYPED_TEXT_SAVED.value(sums),
          Figure.COMPOSING_SECONDS.value(sums),
          Figure.SECONDS_PER_100_CHARACTERS.value(sums),
          sums.get(Count.TIMED));
    }
  }

  /** A row of a table. */
  record Row(String name, Figures figures) {}

  /** Of {@link Figures}, by groups of conversations. */
  record Intervals(
      Optional<Interval> adoption,
      Optional<Interval> edited,
      Optional<Interval> net,
      Optional<Interval> typedTextSaved,
      Optional<Interval> composingSeconds) {

    static Intervals of(List<ReplySums> groups) {
      return new Intervals(
          of(Figure.ADOPTION, groups),
          of(Figure.EDITED, groups),
          of(Figure.NET, groups),
          of(Figure.TYPED_TEXT_SAVED, groups),
          of(Figure.COMPOSING_SECONDS, groups));
    }

    private static Optional<Interval> of(Figure figure, List<ReplySums> groups) {
      Estimate one = figure.estimate(groups);
      double half = Tallies.T95 * Math.sqrt(one.variance());
      return one.units() < Interval.LEAST_CONVERSATIONS
          ? Optional.empty()
          : Optional.of(new Interval(one.value() - half, one.value() + half));
    }
  }

  /**
   * Agents, only in groups.
   *
   * @param known how many there are
   * @param groups by adoption, the lowest first
   */
  record Agents(int known, List<Row> groups) {}

  /**
   * Answers that nobody used.
   *
   * @param library what was compared with, where one was given
   * @param entries of it
   * @param unused how many there are
   * @param neverUsed those displayed most, at most {@link #MOST_LISTED}
   */
  record Answers(
      Optional<String> library, Optional<Integer> entries, int unused, List<Unused> neverUsed) {}

  /** An answer that nobody used, and how many replies it was on the screen for. */
  record Unused(String id, String text, long displayed) {}

  /**
   * A reply that agents type again and again.
   *
   * @param characters of all these replies
   */
  record TypedOften(String text, long replies, long characters) {}

  static UsageReport of(Tallies tallies, Optional<NamedLibrary> library) {
    Set<String> few = few(tallies, Cell::queue);
    return new UsageReport(
        tallies.days().stream().findFirst().map(LocalDate::toString),
        tallies.days().reversed().stream().findFirst().map(LocalDate::toString),
        tallies.repeats(),
        tallies.unreadable(),
        Figures.of(ReplySums.total(tallies.groups())),
        Intervals.of(tallies.groups()),
        rowsOfMany(tallies, Cell::week),
        rows(sums(tallies, cell -> !few.contains(cell.queue()), Cell::queue)),
        otherQueues(tallies, few),
        rowsOfMany(
            tallies, cell -> cell.version() + (cell.arm().isEmpty() ? "" : ", " + cell.arm())),
        agents(tallies),
        neverUsed(tallies, library),
        typedOften(tallies, library));
  }

  String html() {
    return PageHtml.of(UsageReport.class, new Page(this, CodeVersion.shown()));
  }

  private record Page(UsageReport report, String codeVersion) {}

  // Rows

  /** Rows without the times of {@link #few} agents. */
  private static List<Row> rowsOfMany(Tallies tallies, Function<Cell, String> by) {
    SortedMap<String, ReplySums> sums = sums(tallies, _ -> true, by);
    few(tallies, by).forEach(name -> sums.computeIfPresent(name, (_, all) -> all.withoutTimes()));
    return rows(sums);
  }

  private static List<Row> rows(SortedMap<String, ReplySums> sums) {
    return sums.entrySet().stream()
        .map(one -> new Row(one.getKey(), Figures.of(one.getValue())))
        .toList();
  }

  private static SortedMap<String, ReplySums> sums(
      Tallies tallies, Predicate<Cell> which, Function<Cell, String> by) {
    SortedMap<String, ReplySums> sums = new TreeMap<>();
    tallies.cells().entrySet().stream()
        .filter(one -> which.test(one.getKey()))
        .forEach(one -> Tallies.merge(sums, by.apply(one.getKey()), one.getValue()));
    return sums;
  }

  /**
   * The rows of few known agents, which would show what each of them takes. Where they are few
   * together, too, all rows less the others would show it: so as many other rows are added, those
   * of the fewest agents first, as make them enough, or all. Rows without a known agent come last.
   */
  private static Set<String> few(Tallies tallies, Function<Cell, String> by) {
    SortedMap<String, Set<String>> agents = new TreeMap<>();
    tallies
        .cells()
        .keySet()
        .forEach(
            cell -> agents.computeIfAbsent(by.apply(cell), _ -> new HashSet<>()).add(cell.agent()));
    agents.values().forEach(known -> known.remove(""));
    Set<String> few = new HashSet<>();
    Set<String> together = new HashSet<>();
    agents.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                row -> row.getValue().isEmpty() ? Integer.MAX_VALUE : row.getValue().size()))
        .forEach(
            row -> {
              int known = row.getValue().size();
              boolean isFew = known > 0 && known < FEWEST_AGENTS;
              if (isFew || (!few.isEmpty() && together.size() < FEWEST_AGENTS)) {
                few.add(row.getKey());
                together.addAll(row.getValue());
              }
            });
    return few;
  }

  /** The {@link #few} together; none where they are of few agents together, too. */
  private static Optional<Row> otherQueues(Tallies tallies, Set<String> few) {
    Predicate<Cell> isFew = cell -> few.contains(cell.queue());
    return sums(tallies, isFew.and(Cell::isOfKnownAgent), Cell::agent).size() < FEWEST_AGENTS
        ? Optional.empty()
        : rows(sums(tallies, isFew, _ -> "%d queues together".formatted(few.size()))).stream()
            .findFirst();
  }

  // Agents

  private static Optional<Agents> agents(Tallies tallies) {
    List<ReplySums> byAdoption =
        sums(tallies, Cell::isOfKnownAgent, Cell::agent).values().stream()
            .sorted(Comparator.comparingDouble(sums -> Figure.ADOPTION.value(sums).orElse(0.0)))
            .toList();
    int known = byAdoption.size();
    int groups = Math.min(MOST_AGENT_GROUPS, known / FEWEST_AGENTS);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      List<ReplySums> group = byAdoption.subList(i * known / groups, (i + 1) * known / groups);
      rows.add(new Row("%d agents".formatted(group.size()), Figures.of(ReplySums.total(group))));
    }
    return rows.isEmpty() ? Optional.empty() : Optional.of(new Agents(known, rows));
  }

  // Answers

  private static Answers neverUsed(Tallies tallies, Optional<NamedLibrary> library) {
    Map<String, List<AnswerLibrary.Entry>> entries =
        library.map(named -> named.library().byAnswer()).orElse(Map.of());
    List<Unused> unused = new ArrayList<>();
    for (String id : library.isPresent() ? entries.keySet() : tallies.answers().keySet()) {
      AnswerUse use = tallies.answers().getOrDefault(id, AnswerUse.NONE);
      if (use.used() == 0 && (library.isPresent() || use.displayed() >= OFTEN_DISPLAYED)) {
        String text = library.isPresent() ? entries.get(id).getFirst().text() : use.text();
        unused.add(new Unused(id, text, use.displayed()));
      }
    }
    return new Answers(
        library.map(NamedLibrary::name),
        library.map(_ -> entries.size()),
        unused.size(),
        unused.stream()
            .sorted(
                Comparator.comparingLong(Unused::displayed).reversed().thenComparing(Unused::id))
            .limit(MOST_LISTED)
            .toList());
  }

  /** What a service that learns would suggest to others, and the library does not have. */
  private static List<TypedOften> typedOften(Tallies tallies, Optional<NamedLibrary> library) {
    Set<String> known =
        library.stream()
            .flatMap(named -> named.library().entries().stream())
            .map(entry -> TextNorm.norm(entry.text()))
            .collect(Collectors.toSet());
    return tallies.typed().stream()
        .filter(
            one ->
                Sharing.isTypedForAll(
                    one.conversations().size(), one.agents().size(), one.unknown().size()))
        .filter(one -> !known.contains(TextNorm.norm(one.text())))
        .map(one -> new TypedOften(one.text(), one.replies(), one.characters()))
        .sorted(
            Comparator.comparingLong(TypedOften::characters)
                .reversed()
                .thenComparing(TypedOften::text))
        .limit(MOST_LISTED)
        .toList();
  }
}
