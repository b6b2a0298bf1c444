/** Files that are whole or absent, and those of the class path. */
package dev.repartee.text.io;
