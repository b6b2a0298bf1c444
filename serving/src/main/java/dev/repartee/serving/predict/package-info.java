/** Runs predictions for many requests at once: bounded, and without reading a context twice. */
package dev.repartee.serving.predict;
