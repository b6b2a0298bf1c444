/** Measures training steps and what suggestions cost. */
package dev.repartee.finetune.benchmark;
