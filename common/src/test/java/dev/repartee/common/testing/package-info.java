/** What the tests of every module share. */
package dev.repartee.common.testing;
