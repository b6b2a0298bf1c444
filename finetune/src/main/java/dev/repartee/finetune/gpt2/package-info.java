/**
 * GPT-2 as training needs it: the training methods of its program, gradients, AdamW and their
 * state.
 */
package dev.repartee.finetune.gpt2;
