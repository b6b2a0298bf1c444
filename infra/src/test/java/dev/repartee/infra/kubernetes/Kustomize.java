package dev.repartee.infra.kubernetes;

import dev.repartee.infra.testing.ExternalTools;
import dev.repartee.infra.testing.ProgramRun;
import dev.repartee.infra.testing.Yaml;
import dev.repartee.text.testing.Tools;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * Deployments as kustomize renders them, or kubectl where there is no kustomize. Each folder is
 * rendered once a test run. The hash in the name of a generated ConfigMap is left out.
 */
final class Kustomize {

  static final String FILE = "kustomization.yaml";

  private static final Map<Path, Rendered> RENDERED = new ConcurrentHashMap<>();

  private Kustomize() {}

  /** Every object of a folder. Skips the calling test where no tool can render it. */
  static Rendered render(Path folder) {
    boolean kustomize = Tools.has("kustomize");
    Tools.need(kustomize || Tools.has("kubectl"), ExternalTools.KUSTOMIZE_IS_MISSING);
    List<String> command =
        kustomize ? List.of("kustomize", "build") : List.of("kubectl", "kustomize");
    return RENDERED.computeIfAbsent(folder, path -> render(command, path));
  }

  /**
   * Renders a folder by a command.
   *
   * @param command without its last argument, which is the folder
   */
  static Rendered render(List<String> command, Path folder) {
    String[] words =
        Stream.concat(command.stream(), Stream.of(folder.toString())).toArray(String[]::new);
    try {
      ProgramRun run = ProgramRun.of(words);
      if (run.exitCode() != 0 || !run.errors().isEmpty()) {
        throw new IllegalStateException(String.join(" ", words) + ": " + run.errors());
      }
      String plain = run.output().replaceAll("(repartee-[a-z]+-config)-[a-z0-9]{10}", "$1");
      return new Rendered(Yaml.documents(folder.toString(), plain));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(String.join(" ", words) + " cannot be run", e);
    }
  }
}
