/**
 * Keeping personal data out of what is counted, trained and shown. {@link
 * dev.repartee.text.privacy.Redactor} replaces it in a text, {@link
 * dev.repartee.text.privacy.ConversationRedactor} in a conversation, where it also tells whose a
 * name is. There is a file for the patterns of each kind; names are found word by word.
 */
package dev.repartee.text.privacy;
