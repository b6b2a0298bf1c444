/** The {@code finetune} command: the training loop, its checkpoints and what it writes. */
package dev.repartee.finetune.training;
