/** The commands of training, measuring and publishing a model. */
package dev.repartee.finetune;
