/**
 * Conversations as training reads them: cut into windows of tokens, kept in mapped files, dealt out
 * in batches.
 */
package dev.repartee.finetune.corpus;
