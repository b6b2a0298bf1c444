/** Secrets planted in training data, and how surely they can be got out of a model again. */
package dev.repartee.finetune.canary;
