/**
 * GPT-2: its TorchScript program, configuration, weights on disk in Hugging Face's layout, and
 * inference with a key-value cache.
 */
package dev.repartee.engine.gpt2;
