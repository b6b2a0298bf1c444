/** Where the commands' model comes from: a folder, the registry, or the Hugging Face hub. */
package dev.repartee.finetune.source;
