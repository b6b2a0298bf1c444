/** Conversations and how to read them. */
package dev.repartee.common.data;
