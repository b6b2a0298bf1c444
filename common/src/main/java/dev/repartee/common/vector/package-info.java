/** Arithmetic on dense vectors. */
package dev.repartee.common.vector;
