/**
 * What a model version knows beside its weights: replies and their contexts in a Lucene index that
 * is written once and read memory-mapped, counted words, answers, and the library.
 */
package dev.repartee.engine.memory;
