/** Where the commands' model comes from: a folder or the registry. */
package dev.repartee.finetune.source;
