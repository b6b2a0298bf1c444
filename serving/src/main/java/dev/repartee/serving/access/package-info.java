/** Who may ask the service what: keys, tokens, origins, and the headers that browsers obey. */
package dev.repartee.serving.access;
