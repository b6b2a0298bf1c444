package dev.repartee.text.samples;

import static java.util.Objects.requireNonNull;

import dev.repartee.text.samples.Phrasebook.Pool;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A subject area: its longer issues and the questions that one answer settles. */
record Domain(String id, List<Issue> issues, List<Exchange> faq) {

  Domain {
    requireNonNull(id, "id is null");
    issues = List.copyOf(issues);
    faq = List.copyOf(faq);
  }

  /** Reads the domain with this id from its file. */
  static Domain read(String id) {
    return Reader.read(id);
  }

  /**
   * Something customers write about.
   *
   * @param key names it within its domain
   * @param problem whether something went wrong, so that the agent shows regret before helping
   * @param needs the facts that the agent asks for, such as {@code order}
   * @param opening how customers put it
   * @param paths how it can go
   */
  record Issue(String key, boolean problem, List<String> needs, Pool opening, List<Path> paths) {

    Issue {
      requireNonNull(key, "key is null");
      requireNonNull(opening, "opening is null");
      needs = List.copyOf(needs);
      paths = List.copyOf(paths);
      if (paths.isEmpty()) {
        throw new IllegalArgumentException("issue '" + key + "' has no @path: write at least one");
      }
    }
  }

  /** How the customer feels at the end of a path. */
  enum Ending {
    GOOD,
    BAD
  }

  /** One way in which an issue can go, from what the agent finds out to what is done about it. */
  record Path(Ending ending, List<Turn> turns) {

    Path {
      requireNonNull(ending, "ending is null");
      turns = List.copyOf(turns);
      if (turns.isEmpty() || !(turns.getLast() instanceof Turn.AgentSays)) {
        throw new IllegalArgumentException("a path must end with @agent, but ends otherwise");
      }
    }
  }

  /** One step on the path from a customer's problem to its end. */
  sealed interface Turn {

    /** The agent says one of these. */
    record AgentSays(Pool pool) implements Turn {}

    /** The customer says one of these. */
    record CustomerSays(Pool pool) implements Turn {}

    /** The customer asks some of these, or none, and the agent answers. */
    record Questions(List<Exchange> exchanges) implements Turn {
      public Questions {
        exchanges = List.copyOf(exchanges);
      }
    }
  }

  /** A customer's question and the answer that fits it. */
  record Exchange(String question, String answer) {

    private static final String ARROW = " => ";

    Exchange {
      requireNonNull(question, "question is null");
      requireNonNull(answer, "answer is null");
    }

    /** Reads {@code question => answer}. */
    static Exchange parse(String line) {
      int arrow = line.indexOf(ARROW);
      if (arrow < 0) {
        throw new IllegalArgumentException("expected 'question => answer' but found: " + line);
      }
      return new Exchange(
          line.substring(0, arrow).strip(), line.substring(arrow + ARROW.length()).strip());
    }

    /** The pool that holds the answer alone. */
    Pool answerPool() {
      return new Pool(answer, List.of(answer));
    }
  }

  /**
   * Reads the file of a domain. Headers begin with {@code @}; the lines up to the next header
   * belong to it: {@code @faq}, {@code @issue KEY problem|request NEED...}, {@code @open},
   * {@code @path good|bad}, and within a path {@code @agent}, {@code @customer} and
   * {@code @questions}.
   */
  private static final class Reader {

    private final String id;
    private final List<Exchange> faq = new ArrayList<>();
    private final List<Issue> issues = new ArrayList<>();

    private List<String> issueWords = List.of();
    private List<String> opening = List.of();
    private final List<Path> paths = new ArrayList<>();
    private String ending = "";
    private final List<Turn> turns = new ArrayList<>();

    private Reader(String id) {
      this.id = id;
    }

    private static Domain read(String id) {
      Reader reader = new Reader(id);
      List<String> lines = Phrasebook.lines(id + ".txt");
      for (int start = 0; start < lines.size(); ) {
        int end = start + 1;
        while (end < lines.size() && !lines.get(end).startsWith("@")) {
          end++;
        }
        reader.section(words(lines.get(start)), lines.subList(start + 1, end));
        start = end;
      }
      reader.endIssue();
      return new Domain(id, reader.issues, reader.faq);
    }

    private void section(List<String> header, List<String> lines) {
      switch (header.getFirst()) {
        case "@faq" -> lines.forEach(line -> faq.add(Exchange.parse(line)));
        case "@issue" -> {
          endIssue();
          issueWords = header.subList(1, header.size());
        }
        case "@open" -> opening = lines;
        case "@path" -> {
          endPath();
          ending = header.get(1);
        }
        case "@agent" -> turns.add(new Turn.AgentSays(turnPool(lines)));
        case "@customer" -> turns.add(new Turn.CustomerSays(turnPool(lines)));
        case "@questions" ->
            turns.add(new Turn.Questions(lines.stream().map(Exchange::parse).toList()));
        default ->
            throw new IllegalArgumentException(
                "samples/" + id + ".txt has an unknown header " + header.getFirst());
      }
    }

    private Pool turnPool(List<String> lines) {
      return new Pool(issueWords.getFirst() + "." + paths.size() + "." + turns.size(), lines);
    }

    private void endPath() {
      if (!turns.isEmpty()) {
        paths.add(new Path(Ending.valueOf(ending.toUpperCase(Locale.ROOT)), turns));
        turns.clear();
      }
    }

    private void endIssue() {
      endPath();
      if (issueWords.isEmpty()) {
        return;
      }
      String key = issueWords.get(0);
      boolean problem = issueWords.get(1).equals("problem");
      List<String> needs = issueWords.subList(2, issueWords.size());
      issues.add(new Issue(key, problem, needs, new Pool(key + ".open", opening), paths));
      paths.clear();
    }

    private static List<String> words(String header) {
      return header.replace(' ', '\n').lines().filter(word -> !word.isBlank()).toList();
    }
  }
}
