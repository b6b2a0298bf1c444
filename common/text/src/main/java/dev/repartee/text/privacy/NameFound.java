package dev.repartee.text.privacy;

/** A name from word {@code start} up to, but without, word {@code end}. */
record NameFound(int start, int end, Evidence evidence) {}
