/** GPT-2's byte-level tokenizer, built without a download or read from a model folder. */
package dev.repartee.engine.tokenizer;
