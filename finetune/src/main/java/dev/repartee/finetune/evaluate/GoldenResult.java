package dev.repartee.finetune.evaluate;

import static java.util.Objects.requireNonNull;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.Optional;

/**
 * How a model did in the situations of a file.
 *
 * @param sha256 of the file
 * @param total situations
 * @param passed how many were as expected
 * @param cases each of them
 */
public record GoldenResult(String sha256, int total, int passed, List<CaseResult> cases) {

  /**
   * One situation.
   *
   * @param name its name
   * @param passed whether it was as expected
   * @param why not, where not
   * @param shown the replies that were shown; not stored with the model
   */
  public record CaseResult(
      String name,
      boolean passed,
      @JsonInclude(JsonInclude.Include.NON_ABSENT) Optional<String> why,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> shown) {

    public CaseResult {
      requireNonNull(name, "name is null");
      why = why == null ? Optional.empty() : why; // absent in JSON
      shown = shown == null ? List.of() : List.copyOf(shown);
    }
  }

  public GoldenResult {
    requireNonNull(sha256, "sha256 is null");
    cases = List.copyOf(cases);
    if (cases.size() != total || cases.stream().filter(CaseResult::passed).count() != passed) {
      throw new IllegalArgumentException("total and passed must be those of the cases");
    }
  }

  static GoldenResult of(String sha256, List<CaseResult> cases) {
    long passed = cases.stream().filter(CaseResult::passed).count();
    return new GoldenResult(sha256, cases.size(), Math.toIntExact(passed), cases);
  }

  /** The names of those that were not as expected. */
  public List<String> failed() {
    return cases.stream().filter(one -> !one.passed()).map(CaseResult::name).toList();
  }

  /** Without what the model said. */
  public GoldenResult withoutReplies() {
    return of(
        sha256,
        cases.stream()
            .map(one -> new CaseResult(one.name(), one.passed(), one.why(), List.of()))
            .toList());
  }
}
