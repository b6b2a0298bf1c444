/** Rules for documents: README, docs, help texts and messages. */
package dev.repartee.infra.docs;
