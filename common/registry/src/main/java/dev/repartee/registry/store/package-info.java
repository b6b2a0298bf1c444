/** Objects under a root, in a local folder or in Google Cloud Storage, with compare-and-swap. */
package dev.repartee.registry.store;
