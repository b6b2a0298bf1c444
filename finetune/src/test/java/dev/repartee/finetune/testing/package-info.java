/** What the tests of this module share. */
package dev.repartee.finetune.testing;
