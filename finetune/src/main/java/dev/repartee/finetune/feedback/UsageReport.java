package dev.repartee.finetune.feedback;

import static dev.repartee.finetune.feedback.Tallies.Count.ASSISTED;
import static dev.repartee.finetune.feedback.Tallies.Count.CHARACTERS;
import static dev.repartee.finetune.feedback.Tallies.Count.COMPOSING_MS;
import static dev.repartee.finetune.feedback.Tallies.Count.DETAILED_CHARACTERS;
import static dev.repartee.finetune.feedback.Tallies.Count.EDITED;
import static dev.repartee.finetune.feedback.Tallies.Count.REPLIES;
import static dev.repartee.finetune.feedback.Tallies.Count.SAVED;
import static dev.repartee.finetune.feedback.Tallies.Count.TIMED;
import static dev.repartee.finetune.feedback.Tallies.Count.TIMED_CHARACTERS;
import static dev.repartee.finetune.feedback.Tallies.Count.USED;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.finetune.feedback.Tallies.Cell;
import dev.repartee.finetune.feedback.Tallies.Count;
import dev.repartee.finetune.feedback.Tallies.TypedText;
import dev.repartee.finetune.metric.Evaluation.Interval;
import dev.repartee.finetune.options.StoreOptions.NamedLibrary;
import dev.repartee.text.CodeVersion;
import dev.repartee.text.TextNorm;
import dev.repartee.text.answers.AnswerLibrary;
import dev.repartee.text.cli.Output;
import dev.repartee.text.page.PageHtml;
import dev.repartee.text.privacy.Sharing;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;
import java.util.function.Predicate;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

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
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
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

  /** Of the t distribution with {@code GROUPS - 1} degrees of freedom. */
  private static final double T95 = 2.093;

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
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
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

    static Figures of(long[] counts) {
      return new Figures(
          counts[REPLIES.index()],
          share(counts, ASSISTED, REPLIES),
          share(counts, USED, ASSISTED),
          share(counts, EDITED, USED),
          ratio(Tallies.saved(counts), counts, DETAILED_CHARACTERS, 100),
          share(counts, SAVED, CHARACTERS),
          ratio((double) counts[COMPOSING_MS.index()], counts, TIMED, 1e-3),
          ratio((double) counts[COMPOSING_MS.index()], counts, TIMED_CHARACTERS, 0.1),
          counts[TIMED.index()]);
    }

    Figures withoutTimes() {
      return new Figures(
          replies,
          assisted,
          adoption,
          edited,
          net,
          typedTextSaved,
          Optional.empty(),
          Optional.empty(),
          0);
    }

    private static Optional<Double> share(long[] counts, Count part, Count whole) {
      return ratio((double) counts[part.index()], counts, whole, 100);
    }

    private static Optional<Double> ratio(double part, long[] counts, Count whole, double scale) {
      long all = counts[whole.index()];
      return all == 0 ? Optional.empty() : Optional.of(scale * part / all);
    }
  }

  /** A row of a table. */
  record Row(String name, Figures figures) {}

  /** Of {@link Figures}, by conversations. */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Intervals(
      Optional<Interval> adoption,
      Optional<Interval> edited,
      Optional<Interval> net,
      Optional<Interval> typedTextSaved,
      Optional<Interval> composingSeconds) {}

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
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  record Answers(
      Optional<String> library, Optional<Integer> entries, int unused, List<Unused> neverUsed) {}

  /** An answer that nobody used, and how many replies it was on the screen for. */
  record Unused(String id, String text, long displayed) {}

  /**
   * A reply that agents type again and again.
   *
   * @param conversations how many hold it, counted up to {@link Tallies#MOST_COUNTED}
   * @param agents the same
   * @param characters of all these replies
   */
  record TypedOften(String text, long replies, int conversations, int agents, long characters) {}

  static UsageReport of(Tallies tallies, Optional<NamedLibrary> library) {
    Queues queues = Queues.of(tallies);
    return new UsageReport(
        tallies.first().map(LocalDate::toString),
        tallies.last().map(LocalDate::toString),
        tallies.repeats(),
        tallies.unreadable(),
        Figures.of(total(tallies.groups(), -1)),
        intervals(tallies),
        rowsOfMany(tallies, Cell::week),
        queues.shown,
        queues.others,
        rowsOfMany(
            tallies, cell -> cell.version() + (cell.arm().isEmpty() ? "" : ", " + cell.arm())),
        agents(tallies),
        neverUsed(tallies, library),
        typedOften(tallies, library));
  }

  /** What supervisors want to know first, for a terminal. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%,d replies from %s to %s".formatted(all.replies(), first.orElse("?"), last.orElse("?")));
    percent(lines, "with a suggestion on the screen", all.assisted(), Optional.empty());
    percent(lines, "  of these, a suggestion was sent", all.adoption(), ci95.adoption());
    percent(lines, "  of these, changed first", all.edited(), ci95.edited());
    percent(lines, "keystrokes saved, with reading taken off", all.net(), ci95.net());
    percent(lines, "characters saved", all.typedTextSaved(), ci95.typedTextSaved());
    all.composingSeconds()
        .ifPresent(
            seconds ->
                lines.add(
                    "a reply takes %s seconds to compose%s"
                        .formatted(Output.number(seconds), interval(ci95.composingSeconds()))));
    lines.add(
        "%d answers were never used; %d replies are typed often and could become answers"
            .formatted(answers.unused(), typedOften.size()));
    if (repeats + unreadable > 0) {
      lines.add(
          "%d records were stored twice, %d lines are not feedback".formatted(repeats, unreadable));
    }
    return lines;
  }

  private static void percent(
      List<String> lines, String what, Optional<Double> share, Optional<Interval> ci95) {
    share.ifPresent(
        value -> lines.add("%s: %s%%%s".formatted(what, Output.number(value), interval(ci95))));
  }

  private static String interval(Optional<Interval> ci95) {
    return ci95.map(
            one ->
                " (95%%: %s to %s)".formatted(Output.number(one.low()), Output.number(one.high())))
        .orElse(" (" + Interval.TOO_FEW + ")");
  }

  String html() {
    return PageHtml.of(UsageReport.class, new Page(this, CodeVersion.shown()));
  }

  private record Page(UsageReport report, String codeVersion) {}

  // Rows

  /** Rows without the times of {@link #few} agents. */
  private static List<Row> rowsOfMany(Tallies tallies, Function<Cell, String> by) {
    Set<String> few = few(tallies, by);
    return rows(tallies, _ -> true, by).stream()
        .map(row -> few.contains(row.name) ? new Row(row.name, row.figures.withoutTimes()) : row)
        .toList();
  }

  private static List<Row> rows(Tallies tallies, Predicate<Cell> which, Function<Cell, String> by) {
    return sums(tallies, which, by).entrySet().stream()
        .map(one -> new Row(one.getKey(), Figures.of(one.getValue())))
        .toList();
  }

  private static SortedMap<String, long[]> sums(
      Tallies tallies, Predicate<Cell> which, Function<Cell, String> by) {
    SortedMap<String, long[]> sums = new TreeMap<>();
    tallies
        .cells()
        .forEach(
            (cell, counts) -> {
              if (which.test(cell)) {
                Tallies.merge(sums, by.apply(cell), counts);
              }
            });
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

  /** Those that are shown, and the {@link #few}. */
  private record Queues(List<Row> shown, Optional<Row> others) {

    static Queues of(Tallies tallies) {
      Set<String> few = few(tallies, Cell::queue);
      Predicate<Cell> isFew = cell -> few.contains(cell.queue());
      List<Row> others =
          agents(tallies, isFew.and(Cell::isOfKnownAgent)) < FEWEST_AGENTS
              ? List.of()
              : rows(tallies, isFew, _ -> "%d queues together".formatted(few.size()));
      return new Queues(rows(tallies, isFew.negate(), Cell::queue), others.stream().findFirst());
    }
  }

  // Agents

  private static Optional<Agents> agents(Tallies tallies) {
    SortedMap<String, long[]> sums = sums(tallies, Cell::isOfKnownAgent, Cell::agent);
    if (sums.size() < FEWEST_AGENTS) {
      return Optional.empty();
    }
    List<long[]> byAdoption =
        sums.values().stream().sorted(Comparator.comparingDouble(UsageReport::adoption)).toList();
    int groups = Math.min(MOST_AGENT_GROUPS, sums.size() / FEWEST_AGENTS);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < groups; i++) {
      List<long[]> group =
          byAdoption.subList(i * sums.size() / groups, (i + 1) * sums.size() / groups);
      long[] sum = Tallies.zero();
      group.forEach(counts -> Tallies.add(sum, counts));
      rows.add(new Row("%d agents".formatted(group.size()), Figures.of(sum)));
    }
    return Optional.of(new Agents(sums.size(), rows));
  }

  private static double adoption(long[] counts) {
    return counts[ASSISTED.index()] == 0
        ? 0
        : (double) counts[USED.index()] / counts[ASSISTED.index()];
  }

  private static long agents(Tallies tallies, Predicate<Cell> which) {
    return tallies.cells().keySet().stream().filter(which).map(Cell::agent).distinct().count();
  }

  // Intervals

  /** The sum of all groups but one; of all for -1. */
  private static long[] total(long[][] groups, int without) {
    long[] sum = Tallies.zero();
    for (int i = 0; i < groups.length; i++) {
      if (i != without) {
        Tallies.add(sum, groups[i]);
      }
    }
    return sum;
  }

  private static Intervals intervals(Tallies tallies) {
    return new Intervals(
        interval(tallies, Figures::adoption),
        interval(tallies, Figures::edited),
        interval(tallies, Figures::net),
        interval(tallies, Figures::typedTextSaved),
        interval(tallies, Figures::composingSeconds));
  }

  private static Optional<Interval> interval(
      Tallies tallies, Function<Figures, Optional<Double>> figure) {
    long groups =
        Arrays.stream(tallies.groups())
            .filter(one -> figure.apply(Figures.of(one)).isPresent())
            .count();
    return jackknife(
        groups,
        without -> figure.apply(Figures.of(total(tallies.groups(), without))).orElse(Double.NaN));
  }

  /**
   * The delete-a-group jackknife (Kott 2001): groups of conversations are left out one after the
   * other. Empty where too few of them hold anything.
   *
   * @param groups that hold what is estimated, each at least one conversation
   * @param estimate of the figure without a group; with all for -1; NaN where it has none
   */
  static Optional<Interval> jackknife(long groups, IntToDoubleFunction estimate) {
    if (groups < Interval.LEAST_CONVERSATIONS) {
      return Optional.empty();
    }
    double all = estimate.applyAsDouble(-1);
    double squares = 0;
    for (int group = 0; group < Tallies.GROUPS; group++) {
      double without = estimate.applyAsDouble(group);
      squares += (without - all) * (without - all);
    }
    double half = T95 * Math.sqrt(squares * (Tallies.GROUPS - 1) / Tallies.GROUPS);
    return Double.isNaN(half)
        ? Optional.empty()
        : Optional.of(new Interval(all - half, all + half));
  }

  // Answers

  private static Answers neverUsed(Tallies tallies, Optional<NamedLibrary> library) {
    List<Unused> unused = new ArrayList<>();
    if (library.isPresent()) {
      for (List<AnswerLibrary.Entry> texts : library.get().library().byAnswer().values()) {
        AnswerLibrary.Entry entry = texts.getFirst();
        Optional<Tallies.AnswerUse> use = Optional.ofNullable(tallies.answers().get(entry.id()));
        if (use.map(Tallies.AnswerUse::used).orElse(0L) == 0) {
          unused.add(
              new Unused(
                  entry.id(), entry.text(), use.map(Tallies.AnswerUse::displayed).orElse(0L)));
        }
      }
    } else {
      tallies
          .answers()
          .forEach(
              (id, use) -> {
                if (use.used() == 0 && use.displayed() >= OFTEN_DISPLAYED) {
                  unused.add(new Unused(id, use.text(), use.displayed()));
                }
              });
    }
    unused.sort(Comparator.comparingLong(Unused::displayed).reversed().thenComparing(Unused::id));
    return new Answers(
        library.map(NamedLibrary::name),
        library.map(named -> named.library().byAnswer().size()),
        unused.size(),
        List.copyOf(unused.subList(0, Math.min(unused.size(), MOST_LISTED))));
  }

  private static List<TypedOften> typedOften(Tallies tallies, Optional<NamedLibrary> library) {
    Set<String> known = new HashSet<>();
    library.ifPresent(
        named ->
            named.library().entries().forEach(entry -> known.add(TextNorm.norm(entry.text()))));
    List<TypedOften> often = new ArrayList<>();
    for (TypedText text : tallies.typed()) {
      // What a service that learns would suggest to others.
      boolean shared =
          Sharing.isTypedForAll(
              text.conversations().size(), text.agents().size(), text.unknown().size());
      if (shared && !known.contains(TextNorm.norm(text.text()))) {
        often.add(
            new TypedOften(
                text.text(),
                text.replies(),
                text.conversations().size(),
                text.agents().size(),
                text.characters()));
      }
    }
    often.sort(
        Comparator.comparingLong(TypedOften::characters)
            .reversed()
            .thenComparing(TypedOften::text));
    return List.copyOf(often.subList(0, Math.min(often.size(), MOST_LISTED)));
  }
}
