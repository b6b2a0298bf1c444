/** Measuring a model, or the frequency baseline, on conversations. */
package dev.repartee.finetune.evaluate;
