/**
 * Fine-tuning, from the command line to a model folder. {@code FinetuneRun} is the whole run in
 * order and {@code Trainer} its loop.
 */
package dev.repartee.finetune.training;
