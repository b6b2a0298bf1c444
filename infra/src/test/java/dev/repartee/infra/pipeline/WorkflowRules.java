package dev.repartee.infra.pipeline;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.repartee.infra.testing.Yaml;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Rules for our workflows, beside the format itself. */
final class WorkflowRules {

  private static final Pattern PINNED = Pattern.compile("[\\w.-]+/[\\w./-]+@[0-9a-f]{40}");
  private static final Pattern FOREIGN =
      Pattern.compile("\\$\\{\\{[^}]*\\b(inputs|github\\.event|github\\.head_ref)\\b");
  private static final Pattern VARIABLE = Pattern.compile("(?<!\\\\)\\$\\{?([A-Z][A-Z0-9_]*)");
  private static final Pattern OUTPUT =
      Pattern.compile("\\bneeds\\.([\\w-]+)\\.outputs\\.([\\w-]+)");
  private static final Pattern STEP = Pattern.compile("\\bsteps\\.([\\w-]+)\\.");
  private static final Pattern BUILD = Pattern.compile("\\bmvn\\b|scripts/repartee");
  private static final Set<String> WRITES = Set.of("id-token", "pull-requests");

  /** What only jobs of the environment {@code release}, which has reviewers, may write. */
  private static final Set<String> RELEASE_WRITES = Set.of("contents", "packages");

  private static final String AUTHENTICATION = "google-github-actions/auth@";

  private final Workflow workflow;
  private final List<String> problems = new ArrayList<>();

  private WorkflowRules(Workflow workflow) {
    this.workflow = workflow;
  }

  /** The violations; empty for none. */
  static List<String> check(String yaml) {
    WorkflowRules rules = new WorkflowRules(Yaml.read(yaml, Workflow.class));
    if (rules.workflow.permissions() == null) {
      rules.problems.add("permissions are missing: the default may write to the repository");
    }
    if (rules.workflow.concurrency() == null) {
      rules.problems.add("concurrency is missing: two runs would be in each other's way");
    }
    rules.workflow.jobs().forEach(rules::job);
    return rules.problems;
  }

  private void job(String name, Workflow.Job job) {
    if (job.timeoutMinutes() == null) {
      problems.add(name + ": timeout-minutes is missing, and the default is six hours");
    }
    job.needs().stream()
        .filter(needed -> !workflow.jobs().containsKey(needed))
        .forEach(needed -> problems.add(name + " needs '" + needed + "', which is no job"));
    identity(name, job);
    references(name, job);
    job.steps().forEach(step -> step(name, job, step));
  }

  /**
   * Only jobs of the environment `production`, which has reviewers, may move that alias; and only a
   * job that logs in gets an identity token.
   */
  private void identity(String name, Workflow.Job job) {
    job.permissions().entrySet().stream()
        .filter(entry -> entry.getValue().equals("write") && !WRITES.contains(entry.getKey()))
        .filter(
            entry ->
                !("release".equals(job.environment()) && RELEASE_WRITES.contains(entry.getKey())))
        .forEach(entry -> problems.add(name + ": may write " + entry.getKey()));
    List<Workflow.Step> logins =
        job.steps().stream().filter(step -> step.uses(AUTHENTICATION)).toList();
    if (job.permissions().containsKey("id-token") == logins.isEmpty()) {
      problems.add(name + ": id-token: write goes with " + AUTHENTICATION + ", both or neither");
    }
    if (!logins.isEmpty()
        && job.steps().stream().anyMatch(step -> step.uses("actions/cache") || step.caches())) {
      problems.add(name + ": a cache that other jobs fill is not for a job that logs in");
    }
    if ("production".equals(job.environment())
        && job.steps().stream().anyMatch(step -> step.uses("actions/setup-java") || builds(step))) {
      problems.add(name + ": must build nothing; infra/pipeline/in-image runs what was tested");
    }
    for (Workflow.Step login : logins) {
      if (!login.with().containsKey("workload_identity_provider")
          || login.with().containsKey("credentials_json")) {
        problems.add(name + ": must log in by workload identity, without a key");
      }
      if (login.with().getOrDefault("service_account", "").startsWith("repartee-ci@")
          && !"production".equals(job.environment())) {
        problems.add(name + ": repartee-ci is for the environment production alone");
      }
    }
  }

  private static boolean builds(Workflow.Step step) {
    return step.script().filter(script -> BUILD.matcher(script).find()).isPresent();
  }

  private void references(String name, Workflow.Job job) {
    Set<String> ids = new HashSet<>();
    job.steps().stream().filter(step -> step.id() != null).forEach(step -> ids.add(step.id()));
    texts(job)
        .forEach(
            text -> {
              Matcher step = STEP.matcher(text);
              while (step.find()) {
                if (!ids.contains(step.group(1))) {
                  problems.add(name + ": no step has the id '" + step.group(1) + "'");
                }
              }
              Matcher output = OUTPUT.matcher(text);
              while (output.find()) {
                Workflow.Job other = workflow.jobs().get(output.group(1));
                if (other == null
                    || !job.needs().contains(output.group(1))
                    || !other.outputs().containsKey(output.group(2))) {
                  problems.add(
                      name + ": " + output.group() + " is no output of a job that it needs");
                }
              }
            });
  }

  private static Stream<String> texts(Workflow.Job job) {
    return Stream.concat(
        Stream.concat(job.outputs().values().stream(), job.env().values().stream()),
        job.steps().stream()
            .flatMap(
                step ->
                    Stream.of(
                            step.with().values().stream(),
                            step.env().values().stream(),
                            step.script().stream())
                        .flatMap(values -> values)));
  }

  private void step(String name, Workflow.Job job, Workflow.Step step) {
    if (step.uses() != null && !PINNED.matcher(step.uses()).matches()) {
      problems.add(name + ": " + step.uses() + " is not pinned to a commit");
    }
    String script = step.script().orElse("");
    if (FOREIGN.matcher(script).find()) {
      problems.add(
          name
              + ": a script must get what others write through env, not by ${{ }}: it could end the command");
    }
    Matcher variable = VARIABLE.matcher(script);
    while (variable.find()) {
      String used = variable.group(1);
      if (!used.startsWith("GITHUB_")
          && Stream.of(workflow.env(), job.env(), step.env())
              .noneMatch(env -> env.containsKey(used))) {
        problems.add(name + ": $" + used + " is in no env");
      }
    }
  }

  /**
   * A workflow of GitHub Actions, with the keys that are used here; any other key is refused.
   *
   * <p>From <a
   * href="https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax">its
   * syntax</a>.
   */
  record Workflow(
      String name,
      JsonNode on,
      Map<String, String> permissions,
      Map<String, JsonNode> defaults,
      JsonNode concurrency,
      Map<String, String> env,
      Map<String, Job> jobs) {

    Workflow {
      env = copy(env);
    }

    record Job(
        @JsonProperty("if") String condition,
        @JsonProperty("runs-on") String runsOn,
        @JsonProperty("timeout-minutes") Integer timeoutMinutes,
        @JsonProperty("needs") JsonNode needed,
        String environment,
        JsonNode concurrency,
        Map<String, String> permissions,
        Map<String, String> outputs,
        Map<String, String> env,
        List<Step> steps) {

      Job {
        permissions = copy(permissions);
        outputs = copy(outputs);
        env = copy(env);
      }

      List<String> needs() {
        if (needed == null) {
          return List.of();
        }
        return needed.isArray()
            ? needed.valueStream().map(JsonNode::asString).toList()
            : List.of(needed.asString());
      }
    }

    record Step(
        String id,
        String name,
        @JsonProperty("if") String condition,
        String uses,
        Map<String, String> with,
        String run,
        String shell,
        Map<String, String> env) {

      Step {
        with = copy(with);
        env = copy(env);
        if ((uses == null) == (run == null)) {
          throw new IllegalArgumentException("a step has either uses or run");
        }
      }

      boolean uses(String action) {
        return uses != null && uses.startsWith(action);
      }

      boolean caches() {
        return with.containsKey("cache");
      }

      Optional<String> script() {
        return Optional.ofNullable(run);
      }
    }

    private static Map<String, String> copy(Map<String, String> map) {
      return map == null ? Map.of() : Map.copyOf(map);
    }
  }
}
