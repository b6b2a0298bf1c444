/** The HTTP API: servers, endpoints, errors, and the OpenAPI document that describes them. */
package dev.repartee.serving.http;
