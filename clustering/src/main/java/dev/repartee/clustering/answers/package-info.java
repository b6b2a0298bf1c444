/** Makes answers of clusters, and measures how much they cover. */
package dev.repartee.clustering.answers;
