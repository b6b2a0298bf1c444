package dev.repartee.registry.models;

/**
 * Names one immutable version; written {@code acme@7}.
 *
 * @param model its name
 * @param number counts up from 1; numbers of publications that failed are left out
 */
public record ModelVersion(String model, int number) implements ModelReference {

  public ModelVersion {
    Names.checkModel(model);
    if (number < 1) {
      throw new IllegalArgumentException("version number must be at least 1 but is " + number);
    }
  }

  @Override
  public String toString() {
    return model + "@" + number;
  }
}
