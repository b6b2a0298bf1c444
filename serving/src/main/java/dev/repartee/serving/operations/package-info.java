/** How the service is observed: metrics, log lines, request ids. */
package dev.repartee.serving.operations;
