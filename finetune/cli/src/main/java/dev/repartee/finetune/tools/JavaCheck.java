package dev.repartee.finetune.tools;

/** The Java that this runs on; an older one could not have loaded this class. */
final class JavaCheck implements Check {

  @Override
  public Finding run() {
    String version = System.getProperty("java.runtime.version");
    String vendor = System.getProperty("java.vm.vendor");
    String home = System.getProperty("java.home");
    return Finding.ok(
        "java",
        version + " (" + vendor + ") in " + home,
        new Details().add("version", version).add("vendor", vendor).add("home", home).map());
  }
}
