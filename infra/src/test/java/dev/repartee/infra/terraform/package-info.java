/** Rules for {@code infra/terraform}, read by HashiCorp's parser; Terraform is not needed. */
package dev.repartee.infra.terraform;
