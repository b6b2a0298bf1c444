package dev.repartee.finetune.report;

import static java.util.Objects.requireNonNull;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report shows of a run besides its metrics and its data.
 *
 * @param name of the run, such as its folder's
 * @param plan the planned length and clipping
 * @param ending how it ended; empty if it crashed or is still going on
 * @param machine the device it runs on
 * @param sources the base model and the files
 * @param settings the resolved configuration, in the order to show
 */
public record RunFacts(
    String name,
    Plan plan,
    Optional<Ending> ending,
    Machine machine,
    Sources sources,
    Map<String, String> settings) {

  /** The ways in which a run can end. */
  public enum Outcome {
    /** It reached its end. */
    DONE,
    /** It was stopped and can be resumed. */
    STOPPED,
    /** It failed. */
    FAILED
  }

  /**
   * How a run ended.
   *
   * @param outcome the kind of end
   * @param reason a phrase such as {@code all 3 epochs done}
   */
  public record Ending(Outcome outcome, String reason) {
    public Ending {
      requireNonNull(outcome, "outcome is null");
      requireNonNull(reason, "reason is null");
    }
  }

  /**
   * The plan of a run.
   *
   * @param steps of the whole run
   * @param gradientClip the norm at which gradients are clipped
   */
  public record Plan(long steps, double gradientClip) {}

  /**
   * The machine that a run computes on.
   *
   * @param device such as {@code CPU} or the GPU's name
   * @param precision of matrix products
   * @param threads that compute
   */
  public record Machine(String device, String precision, int threads) {
    public Machine {
      requireNonNull(device, "device is null");
      requireNonNull(precision, "precision is null");
      if (threads < 1) {
        throw new IllegalArgumentException("threads must be at least 1 but is " + threads);
      }
    }
  }

  /**
   * The base model and the files of a run.
   *
   * @param base the base model, as named on the command line
   * @param parameters number of the model's parameters
   * @param codeVersion version of Repartee
   * @param files that were read
   */
  public record Sources(String base, long parameters, String codeVersion, List<DataFile> files) {
    public Sources {
      requireNonNull(base, "base is null");
      requireNonNull(codeVersion, "codeVersion is null");
      files = List.copyOf(files);
    }
  }

  /**
   * A file that was read.
   *
   * @param name without its folder
   * @param use such as {@code training}, {@code validation} or {@code answers}
   * @param sha256 of its content, hexadecimal
   */
  public record DataFile(String name, String use, String sha256) {
    public DataFile {
      requireNonNull(name, "name is null");
      requireNonNull(use, "use is null");
      requireNonNull(sha256, "sha256 is null");
    }
  }

  public RunFacts {
    requireNonNull(name, "name is null");
    requireNonNull(plan, "plan is null");
    requireNonNull(ending, "ending is null");
    requireNonNull(machine, "machine is null");
    requireNonNull(sources, "sources is null");
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
  }
}
