/** A run's folder: its lock, what it was started with, and checkpoints that are whole or absent. */
package dev.repartee.finetune.checkpoint;
