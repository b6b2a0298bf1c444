package dev.repartee.registry.models;

import dev.repartee.text.UserException;
import java.util.regex.Pattern;

/** The rules for names of models and aliases. */
final class Names {

  private static final String RULE = "[a-z0-9][a-z0-9._-]{0,62}";
  private static final Pattern NAME = Pattern.compile(RULE);
  private static final Pattern NUMBER = Pattern.compile("[0-9]+");

  private Names() {}

  /**
   * @return {@code name} itself
   * @throws UserException (wrong usage) naming the rule
   */
  static String checkModel(String name) {
    return check("model name", name);
  }

  /**
   * @return {@code alias} itself
   * @throws UserException (wrong usage) naming the rule
   */
  static String checkAlias(String alias) {
    if (isNumber(alias)) {
      throw UserException.usage(
          "alias '"
              + alias
              + "' reads as a version number; give it a letter, for example v"
              + alias);
    }
    return check("alias", alias);
  }

  static boolean isNumber(String text) {
    return NUMBER.matcher(text).matches();
  }

  private static String check(String what, String name) {
    if (!NAME.matcher(name).matches()) {
      throw UserException.usage(
          what
              + " '"
              + name
              + "' must match "
              + RULE
              + ": 1 to 63 lower-case letters, digits, '.', '_' or '-', a letter or digit first");
    }
    return name;
  }
}
