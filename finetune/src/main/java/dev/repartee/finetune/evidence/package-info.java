/** What was measured of a model, in the form that decisions about it are taken on. */
package dev.repartee.finetune.evidence;
