/** The {@code transcript} command: suggestions to look at, and a conversation typed key by key. */
package dev.repartee.lab.transcript;
