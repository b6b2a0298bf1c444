package dev.repartee.infra.kubernetes;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobSpec;
import java.util.List;
import java.util.stream.Stream;

/** Rules for a training run; docs/training.md explains it. */
final class TrainingPolicies {

  private TrainingPolicies() {}

  static List<JobSpec> jobs(Rendered rendered) {
    return Stream.concat(
            rendered.all(Job.class).stream().map(Job::getSpec),
            rendered.all(CronJob.class).stream()
                .map(one -> one.getSpec().getJobTemplate().getSpec()))
        .toList();
  }

  static List<String> bounds(Rendered rendered) {
    Violations violations = new Violations();
    for (JobSpec job : jobs(rendered)) {
      violations
          .unless(
              requireNonNullElse(job.getActiveDeadlineSeconds(), Long.MAX_VALUE) <= 7 * 86_400,
              "a run may go on for ever")
          .unless(
              requireNonNullElse(job.getBackoffLimit(), Integer.MAX_VALUE) <= 10,
              "a run that fails is repeated too often")
          .unless(
              job.getPodFailurePolicy() != null
                  && job.getPodFailurePolicy().getRules().stream()
                      .anyMatch(
                          rule ->
                              "FailJob".equals(rule.getAction())
                                  && rule.getOnExitCodes() != null
                                  && rule.getOnExitCodes().getValues().contains(2)),
              "wrong usage is repeated")
          .unless(
              "Never".equals(job.getTemplate().getSpec().getRestartPolicy()),
              "the policy for failures needs restartPolicy Never");
    }
    for (CronJob schedule : rendered.all(CronJob.class)) {
      violations
          .unless(
              "Forbid".equals(schedule.getSpec().getConcurrencyPolicy()),
              "two runs may train at once")
          .unless(schedule.getSpec().getTimeZone() != null, "the hour has no time zone");
    }
    return violations.list();
  }

  /** A repeat resumes from the volume, in the folder of its own run. */
  static List<String> resume(Rendered rendered) {
    Violations violations = new Violations();
    for (JobSpec job : jobs(rendered)) {
      PodSpec pod = job.getTemplate().getSpec();
      List<String> arguments =
          Rendered.containers(job.getTemplate())
              .filter(one -> one.getName().equals("finetune"))
              .map(Container::getArgs)
              .findFirst()
              .orElse(List.of());
      violations
          .unless(arguments.contains("--resume"), "a repeat is refused: the folder holds a run")
          .unless(
              arguments.contains("--output=/work/runs/$(RUN)/tuned"),
              "two runs would share a folder")
          .unless(
              pod.getVolumes().stream()
                  .anyMatch(
                      volume ->
                          volume.getName().equals("work")
                              && volume.getPersistentVolumeClaim() != null),
              "checkpoints go with the pod")
          .unless(
              requireNonNullElse(pod.getTerminationGracePeriodSeconds(), 30L) >= 60,
              "a run that is stopped has no time for a checkpoint")
          .unless(
              Rendered.containers(job.getTemplate())
                  .allMatch(
                      one ->
                          one.getEnv().stream()
                              .anyMatch(variable -> variable.getName().equals("RUN"))),
              "a step does not know the run's folder");
    }
    return violations.list();
  }

  /** Each step reads what the one before it wrote. */
  static List<String> order(Rendered rendered) {
    Violations violations = new Violations();
    for (JobSpec job : jobs(rendered)) {
      List<String> steps = Rendered.containers(job.getTemplate()).map(Container::getName).toList();
      violations.unless(
          steps.equals(List.of("extract", "finetune", "calibrate", "evaluate", "publish")),
          "the steps run in the order %s",
          steps);
    }
    return violations.list();
  }

  /** Training moves the alias candidate; only CI moves production, after gates. */
  static List<String> publishesCandidate(Rendered rendered) {
    Violations violations = new Violations();
    for (JobSpec job : jobs(rendered)) {
      List<String> arguments = job.getTemplate().getSpec().getContainers().getFirst().getArgs();
      violations.unless(
          arguments.subList(0, 2).equals(List.of("models", "publish"))
              && arguments.contains("--alias=candidate")
              && arguments.stream().anyMatch(argument -> argument.startsWith("--gates=")),
          "the last step does not publish a candidate by gates");
    }
    return violations.list();
  }
}
