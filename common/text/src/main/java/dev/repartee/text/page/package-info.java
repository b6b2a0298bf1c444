/** Reports as offline HTML pages, each drawn by a script from one JSON document. */
package dev.repartee.text.page;
