/**
 * The feedback that services keep in a store: where it lies, how a reply came about, forgetting.
 */
package dev.repartee.registry.feedback;
