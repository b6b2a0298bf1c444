package dev.repartee.text;

import java.util.Optional;

/** Which version of Repartee runs. All its jars are of one build. */
public final class CodeVersion {

  private CodeVersion() {}

  /** The version that the build wrote into the jar; empty where classes are not in one. */
  public static Optional<String> built() {
    return Optional.ofNullable(CodeVersion.class.getPackage().getImplementationVersion());
  }

  /** For the pages of reports. */
  public static String shown() {
    return built().orElse("development version");
  }
}
