/**
 * What helps to build and judge the product and ships with none of it: benchmarks, a simulated
 * contact center, a simulator of autoscaling, and a conversation typed key by key.
 */
package dev.repartee.lab;
