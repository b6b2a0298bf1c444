package dev.repartee.infra;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.tngtech.archunit.ArchConfiguration;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.repartee.text.testing.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Maven cannot hold: the packages of a module are free of circles, Smile stays in {@code
 * clustering} (it is GPL-3) and Jackson 2, which the storage client brings along, is for nobody.
 * Which module may use which is the dependency table of the poms.
 */
class ImportsTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "common/text",
        "common/registry",
        "common/engine",
        "clustering",
        "clustering/spark",
        "finetune",
        "serving",
        "scripts/lab"
      })
  void importsRunOneWay(String module) {
    Path compiled = Repository.file(module).resolve("target/classes");
    assumeTrue(Files.isDirectory(compiled), "mvn verify of all modules compiles " + compiled);
    // The rules ask for the names of what is imported, and need not read the libraries themselves.
    ArchConfiguration.get().setResolveMissingDependenciesFromClassPath(false);
    JavaClasses classes = new ClassFileImporter().importPath(compiled);
    oneWay(module).check(classes);
    String name = module.replaceFirst("^(common|scripts)/", "").replace('/', '.');
    noCycles("dev.repartee." + name).check(classes);
  }

  private static ArchRule oneWay(String module) {
    return noClasses()
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(forbidden(module).toArray(String[]::new))
        .because("imports run one way and licences stay apart (docs/architecture.md)");
  }

  /** Packages are cut by feature; two features that need each other are one. */
  private static ArchRule noCycles(String root) {
    return slices()
        .matching(root + ".(*)..")
        .should()
        .beFreeOfCycles()
        .allowEmptyShould(true)
        .because("a package is one idea");
  }

  /** Libraries that belong to other modules, or to nobody. */
  private static Set<String> forbidden(String module) {
    Set<String> packages = new TreeSet<>();
    packages.add("com.fasterxml.jackson.core..");
    packages.add("com.fasterxml.jackson.databind..");
    if (!module.equals("clustering")) {
      packages.add("smile..");
    }
    if (!module.equals("finetune")) {
      packages.add("ai.djl.training..");
    }
    return packages;
  }
}
