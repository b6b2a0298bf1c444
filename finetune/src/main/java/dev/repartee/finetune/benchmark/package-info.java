/** Measures the training step. */
package dev.repartee.finetune.benchmark;
