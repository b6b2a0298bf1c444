/** What a GPT-2 model folder holds and predicts. */
package dev.repartee.finetune.inspect;
