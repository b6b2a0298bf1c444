/** The agent console and the browser client: static files that the service itself serves. */
package dev.repartee.serving.console;
