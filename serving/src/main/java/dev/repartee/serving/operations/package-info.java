/** What those who run the service see of it: metrics, log lines, request ids. */
package dev.repartee.serving.operations;
