/**
 * Base models from the Hugging Face hub: downloaded once, every byte checked, kept in a cache that
 * also serves without a network.
 */
package dev.repartee.finetune.hub;
