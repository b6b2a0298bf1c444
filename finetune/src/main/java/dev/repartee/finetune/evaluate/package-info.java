/**
 * The {@code evaluate} command: measures a model on conversations, beside baselines and another
 * model; and the evaluations that are stored with a version.
 */
package dev.repartee.finetune.evaluate;
