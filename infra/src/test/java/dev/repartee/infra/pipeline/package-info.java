/** Rules for Cloud Build's files, GitHub's workflows and the commands in them. */
package dev.repartee.infra.pipeline;
