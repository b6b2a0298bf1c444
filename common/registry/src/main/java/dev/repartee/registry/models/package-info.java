/** Immutable model versions in an object store, and the aliases that name one of them. */
package dev.repartee.registry.models;
