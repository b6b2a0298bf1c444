/** Reads {@code infra/terraform} and holds it to rules of our own; needs no Terraform. */
package dev.repartee.infra.terraform;
