/** Holds the container images' Dockerfile and launchers to their rules. */
package dev.repartee.infra.docker;
