/** Files of one JSON object a line that people write by hand. */
package dev.repartee.finetune.jsonl;
