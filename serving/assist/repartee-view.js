/**
 * What <repartee-assist> draws: chips, the switch and a note, the grey text and marks over the
 * field, and the list of a search. It knows nothing of the service.
 *
 * @module repartee-view
 */
import { directionOf, setLike } from './repartee-field.js';

/** Whether this script belongs to an extension: it can define no elements there, and the page is not trusted. */
export const inExtension = Boolean(globalThis.chrome?.runtime?.id ?? !globalThis.customElements);

/** What a page can select it can read, in spite of the closed shadow root. */
const NO_SELECTION = ':host { user-select: none !important; }';

const STYLE = `
:host { display: block; position: relative; text-align: start; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bar { container-type: inline-size; }
.chips { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 8px; margin: 0; padding: 0; list-style: none; }
.place { min-width: 0; height: 4em; }
.chip {
  display: flex; align-items: center; gap: 10px; width: 100%; height: 100%; margin: 0; padding: 0 12px; cursor: pointer;
  font: inherit; font-size: .9em; line-height: 1.3; color: inherit; text-align: start; border: 1px solid color-mix(in srgb, currentColor 28%, transparent);
  border-radius: 9px; background: color-mix(in srgb, currentColor 4%, transparent); touch-action: manipulation;
}
.chip:hover { background: color-mix(in srgb, currentColor 9%, transparent); }
.chip:disabled { visibility: hidden; }
.words, .note { min-width: 0; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow-wrap: anywhere; }
.key { flex: none; font: inherit; font-size: .9em; opacity: .8; white-space: nowrap; }
.foot { display: flex; align-items: center; justify-content: end; gap: 16px; height: 3em; font-size: .85em; line-height: 1.35; }
.note { flex: 1; margin: 0; -webkit-line-clamp: 2; }
.note:not(:empty) { padding-inline-start: 8px; border-inline-start: 3px solid var(--repartee-mark, orange); }
.switch, .manual {
  flex: none; display: flex; align-items: center; gap: 8px; height: 100%; margin: 0; padding: 0; border: 0; font: inherit; background: none; color: inherit;
  cursor: pointer; touch-action: manipulation;
}
.switch::after, .manual::after {
  content: ""; display: block; width: 32px; height: 18px; border-radius: 9px;
  border: 1px solid currentColor; background: radial-gradient(circle at 8px 50%, currentColor 5.5px, transparent 6px); opacity: .7;
}
.switch[aria-checked=true]::after, .manual[aria-checked=true]::after {
  border-color: var(--repartee-accent, currentColor); opacity: 1;
  background: radial-gradient(circle at calc(100% - 8px) 50%, transparent 5.5px, var(--repartee-accent, currentColor) 6px);
}
.switch:dir(rtl)::after, .manual:dir(rtl)::after { transform: scaleX(-1); }
:focus-visible { outline: 2px solid var(--repartee-accent, Highlight); outline-offset: 2px; }
.layer { position: absolute; z-index: var(--repartee-z-index, 1); overflow: hidden; pointer-events: none; }
.ghost { position: absolute; margin: 0; color: var(--repartee-ghost, color-mix(in srgb, var(--ink) 64%, transparent)); }
.mark { position: absolute; border-radius: 3px; background: color-mix(in srgb, var(--repartee-mark, orange) 30%, transparent); box-shadow: 0 0 0 1px var(--repartee-mark, orange); }
.finding { border-radius: 0; background: none; box-shadow: 0 2px 0 0 var(--repartee-mark, orange); }
.away { position: absolute; top: 0; left: 0; width: 0; height: 0; overflow: hidden; visibility: hidden; }
.mirror, .probe { position: absolute; margin: 0; border: 0; }
.menu {
  position: fixed; inset: auto; margin: 0; padding: 4px; overflow: auto; border: 1px solid color-mix(in srgb, currentColor 28%, transparent);
  border-radius: 9px; background: var(--repartee-background, Canvas); color: var(--repartee-color, CanvasText); box-shadow: 0 6px 24px #0004; z-index: 2147483647;
}
.option { padding: 7px 10px; border-radius: 6px; cursor: pointer; overflow-wrap: anywhere; }
.option[aria-selected=true] { background: color-mix(in srgb, currentColor 12%, transparent); }
.title { font-weight: 600; }
.text { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; }
.blank { background: color-mix(in srgb, var(--repartee-mark, orange) 30%, transparent); color: inherit; border-radius: 3px; }
.nothing { padding: 7px 10px; }
.status { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
@container (max-width: 30rem) {
  .chips { grid-auto-flow: row; gap: 6px; }
  .place { height: 3.25em; min-height: 44px; }
  .words { -webkit-line-clamp: 2; }
  .note:not(:empty) ~ .manual { display: none; }
}
@media (hover: none) and (pointer: coarse) { .key, .manual[aria-checked=false] { display: none; } .foot { min-height: 44px; } }
${inExtension ? NO_SELECTION : ''}
@media (forced-colors: active) { .ghost { color: GrayText; } .option[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
`;

/** Built once, when a page first needs it. A Content-Security-Policy does not forbid such sheets. */
let sheet = null;

export class View {
  #host;
  #parts;
  #none = '';

  /**
   * @param {HTMLElement} host
   * @param {{take, takeFound, toggle, staysInField}} actions what a click does, and whether it is to
   *   leave the cursor in the field
   */
  constructor(host, actions) {
    this.#host = host;
    const root = host.attachShadow({ mode: inExtension ? 'closed' : 'open' });
    if (sheet === null) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
    }
    root.adoptedStyleSheets = [sheet];
    const bar = part('div', 'bar');
    const chips = part('ol', 'chips');
    const foot = part('div', 'foot');
    const note = part('p', 'note', { role: 'status' });
    const manual = part('button', 'manual', { type: 'button', role: 'switch' });
    const toggle = part('button', 'switch', { type: 'button', role: 'switch' });
    const layer = part('div', 'layer', { 'aria-hidden': 'true' });
    const away = part('div', 'away', { 'aria-hidden': 'true' });
    const mirror = part('div', 'mirror');
    const ghost = part('div', 'ghost');
    const menu = part('div', 'menu', { role: 'listbox', tabindex: '0', popover: 'manual' });
    const status = part('p', 'status', { 'aria-live': 'polite' });
    layer.append(ghost);
    layer.hidden = true;
    menu.hidden = true;
    foot.append(note, manual, toggle);
    bar.append(chips, foot);
    const probe = part('div', 'probe');
    const letter = document.createElement('span');
    letter.textContent = '\u200b';
    probe.append(letter);
    away.append(mirror, probe);
    root.append(bar, layer, away, menu, status);
    this.#parts = { chips, note, manual, toggle, layer, ghost, mirror, probe, menu, status };
    // A click leaves the cursor, and a phone's keyboard, where they are.
    for (const type of ['pointerdown', 'mousedown']) {
      root.addEventListener(type, (event) => {
        if (actions.staysInField()) {
          event.preventDefault();
        }
      });
    }
    chips.addEventListener('click', (event) => {
      const chip = event.target.closest('.chip');
      if (chip !== null) {
        actions.take(Array.from(chips.querySelectorAll('.chip')).indexOf(chip));
      }
    });
    menu.addEventListener('click', (event) => {
      const option = event.target.closest('.option');
      if (option !== null) {
        actions.takeFound(Array.from(menu.children).indexOf(option));
      }
    });
    toggle.addEventListener('click', () => actions.toggle('off'));
    manual.addEventListener('click', () => actions.toggle('manual'));
  }

  /** In which a text field's text is laid out. */
  get mirror() {
    return this.#parts.mirror;
  }

  /** As many places as there may be suggestions, so that nothing moves when they come and go. */
  label({ suggestions, manual, answers, none, keys }) {
    const { chips, toggle, menu } = this.#parts;
    this.#none = none;
    chips.setAttribute('aria-label', suggestions);
    toggle.textContent = suggestions;
    this.#parts.manual.textContent = manual;
    menu.setAttribute('aria-label', answers);
    const places = keys.map((label, index) => {
      const place = part('li', 'place');
      const chip = part('button', 'chip', { type: 'button', 'aria-keyshortcuts': `Alt+${index + 1}` });
      const key = part('kbd', 'key', { 'aria-hidden': 'true' });
      key.textContent = label;
      chip.append(key, part('span', 'words', { dir: 'auto' }));
      place.append(chip);
      return place;
    });
    chips.replaceChildren(...places);
  }

  /** The words of each place; empty for none. */
  chips(words, on, onDemand) {
    const { chips, toggle, manual } = this.#parts;
    chips.querySelectorAll('.chip').forEach((chip, index) => {
      const text = words[index] ?? '';
      chip.disabled = text === '';
      chip.title = text;
      chip.querySelector('.words').textContent = text;
      if (!inExtension) {
        chip.part.toggle('empty', text === '');
      }
    });
    toggle.setAttribute('aria-checked', String(on));
    manual.setAttribute('aria-checked', String(onDemand));
  }

  /** What to mind before the reply is sent. */
  note(text) {
    const { note } = this.#parts;
    if (note.textContent !== text) {
      note.textContent = text;
      note.title = text;
    }
  }

  /** Puts the grey text over the field, and the marks of open placeholders and of findings, which have a kind. */
  overlay(field, grey, passages) {
    const { layer, ghost } = this.#parts;
    ghost.textContent = grey;
    layer.hidden = ghost.textContent === '' && passages.length === 0;
    if (layer.hidden) {
      layer.replaceChildren(ghost);
      return;
    }
    const box = field.visibleBox;
    const host = this.#host.getBoundingClientRect();
    move(layer, box.left - host.left, box.top - host.top, box.width, box.height);
    const marks = passages.flatMap(({ start, end, kind }) =>
      field.rects(start, end).map((rect) => {
        const mark = part('div', kind === undefined ? 'mark' : 'mark finding');
        move(mark, rect.left - box.left, rect.top - box.top, rect.width, rect.height);
        return mark;
      }),
    );
    layer.replaceChildren(ghost, ...marks);
    if (ghost.textContent !== '') {
      this.#placeGhost(field, box);
    }
  }

  /** The text goes on in a block as wide as that of the field, with an indent as wide as what is there. */
  #placeGhost(field, visible) {
    const { ghost, probe } = this.#parts;
    const { left, top, height, direction, box, style } = field.end();
    setLike(ghost, style);
    ghost.style.direction = direction;
    ghost.style.unicodeBidi = 'normal';
    const own = directionOf(ghost.textContent, direction);
    let indent = direction === 'rtl' ? box.right - left : left - box.left;
    if (own !== direction) {
      // It would go on before what is typed last. There is no room, so it stands apart, beside the line.
      const apart = document.createElement('bdi');
      apart.dir = own;
      apart.textContent = ghost.textContent;
      ghost.replaceChildren(apart);
      indent += parseFloat(style.fontSize) / 2;
    }
    ghost.style.setProperty('--ink', style.color);
    // How far below a line's top its letters begin, which browsers round as they like.
    setLike(probe, style);
    const letters = probe.firstChild.getBoundingClientRect();
    const y = top + (height - letters.height) / 2 - (letters.top - probe.getBoundingClientRect().top);
    ghost.style.textIndent = `${indent}px`;
    ghost.style.whiteSpace = style.whiteSpace === 'pre' ? 'pre' : 'pre-wrap';
    ghost.style.overflowWrap = 'break-word';
    ghost.style.width = `${box.right - box.left}px`;
    ghost.style.left = `${box.left - visible.left}px`;
    ghost.style.top = `${y - visible.top}px`;
  }

  /** The list of found answers; none where there is no search, or no answer to it yet. */
  search(field, search) {
    const { menu } = this.#parts;
    const shown = search !== null && search.answers !== null;
    if (menu.hidden !== !shown) {
      menu.hidden = !shown;
      // Above all else on the page, where browsers can do that.
      if (shown) {
        menu.showPopover?.();
      } else if (menu.hidePopover && menu.matches(':popover-open')) {
        menu.hidePopover();
      }
    }
    if (!shown) {
      menu.replaceChildren();
      return;
    }
    const options = search.answers.map((answer, index) => {
      const option = part('div', 'option', { role: 'option', 'aria-selected': String(index === search.active) });
      if (answer.title) {
        const title = part('div', 'title', { dir: 'auto' });
        title.textContent = answer.title;
        option.append(title);
      }
      const text = part('div', 'text', { dir: 'auto' });
      text.append(...withBlanks(answer.text, answer.unfilled ?? []));
      option.append(text);
      return option;
    });
    if (options.length === 0) {
      const nothing = part('div', 'nothing', { role: 'option', 'aria-selected': 'false', 'aria-disabled': 'true' });
      nothing.textContent = this.#none;
      options.push(nothing);
    }
    menu.replaceChildren(...options);
    this.#placeSearch(field, search.start);
    menu.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  /** Below the slash, or above it where there is more room. */
  #placeSearch(field, start) {
    const { menu } = this.#parts;
    const at = field.rects(start, start + 1)[0] ?? field.visibleBox;
    const { innerWidth, innerHeight } = window;
    const width = Math.min(420, innerWidth - 16);
    const below = innerHeight - at.bottom - 16;
    const above = at.top - 16;
    const under = below >= 220 || below >= above;
    const rtl = getComputedStyle(field.element).direction === 'rtl';
    const left = rtl ? at.right - width : at.left;
    menu.style.width = `${width}px`;
    menu.style.maxHeight = `${Math.min(360, under ? below : above)}px`;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    menu.style.top = under ? `${at.bottom + 6}px` : 'auto';
    menu.style.bottom = under ? 'auto' : `${innerHeight - at.top + 6}px`;
  }

  /** Read aloud. A text that stays is not read again. */
  say(text) {
    if (this.#parts.status.textContent !== text) {
      this.#parts.status.textContent = text;
    }
  }
}

/** An element with the same name as class, and as part if the page may style it. */
function part(tag, name, attributes = {}) {
  const element = document.createElement(tag);
  element.className = name;
  if (!inExtension) {
    element.setAttribute('part', name);
  }
  for (const [key, value] of Object.entries(attributes)) {
    element.setAttribute(key, value);
  }
  return element;
}

function move(element, left, top, width, height) {
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
}

/** A text with its open placeholders marked, as nodes. */
function withBlanks(text, names) {
  return text.split(/(\{\w+\})/).map((piece) => {
    if (!names.includes(piece.slice(1, -1))) {
      return document.createTextNode(piece);
    }
    const mark = part('mark', 'blank');
    mark.textContent = piece;
    return mark;
  });
}
