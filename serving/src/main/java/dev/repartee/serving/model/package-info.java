/** The served model: from its source to its swap, and what the health checks say about it. */
package dev.repartee.serving.model;
