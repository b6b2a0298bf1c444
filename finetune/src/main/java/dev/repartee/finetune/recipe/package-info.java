/** The {@code recipe} command: from conversations to a calibrated model and its figures. */
package dev.repartee.finetune.recipe;
