/** The seeded generator of the sample conversations in {@code scripts/samples}. */
package dev.repartee.text.samples;
