package dev.repartee.registry.models;

/**
 * Names one immutable version of a model or a library; written {@code acme@7}.
 *
 * @param number counts up from 1; publications that failed leave gaps
 */
public record ModelVersion(String model, int number) implements ModelReference {

  public ModelVersion {
    RegistryKind.MODEL.checkName(model);
    if (number < 1) {
      throw new IllegalArgumentException("version number must be at least 1 but is " + number);
    }
  }

  /** Whether {@code text} can only be a version number, never an alias. */
  static boolean isNumber(String text) {
    return text.matches("[0-9]+");
  }

  @Override
  public String toString() {
    return model + "@" + number;
  }
}
