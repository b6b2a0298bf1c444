/** GPT-2 for training: forward and backward pass, gradients, AdamW, and their state. */
package dev.repartee.finetune.gpt2;
