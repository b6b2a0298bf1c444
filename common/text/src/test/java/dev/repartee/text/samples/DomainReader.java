package dev.repartee.text.samples;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Reads a domain's file. Headers begin with {@code @}, everything between two headers belongs to
 * the first: {@code @faq}, {@code @issue KEY problem|request NEED...}, {@code @open}, {@code @path
 * good|bad}, and within a path {@code @agent}, {@code @customer} and {@code @questions}.
 */
final class DomainReader {

  private final String id;
  private final List<Exchange> faq = new ArrayList<>();
  private final List<Issue> issues = new ArrayList<>();

  private List<String> issueWords = List.of();
  private List<String> opening = List.of();
  private final List<Path> paths = new ArrayList<>();
  private String ending = "";
  private final List<Turn> turns = new ArrayList<>();

  private DomainReader(String id) {
    this.id = id;
  }

  static Domain read(String id) {
    DomainReader reader = new DomainReader(id);
    List<String> lines = Resources.lines(id + ".txt");
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
      paths.add(new Path(Path.Ending.valueOf(ending.toUpperCase(Locale.ROOT)), turns));
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
