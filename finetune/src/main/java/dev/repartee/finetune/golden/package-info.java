/** Situations in which engineers have said what a model must, and must not, suggest. */
package dev.repartee.finetune.golden;
