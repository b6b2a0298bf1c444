/** What a person sees of a training run: its page, its TensorBoard events and its progress line. */
package dev.repartee.finetune.report;
