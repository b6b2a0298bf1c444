/** JSON as the project reads and writes it. */
package dev.repartee.text.json;
