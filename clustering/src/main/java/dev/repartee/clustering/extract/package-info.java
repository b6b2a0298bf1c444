/** The {@code extract} command and the steps it runs. */
package dev.repartee.clustering.extract;
