/** Files that are whole or absent. */
package dev.repartee.common.io;
