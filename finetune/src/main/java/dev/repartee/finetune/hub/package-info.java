/**
 * Models of the hub of Hugging Face, whose files are downloaded once, verified, and kept in a cache
 * that also works offline, and the base model that ships.
 */
package dev.repartee.finetune.hub;
