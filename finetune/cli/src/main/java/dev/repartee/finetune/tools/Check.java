package dev.repartee.finetune.tools;

/** Looks at one thing that Repartee needs. Does not fail: what goes wrong is the finding. */
@FunctionalInterface
interface Check {

  Finding run();
}
