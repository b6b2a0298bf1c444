/**
 * What agents did with suggestions: taken in, made durable in a local journal, and moved to the
 * object store in segments.
 */
package dev.repartee.serving.feedback;
