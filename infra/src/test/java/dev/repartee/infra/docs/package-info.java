/** Rules for documents: README, docs, help texts and messages. Their commands run. */
package dev.repartee.infra.docs;
