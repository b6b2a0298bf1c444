/** A few replies of the validation data, with what a model makes of them. */
package dev.repartee.finetune.samples;
