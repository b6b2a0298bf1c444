/** Texts as vectors: n-grams, TF-IDF, reduction to a few dimensions. */
package dev.repartee.clustering.vector;
