/**
 * The feedback that services keep in a store: its record, where it lies, how it is read, how a
 * reply came about, forgetting.
 */
package dev.repartee.registry.feedback;
