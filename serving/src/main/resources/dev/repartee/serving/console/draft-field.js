/**
 * The agent's draft: a textarea with the rest of an offer in grey behind its text, and a count of
 * what it took to write. The grey text stands in a mirror element that lays its text out as the
 * textarea does.
 */
export class DraftField {
  #area;
  #mirror;
  #typed;
  #grey;
  #rest = '';
  #before = '';
  #inserting = false;
  #characters = 0;
  #actions = 0;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLElement} mirror
   * @param {() => void} changed called after each change by the agent's own hand
   */
  constructor(area, mirror, changed) {
    this.#area = area;
    this.#mirror = mirror;
    this.#typed = mirror.querySelector('.typed');
    this.#grey = mirror.querySelector('.ghost');
    area.addEventListener('input', (event) => {
      if (!this.#inserting) {
        this.#count(event);
        this.offer('');
        changed();
      }
    });
    area.addEventListener('scroll', () => this.#scroll());
    // The grey text continues the draft, so it shows only while one writes at the end.
    document.addEventListener('selectionchange', () => this.#render());
    // Browsers restore a draft when the page is loaded again; it counts as not written.
    area.value = '';
    this.#render();
  }

  get text() {
    return this.#area.value;
  }

  /** Characters that were typed or pasted. */
  get charactersTyped() {
    return this.#characters;
  }

  /** What it took in all: characters, deletions and offers taken, one each. */
  get actions() {
    return this.#actions;
  }

  /** The grey text, as far as it is visible. */
  get offered() {
    return this.#grey.textContent;
  }

  /** Offers a text behind the draft; empty for none. */
  offer(rest) {
    this.#rest = rest;
    this.#render();
  }

  /** Appends a completion that was taken. */
  append(text) {
    this.#put(this.text.length, text);
  }

  /** Puts a whole reply that was taken in place of the draft. */
  replace(text) {
    this.#put(0, text);
  }

  /** Begins the next reply. */
  clear() {
    this.#area.value = '';
    this.#before = '';
    this.#characters = 0;
    this.#actions = 0;
    this.offer('');
  }

  focus() {
    this.#area.focus();
  }

  #put(start, text) {
    const area = this.#area;
    this.#inserting = true;
    area.focus();
    area.setSelectionRange(start, area.value.length);
    // Deprecated, but the only way that leaves the browser's undo as it is.
    if (!document.execCommand('insertText', false, text)) {
      area.setRangeText(text, start, area.value.length, 'end');
    }
    this.#inserting = false;
    this.#before = area.value;
    this.#actions += 1;
    area.scrollTop = area.scrollHeight;
    this.offer('');
  }

  #count(event) {
    const characters = event.inputType?.startsWith('history') ? 0 : inserted(this.#before, this.text);
    this.#characters += characters;
    this.#actions += Math.max(1, characters);
    this.#before = this.text;
  }

  #render() {
    const { selectionStart, selectionEnd } = this.#area;
    const atEnd = selectionStart === this.text.length && selectionEnd === selectionStart;
    this.#typed.textContent = this.text;
    this.#grey.textContent = atEnd ? this.#rest : '';
    this.#scroll();
  }

  #scroll() {
    this.#mirror.scrollTop = this.#area.scrollTop;
  }
}

/** How many characters an edit inserted: what is between the ends that stayed. */
function inserted(before, after) {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shortest - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  return characters(after.slice(start, after.length - end));
}

/** Code points, as evaluations count them. */
export function characters(text) {
  return Array.from(text).length;
}
