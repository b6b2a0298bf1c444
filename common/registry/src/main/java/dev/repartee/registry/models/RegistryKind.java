package dev.repartee.registry.models;

import dev.repartee.text.UserException;
import dev.repartee.text.answers.AnswerLibraryFile;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a registry holds versions of. A store holds all kinds side by side, in folders of their own;
 * a model and a library of the same name have nothing to do with each other.
 */
public enum RegistryKind {
  MODEL("model", "models", "config.json", "finetune writes one to RUN/model"),
  LIBRARY("library", "libraries", AnswerLibraryFile.FILE, "'answers import' writes one"),
  /** Its versions are started and stopped by a command, which writes the folder itself. */
  EXPERIMENT("experiment", "experiments", Experiment.FILE, "'experiment start' writes one");

  /** What begins the names of libraries where commands take names of models, too. */
  private static final String ANSWERS = "answers/";

  private final String noun;
  private final String plural;
  final String file; // by which a folder is known to hold one
  private final String advice;

  RegistryKind(String noun, String plural, String file, String advice) {
    this.noun = noun;
    this.plural = plural;
    this.file = file;
    this.advice = advice;
  }

  /** What one is called in messages. */
  public String noun() {
    return noun;
  }

  /** What several are called in messages. */
  public String plural() {
    return plural;
  }

  /** What a command is given: the name of a library begins with {@code answers/}. */
  public static RegistryKind of(String written) {
    return written.startsWith(ANSWERS) ? LIBRARY : MODEL;
  }

  /** A name, or one with a version, as commands take it. */
  public String written(String name) {
    return this == LIBRARY ? ANSWERS + name : name;
  }

  /** Before the keys of all of them in a store. */
  public String prefix() {
    return plural + "/";
  }

  /**
   * Checks the name of one.
   *
   * @return {@code name} itself
   * @throws UserException (wrong usage) when it breaks the rule for names
   */
  String checkName(String name) {
    return ModelReference.checkName(noun + " name", name);
  }

  /**
   * Refuses a folder that holds no object of this kind, so that publishing some other folder by
   * mistake fails. A library is read whole, since a service that pulls it must be able to.
   *
   * @throws UserException naming what is missing or wrong
   */
  void require(Path folder) {
    if (Files.isDirectory(folder) && !Files.isRegularFile(folder.resolve(file))) {
      throw new UserException(
          "%s: not a %s folder, has no %s; %s".formatted(folder, noun, file, advice));
    }
    if (this == MODEL) {
      Manifest.requireWhole(folder);
    }
    if (this == LIBRARY && Files.isDirectory(folder)) {
      AnswerLibraryFile.read(folder.resolve(file));
    }
  }
}
