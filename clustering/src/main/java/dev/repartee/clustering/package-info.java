/** Extraction of answers from conversations. GPL-3, since it uses Smile. */
package dev.repartee.clustering;
