/**
 * Holds Cloud Build's files, GitHub's workflows and the commands in them to their formats and to
 * rules of ours.
 */
package dev.repartee.infra.pipeline;
