/**
 * A simulated contact center: agents who write known conversations with a service, over HTTP, and
 * send it feedback. Not for users; {@code scripts/center} runs it.
 */
package dev.repartee.lab.center;
