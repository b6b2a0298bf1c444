/** Typed text saved: what an agent's keyboard is spared by a predictor, and how surely so. */
package dev.repartee.finetune.metric;
