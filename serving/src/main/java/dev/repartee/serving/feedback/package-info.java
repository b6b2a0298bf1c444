/**
 * Feedback: what agents did with suggestions. A request is read and redacted, made durable in a
 * journal on this machine before it is answered, and moved to the object store later.
 */
package dev.repartee.serving.feedback;
