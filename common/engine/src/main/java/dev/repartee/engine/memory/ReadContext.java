package dev.repartee.engine.memory;

/**
 * What the model read before a reply.
 *
 * @param hidden its hidden state; empty where it did not read it
 * @param centred whether the mean is taken out of it already
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record ReadContext(float[] hidden, boolean centred, ContextTerms terms) {}
