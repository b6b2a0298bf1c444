/** The served model: where it comes from, what is known of it, and how far its start has come. */
package dev.repartee.serving.model;
