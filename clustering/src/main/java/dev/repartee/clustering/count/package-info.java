/** Counts the agents' messages after personal data is replaced. */
package dev.repartee.clustering.count;
