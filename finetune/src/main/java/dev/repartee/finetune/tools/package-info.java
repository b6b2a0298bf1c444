/**
 * Commands that look at a machine or a model: {@code doctor}, {@code inspect}, {@code suggest},
 * benchmarks.
 */
package dev.repartee.finetune.tools;
