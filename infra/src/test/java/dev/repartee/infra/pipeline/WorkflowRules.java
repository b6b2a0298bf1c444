package dev.repartee.infra.pipeline;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What a workflow of ours must be beside well-formed. */
final class WorkflowRules {

  private static final Pattern PINNED =
      Pattern.compile("[\\w.-]+/[\\w./-]+@(v\\d+(\\.\\d+)*|[0-9a-f]{40})");
  private static final Pattern FOREIGN =
      Pattern.compile("\\$\\{\\{[^}]*\\b(inputs|github\\.event|github\\.head_ref)\\b");
  private static final Pattern VARIABLE = Pattern.compile("(?<!\\\\)\\$\\{?([A-Z][A-Z0-9_]*)");
  private static final Pattern OUTPUT =
      Pattern.compile("\\bneeds\\.([\\w-]+)\\.outputs\\.([\\w-]+)");
  private static final Pattern STEP = Pattern.compile("\\bsteps\\.([\\w-]+)\\.");
  private static final Set<String> WRITES = Set.of("id-token", "pull-requests");
  private static final String AUTHENTICATION = "google-github-actions/auth@";

  private final Workflow workflow;
  private final List<String> problems = new ArrayList<>();

  private WorkflowRules(Workflow workflow) {
    this.workflow = workflow;
  }

  /** What offends the rules; empty for nothing. */
  static List<String> check(String yaml) {
    WorkflowRules rules = new WorkflowRules(Workflow.parse(yaml));
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
   * Who may move `production` is decided by an environment's reviewers, and a token is for who uses
   * it.
   */
  private void identity(String name, Workflow.Job job) {
    job.permissions().entrySet().stream()
        .filter(entry -> entry.getValue().equals("write") && !WRITES.contains(entry.getKey()))
        .forEach(entry -> problems.add(name + ": may write " + entry.getKey()));
    List<Workflow.Step> logins =
        job.steps().stream()
            .filter(step -> step.uses() != null && step.uses().startsWith(AUTHENTICATION))
            .toList();
    if (job.permissions().containsKey("id-token") == logins.isEmpty()) {
      problems.add(name + ": id-token: write goes with " + AUTHENTICATION + ", both or neither");
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
      problems.add(name + ": " + step.uses() + " is not pinned to a version");
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
}
