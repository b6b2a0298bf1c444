/** Rules and tests for the Dockerfile and the launchers of the images. */
package dev.repartee.infra.docker;
