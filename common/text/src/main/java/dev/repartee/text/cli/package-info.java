/** How every command reads its options and reports its failures. */
package dev.repartee.text.cli;
