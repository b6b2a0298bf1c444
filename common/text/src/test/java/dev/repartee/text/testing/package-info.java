/** What the tests of all modules share. */
package dev.repartee.text.testing;
