/** The agents' messages, redacted and counted. */
package dev.repartee.clustering.count;
