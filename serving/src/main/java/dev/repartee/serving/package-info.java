/** The HTTP service that suggests replies. */
package dev.repartee.serving;
