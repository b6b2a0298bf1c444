package dev.repartee.infra.pipeline;

import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Repository;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Rules for our builds, beside the format itself. */
final class CloudBuildRules {

  private static final Pattern TIMEOUT = Pattern.compile("(\\d+)s");
  private static final Pattern PINNED = Pattern.compile(".+@sha256:[0-9a-f]{64}");
  private static final Pattern OURS =
      Pattern.compile(
          "\\$\\{_REGION}-docker\\.pkg\\.dev/\\$\\{PROJECT_ID}/repartee/[a-z-]+:\\$\\{_TAG}");
  private static final Pattern SUBSTITUTION =
      Pattern.compile("(?<!\\$)\\$\\{?([A-Z_][A-Z0-9_]*)\\}?");
  private static final Set<String> GIVEN =
      Set.of("PROJECT_ID", "BUILD_ID", "SHORT_SHA", "COMMIT_SHA", "LOCATION");
  private static final int LONGEST = 86_400;

  private final CloudBuild build;
  private final List<String> problems = new ArrayList<>();

  private CloudBuildRules(String yaml) {
    this.build = Yaml.read(yaml, CloudBuild.class);
  }

  /** The violations; empty for none. */
  static List<String> check(String yaml) {
    CloudBuildRules rules = new CloudBuildRules(yaml);
    rules.identity();
    rules.steps();
    rules.tests();
    rules.promotion();
    rules.substitutions();
    return rules.problems;
  }

  private void identity() {
    if (build.serviceAccount() == null) {
      problems.add("serviceAccount is missing: the default one may edit the whole project");
    }
    if (build.options() == null
        || build.options().logging() != CloudBuild.Logging.CLOUD_LOGGING_ONLY) {
      problems.add(
          "options.logging must be CLOUD_LOGGING_ONLY: accounts of our own have no bucket for logs");
    }
    if (seconds("timeout", build.timeout()) > LONGEST) {
      problems.add("timeout is above the 24 hours that Cloud Build allows");
    }
  }

  private void steps() {
    Set<String> before = new LinkedHashSet<>();
    for (CloudBuild.Step step : build.steps()) {
      if (step.id() == null || !before.add(step.id())) {
        problems.add("a step's id is missing or taken: " + step.id());
      }
      step.waitFor().stream()
          .filter(id -> !id.equals("-") && (!before.contains(id) || id.equals(step.id())))
          .forEach(
              id ->
                  problems.add(step.id() + " waits for '" + id + "', which no step before it is"));
      if (!PINNED.matcher(step.name()).matches() && !OURS.matcher(step.name()).matches()) {
        problems.add(step.id() + ": image " + step.name() + " is not pinned by digest");
      }
      if (step.timeout() != null
          && seconds(step.id() + ".timeout", step.timeout())
              > seconds("timeout", build.timeout())) {
        problems.add(step.id() + " may take longer than the build");
      }
      step.args().stream()
          .filter(argument -> argument.startsWith("infra/"))
          .filter(file -> !Files.isExecutable(Repository.file(file)))
          .forEach(file -> problems.add(step.id() + ": " + file + " is no script of ours"));
    }
  }

  /** Tests run other people's code, too, and must not have the account that may read secrets. */
  private void tests() {
    boolean tests =
        build.steps().stream()
            .anyMatch(step -> "mvn".equals(step.entrypoint()) || step.args().contains("mvn"));
    if (tests && !String.valueOf(build.serviceAccount()).contains("/repartee-build@")) {
      problems.add("tests are for the account repartee-build, which may not read secrets");
    }
  }

  private void promotion() {
    for (CloudBuild.Step step : build.steps()) {
      if (step.args().contains("infra/pipeline/promote-production")) {
        if (!OURS.matcher(step.name()).matches()) {
          problems.add(step.id() + " must run in an image of ours, so that nothing is built");
        }
        if (!step.args().contains("--version=${_VERSION}")
            || !"".equals(build.substitutions().get("_VERSION"))) {
          problems.add(step.id() + " must be given the version's number when it is started");
        }
      }
    }
  }

  private void substitutions() {
    Set<String> used = new LinkedHashSet<>();
    Stream.concat(
            Stream.concat(build.tags().stream(), Stream.of(String.valueOf(build.serviceAccount()))),
            build.steps().stream()
                .flatMap(
                    step ->
                        Stream.of(Stream.of(step.name()), step.args().stream(), step.env().stream())
                            .flatMap(texts -> texts)))
        .forEach(
            text -> {
              Matcher matcher = SUBSTITUTION.matcher(text);
              while (matcher.find()) {
                used.add(matcher.group(1));
              }
            });
    used.stream()
        .filter(name -> !GIVEN.contains(name) && !build.substitutions().containsKey(name))
        .forEach(name -> problems.add("$" + name + " is used but not declared"));
    // Cloud Build refuses substitutions that are not used.
    build.substitutions().keySet().stream()
        .filter(name -> !used.contains(name))
        .forEach(name -> problems.add("$" + name + " is declared but not used"));
  }

  private int seconds(String what, String timeout) {
    Matcher matcher = TIMEOUT.matcher(String.valueOf(timeout));
    if (!matcher.matches()) {
      problems.add(what + " must be given in seconds, such as 600s, but is " + timeout);
      return 0;
    }
    return Integer.parseInt(matcher.group(1));
  }

  /**
   * The configuration of a build, with the keys that are used here; any other key is refused.
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

    private static <T> List<T> copy(List<T> list) {
      return list == null ? List.of() : List.copyOf(list);
    }
  }
}
