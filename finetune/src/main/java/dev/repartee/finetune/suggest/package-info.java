/** One prediction from the command line. */
package dev.repartee.finetune.suggest;
