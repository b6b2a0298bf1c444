/** Commands that look at a machine or a model: {@code doctor}, {@code inspect}, {@code suggest}. */
package dev.repartee.finetune.tools;
