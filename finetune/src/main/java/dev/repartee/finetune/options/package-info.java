/**
 * Options of several commands: where a model or library comes from (a folder, the registry, the
 * hub), and how a model is run.
 */
package dev.repartee.finetune.options;
