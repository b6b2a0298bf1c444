package dev.repartee.infra.docker;

import dev.repartee.infra.docker.Dockerfile.Instruction;
import dev.repartee.infra.docker.Dockerfile.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** Rules for the project's images. A violation names its line. */
final class DockerfilePolicies {

  private static final Pattern SECRET =
      Pattern.compile(
          "(?i)(password|passwd|secret|token|api_?key|credential|private_?key)[a-z_0-9]*(=|\\s|$)");
  private static final Pattern WEIGHTS =
      Pattern.compile("(?i)\\.safetensors|\\.onnx|\\.pt\\b|/models?/|\\bmodel\\.");

  private final Dockerfile file;
  private final List<String> broken = new ArrayList<>();

  private DockerfilePolicies(Dockerfile file) {
    this.file = file;
  }

  /**
   * The violations.
   *
   * @param images the targets that are shipped
   * @param services those of them that listen
   */
  static List<String> broken(Dockerfile file, Set<String> images, Set<String> services) {
    DockerfilePolicies policies = new DockerfilePolicies(file);
    file.stages().forEach(policies::stage);
    for (String image : images.stream().sorted().toList()) {
      policies.image(image, file.inherited(image), services.contains(image));
    }
    return List.copyOf(policies.broken);
  }

  private void stage(Stage stage) {
    String base = file.substitute(stage.base());
    boolean own =
        file.stages().stream().anyMatch(each -> each.name().equals(base))
            || base.startsWith("training-");
    if (!own && !base.matches(".+:.+@sha256:[0-9a-f]{64}")) {
      broken.add("stage " + stage.name() + ": the base " + base + " has no tag and digest");
    }
    refuse(
        stage.all("ARG"),
        DockerfilePolicies::isSecret,
        "a secret would stay in the image's history: use a secret mount");
    refuse(
        stage.all("ENV"),
        DockerfilePolicies::isSecret,
        "a secret would stay in the image: mount it when it runs");
    refuse(
        stage.all("RUN"),
        DockerfilePolicies::downloadsUnchecked,
        "what was downloaded is not checked: sha256sum -c");
  }

  private void image(String image, List<Instruction> instructions, boolean service) {
    require(image, last(instructions, "USER").equals("10001:10001"), "USER must be 10001:10001");
    Instruction entry = lastOf(instructions, "ENTRYPOINT");
    require(
        image,
        entry != null && entry.isExecForm(),
        "ENTRYPOINT must be a JSON array, so that SIGTERM reaches Java");
    String health = last(instructions, "HEALTHCHECK");
    require(
        image,
        service ? health.startsWith("CMD [\"/opt/repartee/bin/health\"") : health.equals("NONE"),
        service ? "HEALTHCHECK must run bin/health" : "HEALTHCHECK must be NONE");
    refuse(
        copies(instructions),
        copy -> WEIGHTS.matcher(copy.text()).find(),
        "models stay out of images");
    refuse(
        copies(instructions),
        copy -> copy.flag("from").isEmpty(),
        "a shipped image takes nothing from the build context itself");
  }

  private static List<Instruction> copies(List<Instruction> instructions) {
    return instructions.stream().filter(each -> each.word().equals("COPY")).toList();
  }

  private static boolean isSecret(Instruction instruction) {
    return SECRET.matcher(instruction.text()).find();
  }

  private static boolean downloadsUnchecked(Instruction run) {
    return run.text().matches(".*\\b(curl|wget) .*")
        && !run.text().contains("apt-get install")
        && !run.text().contains("sha256sum -c");
  }

  private static Instruction lastOf(List<Instruction> instructions, String word) {
    return instructions.reversed().stream()
        .filter(each -> each.word().equals(word))
        .findFirst()
        .orElse(null);
  }

  private static String last(List<Instruction> instructions, String word) {
    Instruction instruction = lastOf(instructions, word);
    return instruction == null ? "" : instruction.text();
  }

  private void refuse(List<Instruction> instructions, Predicate<Instruction> breaks, String rule) {
    instructions.stream()
        .filter(breaks)
        .forEach(instruction -> broken.add(instruction + ": " + rule));
  }

  private void require(String image, boolean holds, String rule) {
    if (!holds) {
      broken.add("image " + image + ": " + rule);
    }
  }
}
