/** Conversations and how to read them. */
package dev.repartee.text.conversation;
