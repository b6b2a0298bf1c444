/**
 * Builds what a model version knows beside its weights: from what agents typed, from the answer
 * library, and without who is forgotten.
 */
package dev.repartee.registry.knowledge;
