/** Counting on Apache Spark. */
package dev.repartee.clustering.spark;
