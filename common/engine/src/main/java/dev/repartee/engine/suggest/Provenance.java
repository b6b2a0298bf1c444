package dev.repartee.engine.suggest;

import ai.djl.Device;
import ai.djl.engine.Engine;
import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.engine.gpt2.CpuFlags;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Where a model comes from: {@code provenance} in {@code repartee.json}. What a file does not say
 * is empty here and is left out again when it is written. Keys that this version does not know are
 * kept.
 *
 * @param base the model that training began with, as named on the command line
 * @param codeVersion of Repartee; empty for a development build
 * @param created when training was done
 * @param dataSha256 hashes of the files that were read, by option and file name
 * @param metrics what the run found, such as {@code validation_loss}
 * @param parent the version or folder that {@code base} stood for; empty for random weights
 * @param settings options that decided the result, the seed among them
 * @param environment what the model was trained with and on
 * @param other keys that are not known here
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Provenance(
    Optional<String> base,
    Optional<String> codeVersion,
    Optional<Instant> created,
    Map<String, String> dataSha256,
    Map<String, Object> metrics,
    Optional<String> parent,
    Map<String, Object> settings,
    Optional<Environment> environment,
    @JsonAnySetter @JsonAnyGetter Map<String, Object> other) {

  /** Of a model about which nothing is known. */
  public static final Provenance NONE =
      new Provenance(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Map.of(),
          Map.of(),
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Map.of());

  public Provenance {
    dataSha256 = copy(dataSha256);
    metrics = copy(metrics);
    settings = copy(settings);
    other = copy(other);
  }

  /** Keeps the order, which is the file's; what a file leaves out is null. */
  private static <T> Map<String, T> copy(Map<String, T> map) {
    return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /**
   * What a model was trained with and on. The same settings and data give the same bytes only where
   * all of this is the same.
   *
   * @param java version of the runtime
   * @param libtorch version of the engine
   * @param os name, version and architecture of the operating system
   * @param cpu the processor's name
   * @param device as {@code --device} names it, such as {@code cpu} or {@code cuda:0,cuda:1}
   */
  public record Environment(
      @JsonProperty("java_version") String java,
      @JsonProperty("libtorch_version") String libtorch,
      String os,
      String cpu,
      String device) {

    /** This process, computing on {@code devices}. */
    public static Environment here(List<Device> devices) {
      return new Environment(
          Runtime.version().toString(),
          Engine.getEngine("PyTorch").getVersion(),
          "%s %s %s"
              .formatted(
                  System.getProperty("os.name"),
                  System.getProperty("os.version"),
                  System.getProperty("os.arch")),
          CpuFlags.ofThisMachine().model(),
          devices.stream()
              .map(device -> device.isGpu() ? "cuda:" + device.getDeviceId() : "cpu")
              .collect(Collectors.joining(",")));
    }
  }
}
