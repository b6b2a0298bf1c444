package dev.repartee.clustering.count;

/**
 * One use of a text in a conversation.
 *
 * @param message the index of the agent message among all messages of the conversation, from 0
 * @param key the masked form, {@link dev.repartee.text.TextNorm#mask}
 * @param spelling the redacted text itself
 * @param sentence whether it is one sentence among others of the message, rather than all of it
 */
record Occurrence(int message, String key, String spelling, boolean sentence) {}
