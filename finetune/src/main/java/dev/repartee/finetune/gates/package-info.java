/** What a model must be like to be promoted, and whether it is. */
package dev.repartee.finetune.gates;
