package dev.repartee.registry.models;

import dev.repartee.text.UserException;

/** What a person writes to name a version: {@code NAME@ALIAS} or {@code NAME@NUMBER}. */
public sealed interface ModelReference permits ModelVersion, ModelAlias {

  /** The name of the model. */
  String model();

  /** Whether {@code text} is meant as a reference; folders are what it is otherwise. */
  static boolean looksLike(String text) {
    return text.indexOf('@') > 0 && text.indexOf('/') < 0;
  }

  /**
   * Parses {@code acme@production} or {@code acme@7}.
   *
   * @throws UserException (wrong usage) when it is neither
   */
  static ModelReference parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      throw UserException.usage(
          "model '"
              + text
              + "' must be NAME@ALIAS or NAME@NUMBER, for example acme@production or acme@7");
    }
    String model = Names.checkModel(text.substring(0, at));
    String selector = text.substring(at + 1);
    if (!Names.isNumber(selector)) {
      return new ModelAlias(model, selector);
    }
    try {
      return new ModelVersion(model, Integer.parseInt(selector));
    } catch (IllegalArgumentException e) {
      throw UserException.usage(
          "model '" + text + "': version numbers go from 1 to " + Integer.MAX_VALUE);
    }
  }
}
