/** Clusters of texts that say the same. */
package dev.repartee.clustering.cluster;
