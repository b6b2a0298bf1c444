/**
 * From a contact center's export to conversations that the other commands read: {@code repartee
 * conversations import}, {@code check} and {@code split}.
 */
package dev.repartee.finetune.conversations;
