package dev.repartee.text.testing;

import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_JARS;
import static com.tngtech.archunit.core.importer.ImportOption.Predefined.DO_NOT_INCLUDE_TESTS;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * What Maven cannot hold: the packages of a module are free of circles, Smile stays in {@code
 * clustering} (it is GPL-3) and Jackson 2, which the storage client brings along, is for nobody.
 * Which module may use which is the dependency table of the poms. Each module checks its own
 * classes with {@link #check}.
 */
public enum ImportRules {
  TEXT,
  REGISTRY,
  ENGINE,
  CLUSTERING,
  FINETUNE,
  SERVING,
  INFRA;

  private static final String ROOT = "dev.repartee.";

  /**
   * Checks every main class of this module on the class path.
   *
   * @throws AssertionError naming each class that imports what it must not, or when there is no
   *     class to check
   */
  public void check() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(DO_NOT_INCLUDE_TESTS)
            .withImportOption(DO_NOT_INCLUDE_JARS)
            .importPackages(root());
    oneWay().check(classes);
    noCycles().check(classes);
  }

  private ArchRule oneWay() {
    return noClasses()
        .that()
        .resideInAPackage(root() + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden().toArray(String[]::new))
        .because("imports run one way and licences stay apart (docs/architecture.md)");
  }

  /** Packages are cut by feature; two features that need each other are one. */
  private ArchRule noCycles() {
    return slices()
        .matching(root() + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .because("a package is one idea");
  }

  /** Libraries that belong to other modules, or to nobody. */
  private Set<String> forbidden() {
    Set<String> packages = new TreeSet<>();
    packages.add("com.fasterxml.jackson.core..");
    packages.add("com.fasterxml.jackson.databind..");
    if (this != CLUSTERING) {
      packages.add("smile..");
    }
    if (this != FINETUNE) {
      packages.add("ai.djl.training..");
    }
    return packages;
  }

  private String root() {
    return ROOT + name().toLowerCase(Locale.ROOT);
  }
}
