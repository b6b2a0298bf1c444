/** The answer set, approved replies with their phrasings, and its file. */
package dev.repartee.text.answers;
