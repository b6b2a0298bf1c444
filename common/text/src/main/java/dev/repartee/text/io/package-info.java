/** Files, folders, locks and resources. */
package dev.repartee.text.io;
