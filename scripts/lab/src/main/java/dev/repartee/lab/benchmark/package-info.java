/** Times training and suggesting, and makes models of random weights for it. */
package dev.repartee.lab.benchmark;
