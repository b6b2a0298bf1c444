/** The {@code replay} command: what a model would have saved, had it learned on the job. */
package dev.repartee.finetune.replay;
