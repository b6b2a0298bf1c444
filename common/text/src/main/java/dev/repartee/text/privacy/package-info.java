/**
 * Replaces personal data by placeholders before text is counted, trained or shown: {@link
 * dev.repartee.text.privacy.Redactor} in a text, {@link
 * dev.repartee.text.privacy.ConversationRedactor} in a conversation, where it also separates the
 * customer's name from the agent's. The classes that end in {@code Patterns} hold a table of rules
 * for each kind; names are found word by word. The words that both look for are lists in {@code
 * words.txt} and {@code name-cues.txt}: a language adds words there, and rules where its forms
 * differ.
 */
package dev.repartee.text.privacy;
