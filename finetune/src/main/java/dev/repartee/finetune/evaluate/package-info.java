/**
 * Measuring a model on conversations, beside the baselines and another model, and the page of it.
 */
package dev.repartee.finetune.evaluate;
