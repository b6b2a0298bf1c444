/** From clusters to the answers that are used widely enough. */
package dev.repartee.clustering.answers;
