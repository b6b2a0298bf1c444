package dev.repartee.infra.kubernetes;

import static java.util.Objects.requireNonNullElse;

import dev.repartee.text.testing.Repository;
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
      Container train = train(job);
      violations
          .unless(
              train.getArgs().contains("--work=/work/runs/$(RUN)"), "two runs would share a folder")
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
              train.getEnv().stream().anyMatch(variable -> variable.getName().equals("RUN")),
              "the run's folder has no name");
    }
    return violations.list();
  }

  /** The cluster runs the script of the workflows, with options that it knows. */
  static List<String> script(Rendered rendered) {
    String usage = Repository.text("infra/pipeline/train-candidate");
    Violations violations = new Violations();
    for (JobSpec job : jobs(rendered)) {
      Container train = train(job);
      violations
          .unless(
              job.getTemplate().getSpec().getInitContainers().isEmpty()
                  && train.getCommand().equals(List.of("/opt/repartee/bin/train-candidate")),
              "it does not run the script of the workflows")
          .unless(
              train.getArgs().stream().anyMatch(argument -> argument.startsWith("--gates=")),
              "the candidate moves without gates");
      for (String argument : train.getArgs()) {
        String option = argument.split("=", 2)[0];
        violations.unless(
            usage.contains("\n  " + option + " "), "train-candidate has no option %s", option);
      }
    }
    return violations.list();
  }

  private static Container train(JobSpec job) {
    return job.getTemplate().getSpec().getContainers().getFirst();
  }
}
