// Nothing is drawn by a script; on paper all that can be opened is open.
page.keepDrawn(() => {});
