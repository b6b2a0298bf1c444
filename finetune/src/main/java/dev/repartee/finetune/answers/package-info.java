/** Answer libraries before they are published: import, what is found in them, diff and search. */
package dev.repartee.finetune.answers;
