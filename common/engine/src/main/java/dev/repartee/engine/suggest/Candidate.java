package dev.repartee.engine.suggest;

/**
 * Something that might be offered.
 *
 * @param text that would follow the draft, as the agent would see it
 * @param probability that the reply goes on with exactly it and that its last word ends there
 */
public record Candidate(String text, double probability) {}
