/** Who may use the service: API keys, tokens, and the rules for browsers. */
package dev.repartee.serving.access;
