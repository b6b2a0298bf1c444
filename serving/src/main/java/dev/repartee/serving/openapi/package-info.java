/** Describes an HTTP API as OpenAPI 3.1, from the records that it reads and writes. */
package dev.repartee.serving.openapi;
