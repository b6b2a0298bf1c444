package dev.repartee.registry.models;

/**
 * Names whatever version an alias points at; written {@code acme@production}.
 *
 * @param model its name
 * @param alias such as {@code production} or {@code candidate}
 */
public record ModelAlias(String model, String alias) implements ModelReference {

  public ModelAlias {
    Names.checkModel(model);
    Names.checkAlias(alias);
  }

  @Override
  public String toString() {
    return model + "@" + alias;
  }
}
