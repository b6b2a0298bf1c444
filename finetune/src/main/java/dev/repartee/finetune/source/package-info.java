/**
 * Where a command's model or library comes from: a folder, the registry, or, for models, the hub of
 * Hugging Face, whose files are downloaded once, verified, and kept in a cache that also works
 * offline. Also the options that say how a model is run.
 */
package dev.repartee.finetune.source;
