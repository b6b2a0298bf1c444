/** The {@code models} command: publishing, looking at and moving model versions. */
package dev.repartee.finetune.models;
