/** What the registry and the feedback share: the name of a version. */
package dev.repartee.registry;
