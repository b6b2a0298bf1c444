/**
 * The {@code models} commands: publish, look at and move model versions, and the gates for that.
 */
package dev.repartee.finetune.models;
