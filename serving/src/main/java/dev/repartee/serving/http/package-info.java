/** The HTTP API: server, endpoints, errors, and the OpenAPI document that describes them. */
package dev.repartee.serving.http;
