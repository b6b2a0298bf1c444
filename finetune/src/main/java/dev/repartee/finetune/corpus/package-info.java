/**
 * Conversations as training reads them. {@code ConversationFiles} reads the files, {@code
 * WindowCutter} cuts conversations into windows of tokens, {@code WindowStore} keeps the windows in
 * mapped files, {@code TrainingData} holds the stores of a run, and {@code Steps} deals the windows
 * out in batches, which {@code Prefetch} prepares in a thread of its own. {@code ConversationKeys}
 * says later which conversations these were.
 */
package dev.repartee.finetune.corpus;
