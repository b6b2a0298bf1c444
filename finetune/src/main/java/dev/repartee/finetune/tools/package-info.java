/** Commands that look at a machine or a model: {@code doctor}, {@code suggest}. */
package dev.repartee.finetune.tools;
