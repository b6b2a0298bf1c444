package dev.repartee.infra.pipeline;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A build's configuration, as far as we use it; a key that is not here is refused.
 *
 * <p>From <a href="https://cloud.google.com/build/docs/build-config-file-schema">its schema</a>.
 */
record CloudBuild(
    List<Step> steps,
    Map<String, String> substitutions,
    String timeout,
    Options options,
    String serviceAccount,
    List<String> tags) {

  CloudBuild {
    steps = copy(steps);
    substitutions = substitutions == null ? Map.of() : Map.copyOf(substitutions);
    tags = copy(tags);
  }

  record Step(
      String id,
      String name,
      String entrypoint,
      List<String> args,
      List<String> env,
      String dir,
      List<String> waitFor,
      String timeout,
      List<Integer> allowExitCodes) {

    Step {
      Objects.requireNonNull(name, "a step needs a name, which is its image");
      args = copy(args);
      env = copy(env);
      waitFor = copy(waitFor);
      allowExitCodes = copy(allowExitCodes);
    }
  }

  record Options(
      Logging logging,
      MachineType machineType,
      Integer diskSizeGb,
      VerifyOption requestedVerifyOption) {}

  enum Logging {
    LEGACY,
    GCS_ONLY,
    CLOUD_LOGGING_ONLY,
    NONE
  }

  enum MachineType {
    E2_MEDIUM,
    E2_HIGHCPU_8,
    E2_HIGHCPU_32,
    N1_HIGHCPU_8,
    N1_HIGHCPU_32
  }

  enum VerifyOption {
    NOT_VERIFIED,
    VERIFIED
  }

  static CloudBuild parse(String yaml) {
    return YamlFiles.STRICT.readValue(yaml, CloudBuild.class);
  }

  private static <T> List<T> copy(List<T> list) {
    return list == null ? List.of() : List.copyOf(list);
  }
}
