/** The agent console and the browser client: static files that the service serves itself. */
package dev.repartee.serving.console;
