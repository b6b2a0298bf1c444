/** Predictions under load: bounded threads, cached conversations, deadlines and refusals. */
package dev.repartee.serving.predict;
