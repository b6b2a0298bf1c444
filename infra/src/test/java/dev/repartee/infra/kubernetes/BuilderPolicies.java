package dev.repartee.infra.kubernetes;

import dev.repartee.infra.testing.CommandLines;
import dev.repartee.text.cli.DurationConverter;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Rules for the builder of versions; docs/operations.md explains it. */
final class BuilderPolicies {

  /** How long a phrase that must no longer be said may be said; services poll within it, too. */
  private static final Duration MOST_PAUSE = Duration.ofSeconds(45);

  private BuilderPolicies() {}

  static List<String> builds(Rendered rendered) {
    Deployment deployment = rendered.only(Deployment.class);
    Container builder = deployment.getSpec().getTemplate().getSpec().getContainers().getFirst();
    return new Violations()
        .unless(
            Integer.valueOf(1).equals(deployment.getSpec().getReplicas())
                && "Recreate".equals(deployment.getSpec().getStrategy().getType()),
            "two builders would wait for each other")
        .unless(
            "repartee"
                .equals(
                    deployment
                        .getSpec()
                        .getTemplate()
                        .getMetadata()
                        .getLabels()
                        .get("app.kubernetes.io/part-of")),
            "no network policy lets it reach the store")
        .unless(builder.getImage().contains("/training:"), "%s has no 'models'", builder.getImage())
        .unless(
            new CommandLines().check(builder.getArgs()).isEmpty()
                && builder.getArgs().subList(0, 2).equals(List.of("models", "build")),
            "it does not run 'models build' with options that it has")
        .unless(
            option(builder, "--every")
                .map(new DurationConverter()::convert)
                .filter(pause -> pause.compareTo(MOST_PAUSE) <= 0)
                .isPresent(),
            "a phrase that must no longer be said stays for longer than a minute")
        .unless(
            option(builder, "--cache")
                .filter(
                    folder ->
                        builder.getVolumeMounts().stream()
                            .anyMatch(mount -> mount.getMountPath().equals(folder)))
                .isPresent(),
            "it has no place for the model")
        .list();
  }

  private static Optional<String> option(Container builder, String name) {
    return builder.getArgs().stream()
        .filter(argument -> argument.startsWith(name + "="))
        .map(argument -> argument.substring(name.length() + 1))
        .findFirst();
  }
}
