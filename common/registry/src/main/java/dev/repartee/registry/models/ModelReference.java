package dev.repartee.registry.models;

import dev.repartee.text.UserException;

/**
 * What a person types to name a version of a model or a library: {@code NAME@ALIAS} or {@code
 * NAME@NUMBER}.
 */
public sealed interface ModelReference permits ModelVersion, ModelReference.ModelAlias {

  /** The name of the model or library. */
  String model();

  /**
   * Names the version that an alias points at; written {@code acme@production}.
   *
   * @param alias such as {@code production} or {@code candidate}
   */
  record ModelAlias(String model, String alias) implements ModelReference {

    public ModelAlias {
      RegistryKind.MODEL.checkName(model);
      checkAlias(alias);
    }

    @Override
    public String toString() {
      return model + "@" + alias;
    }
  }

  /** Whether {@code text} is meant as a reference and not as a folder. */
  static boolean looksLike(String text) {
    return text.indexOf('@') > 0 && text.indexOf('/') < 0;
  }

  /**
   * As {@link #parse(String, RegistryKind)}, for a model.
   *
   * @throws UserException (wrong usage) when it is neither
   */
  static ModelReference parse(String text) {
    return parse(text, RegistryKind.MODEL);
  }

  /**
   * Parses {@code acme@production} or {@code acme@7}.
   *
   * @param kind for messages
   * @throws UserException (wrong usage) when it is neither
   */
  static ModelReference parse(String text, RegistryKind kind) {
    int at = text.indexOf('@');
    if (at < 0) {
      throw UserException.usage(
          "%s '%s' must be NAME@ALIAS or NAME@NUMBER, for example acme@production or acme@7"
              .formatted(kind.noun(), text));
    }
    String model = kind.checkName(text.substring(0, at));
    String selector = text.substring(at + 1);
    if (!ModelVersion.isNumber(selector)) {
      return new ModelAlias(model, selector);
    }
    try {
      return new ModelVersion(model, Integer.parseInt(selector));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          kind.noun() + " '" + text + "': version numbers go from 1 to " + Integer.MAX_VALUE);
    }
  }

  /**
   * Checks the name of an alias.
   *
   * @return {@code alias} itself
   * @throws UserException (wrong usage) when it breaks the rule for names or is a number
   */
  static String checkAlias(String alias) {
    if (ModelVersion.isNumber(alias)) {
      throw UserException.usage(
          "alias '%s' reads as a version number; give it a letter, for example v%s"
              .formatted(alias, alias));
    }
    return checkName("alias", alias);
  }

  /**
   * Checks a name.
   *
   * @param what it names, for the message
   * @return {@code name} itself
   * @throws UserException (wrong usage) when it breaks the rule for names
   */
  static String checkName(String what, String name) {
    String rule = "[a-z0-9][a-z0-9._-]{0,62}";
    if (!name.matches(rule)) {
      throw UserException.usage(
          "%s '%s' must match %s: 1 to 63 lower-case letters, digits, '.', '_' or '-', a letter or digit first"
              .formatted(what, name, rule));
    }
    return name;
  }
}
