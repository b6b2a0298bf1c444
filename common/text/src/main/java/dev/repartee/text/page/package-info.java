/** What the project's offline HTML pages share: their look, charts and numbers. */
package dev.repartee.text.page;
