/** The HTTP API: what is asked and answered, its limits, and its errors as problem JSON. */
package dev.repartee.serving.api;
