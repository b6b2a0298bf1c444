package dev.repartee.infra.kubernetes;

import static java.util.Objects.requireNonNullElse;

import io.fabric8.kubernetes.api.model.Capabilities;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.VolumeMount;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Rules for every pod of this project. */
final class ContainerPolicies {

  private static final long USER = 10_001;
  private static final Pattern SECRET =
      Pattern.compile("(?i)(secret|password|token|api[_-]?key|credential)");

  private ContainerPolicies() {}

  static List<String> nonRoot(Rendered rendered) {
    Violations violations = new Violations();
    for (PodTemplateSpec pod : rendered.pods()) {
      PodSecurityContext context =
          requireNonNullElse(pod.getSpec().getSecurityContext(), new PodSecurityContext());
      violations
          .unless(Boolean.TRUE.equals(context.getRunAsNonRoot()), "a pod may run as root")
          .unless(Long.valueOf(USER).equals(context.getRunAsUser()), "a pod's user is not 10001")
          .unless(
              context.getSeccompProfile() != null
                  && "RuntimeDefault".equals(context.getSeccompProfile().getType()),
              "a pod may make every system call");
    }
    for (Container container : rendered.containers()) {
      SecurityContext context = context(container);
      violations.unless(
          context.getRunAsUser() == null && !Boolean.FALSE.equals(context.getRunAsNonRoot()),
          "%s has a user of its own",
          container.getName());
    }
    return violations.list();
  }

  static List<String> readOnlyRoot(Rendered rendered) {
    Violations violations = new Violations();
    for (Container container : rendered.containers()) {
      violations
          .unless(
              Boolean.TRUE.equals(context(container).getReadOnlyRootFilesystem()),
              "%s may write to its root",
              container.getName())
          .unless(
              container.getVolumeMounts().stream()
                  .map(VolumeMount::getMountPath)
                  .anyMatch("/tmp"::equals),
              "%s has no /tmp to write to",
              container.getName());
    }
    return violations.list();
  }

  static List<String> noPrivilege(Rendered rendered) {
    Violations violations = new Violations();
    for (Container container : rendered.containers()) {
      SecurityContext context = context(container);
      Capabilities capabilities = requireNonNullElse(context.getCapabilities(), new Capabilities());
      violations
          .unless(
              Boolean.FALSE.equals(context.getAllowPrivilegeEscalation())
                  && !Boolean.TRUE.equals(context.getPrivileged()),
              "%s may gain privileges",
              container.getName())
          .unless(
              capabilities.getDrop().equals(List.of("ALL")) && capabilities.getAdd().isEmpty(),
              "%s keeps capabilities",
              container.getName());
    }
    for (PodTemplateSpec pod : rendered.pods()) {
      PodSpec spec = pod.getSpec();
      violations
          .unless(
              spec.getHostNetwork() == null
                  && spec.getHostPID() == null
                  && spec.getHostIPC() == null,
              "a pod shares what is the node's")
          .unless(
              spec.getVolumes().stream().allMatch(volume -> volume.getHostPath() == null),
              "a pod mounts the node's files");
    }
    return violations.list();
  }

  private static SecurityContext context(Container container) {
    return requireNonNullElse(container.getSecurityContext(), new SecurityContext());
  }

  /** Workload identity: a Google service account, and no token for Kubernetes' own API. */
  static List<String> identity(Rendered rendered) {
    Violations violations = new Violations();
    Map<String, ServiceAccount> accounts =
        rendered.all(ServiceAccount.class).stream()
            .collect(Collectors.toMap(one -> one.getMetadata().getName(), one -> one));
    for (ServiceAccount account : accounts.values()) {
      String name = account.getMetadata().getName();
      Map<String, String> annotations =
          requireNonNullElse(account.getMetadata().getAnnotations(), Map.of());
      violations
          .unless(
              (name + "@PROJECT.iam.gserviceaccount.com")
                  .equals(annotations.get("iam.gke.io/gcp-service-account")),
              "%s is not the Google service account of its name",
              name)
          .unless(
              Boolean.FALSE.equals(account.getAutomountServiceAccountToken()),
              "%s gives its pods a token",
              name);
    }
    for (PodTemplateSpec pod : rendered.pods()) {
      violations
          .unless(
              accounts.containsKey(String.valueOf(pod.getSpec().getServiceAccountName())),
              "a pod's service account is not among these objects")
          .unless(
              Boolean.FALSE.equals(pod.getSpec().getAutomountServiceAccountToken()),
              "a pod has a token for the API server");
    }
    return violations.list();
  }

  static List<String> images(Rendered rendered) {
    Violations violations = new Violations();
    for (Container container : rendered.containers()) {
      String image = String.valueOf(container.getImage());
      int colon = image.indexOf(':', image.lastIndexOf('/') + 1);
      violations
          .unless(image.contains("/"), "%s: %s names no registry", container.getName(), image)
          .unless(
              colon > 0 && !image.endsWith(":latest"),
              "%s: %s names no version, so two pods may differ",
              container.getName(),
              image);
    }
    return violations.list();
  }

  static List<String> noSecrets(Rendered rendered) {
    Violations violations = new Violations();
    violations.unless(
        rendered.documents().stream().noneMatch(one -> Rendered.kind(one).equals("Secret")),
        "a Secret stands among the manifests");
    for (Container container : rendered.containers()) {
      for (EnvVar variable : container.getEnv()) {
        boolean looks = SECRET.matcher(variable.getName()).find();
        boolean isFile = variable.getName().endsWith("_FILE");
        violations.unless(
            !looks || isFile, "%s: %s is no file", container.getName(), variable.getName());
      }
      violations.unless(
          container.getArgs().stream().noneMatch(one -> SECRET.matcher(one).find()),
          "%s: an argument looks like a secret, which every list of processes shows",
          container.getName());
    }
    return violations.list();
  }
}
