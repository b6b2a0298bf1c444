/**
 * <repartee-assist for="#reply">: suggests replies beside a field that agents write in. Grey text
 * goes on behind the draft, chips offer whole replies, a slash searches the answers.
 *
 * @module repartee-assist
 */
import { pause, ReparteeClient } from './repartee-client.js';
import { fieldOf, setLike } from './repartee-field.js';

/** A draft is sent when it rests for so long, and as late as that while it does not. */
const DEBOUNCE_MS = 120;
const LONGEST_WAIT_MS = 300;
/** When, and how often, to ask again for what was not complete: the model has thought by then. */
const MORE_AFTER_MS = 80;
const MOST_MORE = 3;
/** Pauses after failures double from the first to the last. */
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 30_000;
/** A draft that is gone so soon after Enter or a click on the send button was sent. */
const SENT_WITHIN_MS = [0, 50, 250, 1000, 3000];
/** An editor's change so soon after a key or a paste is the agent's. */
const BY_HAND_MS = 100;

const MOST_DRAFT = 4000; // characters that a request may hold
const MOST_QUERY = 60;
const MOST_FOUND = 8;

const LABELS = {
  suggestions: 'Suggestions',
  answers: 'Answers',
  key: 'Alt {number}',
  tab: 'Tab takes: {text}',
  found: '{text}, {number} of {count}',
  none: 'No answer found',
  fill: 'Fill in before sending: {names}',
};

const STYLE = `
:host { display: block; position: relative; text-align: start; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
[hidden] { display: none !important; }
.bar { display: flex; align-items: start; gap: 8px; container-type: inline-size; }
.chips { flex: 1; min-width: 0; display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 8px; margin: 0; padding: 0; list-style: none; }
.place { min-width: 0; height: 3.75em; }
.chip {
  display: flex; align-items: center; gap: 10px; width: 100%; height: 100%; margin: 0; padding: 0 12px; cursor: pointer;
  font: inherit; line-height: 1.35; color: inherit; text-align: start; border: 1px solid color-mix(in srgb, currentColor 28%, transparent);
  border-radius: 9px; background: color-mix(in srgb, currentColor 4%, transparent); touch-action: manipulation;
}
.chip:hover { background: color-mix(in srgb, currentColor 9%, transparent); }
.chip:disabled { visibility: hidden; }
.words { min-width: 0; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow-wrap: anywhere; }
.key { flex: none; font: inherit; font-size: .8em; opacity: .8; white-space: nowrap; }
.switch {
  flex: none; width: 36px; height: 44px; margin: 0; padding: 0; border: 0; background: none; color: inherit; cursor: pointer; touch-action: manipulation;
}
.switch::before {
  content: ""; display: block; width: 32px; height: 18px; margin: 0 2px; padding: 2px; border-radius: 9px; box-sizing: border-box;
  border: 1px solid currentColor; background: radial-gradient(circle at 8px 50%, currentColor 5.5px, transparent 6px); opacity: .7;
}
.switch[aria-checked=true]::before { background: radial-gradient(circle at calc(100% - 8px) 50%, currentColor 5.5px, transparent 6px); }
.switch:dir(rtl)::before { transform: scaleX(-1); }
:focus-visible { outline: 2px solid var(--repartee-accent, Highlight); outline-offset: 2px; }
.layer { position: absolute; z-index: var(--repartee-z-index, 1); overflow: hidden; pointer-events: none; }
.ghost { position: absolute; margin: 0; color: var(--repartee-ghost, color-mix(in srgb, var(--ink) 64%, transparent)); }
.mark { position: absolute; border-radius: 3px; background: color-mix(in srgb, var(--repartee-mark, orange) 30%, transparent); box-shadow: 0 0 0 1px var(--repartee-mark, orange); }
.away { position: absolute; top: 0; left: 0; width: 0; height: 0; overflow: hidden; visibility: hidden; }
.mirror { position: absolute; margin: 0; border: 0; }
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
  .place { height: 3.5em; min-height: 44px; }
}
@media (hover: none) and (pointer: coarse) { .key { display: none; } }
@media (forced-colors: active) { .ghost { color: GrayText; } .option[aria-selected=true] { outline: 2px solid Highlight; outline-offset: -2px; } }
`;

/** Built once, when a page first needs it. A Content-Security-Policy does not forbid such sheets. */
let sheet = null;

/** The scripts of an extension have no custom elements: there, a plain element becomes one. */
function Plain() {
  return Object.setPrototypeOf(document.createElement('repartee-assist'), new.target.prototype);
}
Plain.prototype = globalThis.HTMLElement?.prototype ?? Object.prototype;

export class ReparteeAssist extends (globalThis.customElements ? HTMLElement : Plain) {
  static observedAttributes = ['for', 'url', 'agent', 'off', 'conversation', 'limit', 'operating-point'];

  // What the page gives.
  #given = null; // a field
  #messages = [];
  #metadata;
  #getToken = null;
  #fetch = null;
  #labels = LABELS;
  #offAtFirst = null;

  // The field, and how its draft came about.
  #field = null;
  #leave = null; // what ends the listening to the field
  #before = '';
  #inserting = false;
  #composing = false;
  #handAt = 0;
  #characters = 0;
  #actions = 0;

  // Asking.
  #client = null;
  #timer;
  #typedAt = 0;
  #waiting = null; // since when there is a draft that was not asked for
  #request = null;
  #pausedUntil = 0;
  #failures = 0;
  #state = { state: 'idle', detail: '', model: null };
  #takesFeedback = true;
  #searches = true;

  // What is offered.
  #answer = null; // the newest response, with the draft that it belongs to
  #offer = null; // the grey text: what it makes of the draft, and where it comes from
  #rejected = new Set(); // drafts that were deleted or declined
  #declined = false;
  #outcome = new Outcome();
  #search = null; // where the slash is, what was found, and which of it is active
  #closedAt = null; // the slash whose search was closed
  #blanks = new Set(); // placeholders that came with a text unfilled
  #blocked = false;
  #sending = null;

  #parts;
  #page = null; // what ends the listening to the page

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    if (sheet === null) {
      sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
    }
    root.adoptedStyleSheets = [sheet];
    const bar = part('div', 'bar');
    const chips = part('ol', 'chips');
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
    bar.append(chips, toggle);
    away.append(mirror);
    root.append(bar, layer, away, menu, status);
    this.#parts = { chips, toggle, layer, ghost, mirror, menu, status };
    // A click leaves the cursor, and a phone's keyboard, where they are.
    root.addEventListener('pointerdown', (event) => this.#keepFocus(event));
    root.addEventListener('mousedown', (event) => this.#keepFocus(event));
    chips.addEventListener('click', (event) => {
      const chip = event.target.closest('.chip');
      if (chip !== null) {
        this.take(Array.from(chips.querySelectorAll('.chip')).indexOf(chip));
      }
    });
    menu.addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]');
      if (option !== null) {
        this.#takeFound(Array.from(menu.children).indexOf(option));
      }
    });
    toggle.addEventListener('click', () => this.#toggle());
  }

  connectedCallback() {
    for (const name of ['field', 'messages', 'metadata', 'getToken', 'fetch', 'labels', 'off']) {
      if (Object.hasOwn(this, name)) {
        // Set by a page before this script was there.
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.#page = new AbortController();
    const { signal } = this.#page;
    const on = (target, type, listener, options) =>
      target.addEventListener(type, listener, { ...options, signal });
    on(document, 'selectionchange', () => this.#selected());
    on(document, 'scroll', () => this.#place(), { capture: true, passive: true });
    on(window, 'resize', () => this.#place());
    on(window, 'click', (event) => this.#guard(event), { capture: true });
    on(window, 'submit', (event) => this.#guard(event), { capture: true });
    // Desks draw their fields anew, and sometimes later than this element.
    const observer = new MutationObserver(() => this.#attach());
    observer.observe(this.getRootNode(), { childList: true, subtree: true });
    signal.addEventListener('abort', () => observer.disconnect());
    this.#recallOff();
    this.#drawPlaces();
    this.#attach();
    this.refresh();
  }

  disconnectedCallback() {
    this.#page?.abort();
    this.#detach();
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (!this.isConnected || this.#page === null || before === after) {
      return;
    }
    if (name === 'for') {
      this.#attach();
    } else if (name === 'url') {
      this.#client = null;
    } else if (name === 'agent') {
      this.#recallOff();
    } else if (name === 'limit') {
      this.#drawPlaces();
    } else if (name === 'conversation') {
      this.#begin();
      this.#before = this.#field?.text ?? '';
    } else if (name === 'off') {
      this.#turned();
    }
    this.refresh();
  }

  /** The field; an element here goes before the selector of `for`. */
  get field() {
    return this.#field?.element ?? null;
  }

  set field(element) {
    this.#given = element;
    if (this.#page !== null) {
      this.#attach();
      this.refresh();
    }
  }

  /** The conversation so far, oldest message first. Set it anew when there is another message. */
  get messages() {
    return this.#messages;
  }

  set messages(messages) {
    this.#messages = Array.from(messages);
    this.#request?.abort();
    this.#answer = null;
    this.#offer = null;
    this.#render();
    this.refresh();
  }

  /** What placeholders are filled from, such as customer_name and order_number. */
  get metadata() {
    return this.#metadata;
  }

  set metadata(metadata) {
    this.#metadata = metadata;
    this.refresh();
  }

  get getToken() {
    return this.#getToken;
  }

  set getToken(getToken) {
    this.#getToken = getToken;
    this.#client = null;
    this.#become('idle', '');
    this.refresh();
  }

  get fetch() {
    return this.#fetch;
  }

  set fetch(fetch) {
    this.#fetch = fetch;
    this.#client = null;
  }

  get labels() {
    return this.#labels;
  }

  set labels(labels) {
    this.#labels = { ...LABELS, ...labels };
    this.#drawPlaces();
  }

  get off() {
    return this.hasAttribute('off');
  }

  set off(off) {
    this.toggleAttribute('off', off);
    this.#stayInStep('off');
  }

  /** Whether the draft holds placeholders that nobody filled. */
  get blocked() {
    return this.#blocked;
  }

  /** How the service is: idle (not asked yet), ready, busy, unready, unreachable, locked or refused. */
  get state() {
    return this.#state.state;
  }

  /** What was typed of this reply in characters, and in all: deletions and texts taken count one each. */
  get typed() {
    return { characters: this.#characters, actions: this.#actions };
  }

  /** Asks now, also where a pause is on. */
  refresh() {
    if (this.#page === null || !this.isConnected) {
      return;
    }
    this.#pausedUntil = 0;
    this.#waiting = null;
    // Several changes at a time make one request.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), 0);
  }

  /** Takes the suggestion in a place, as a click on its chip does; whether there was one. */
  take(index) {
    const suggestion = this.#answer?.suggestions[index];
    const rest = suggestion === undefined ? null : this.#rest(suggestion);
    if (rest === null) {
      return false;
    }
    if (this.#composing) {
      // Phones compose every word: what is there so far is kept.
      this.#field.element.blur();
      this.#composing = false;
    }
    if (suggestion.kind === 'completion') {
      const { length } = this.#field.text;
      this.#insert(length, length, rest, { from: this.#answer, index });
    } else {
      this.#insertReply(suggestion, { from: this.#answer, index });
    }
    return true;
  }

  /** The reply was sent: reports what became of the suggestions, and begins the next. */
  sent(text = this.#field?.text ?? '') {
    const finalText = text.trim();
    const told = this.#outcome.of(finalText);
    const detail = { text: finalText, ...this.typed, action: told?.action ?? null };
    if (told !== null && finalText !== '') {
      this.#report({ ...told, finalText, charactersTyped: this.#characters });
    }
    this.#begin();
    this.#tell('sent', detail);
    this.#typedAt = performance.now();
    this.#schedule();
  }

  async #report(told) {
    const conversationId = this.getAttribute('conversation');
    if (!this.#takesFeedback || !conversationId) {
      return;
    }
    try {
      await this.#service().feedback({ ...told, conversationId });
    } catch (error) {
      // A service that takes no feedback is not told again; another failure costs one report.
      this.#takesFeedback = error.status !== 404 && error.status !== 405;
    }
  }

  /** Begins a reply. */
  #begin() {
    this.#request?.abort();
    this.#answer = null;
    this.#offer = null;
    this.#rejected.clear();
    this.#declined = false;
    this.#outcome = new Outcome();
    this.#blanks.clear();
    this.#before = '';
    this.#characters = 0;
    this.#actions = 0;
    this.#sending = null;
    this.#closeSearch();
    this.#render();
  }

  // The field

  #attach() {
    const element = this.#given ?? this.#find(this.getAttribute('for'));
    if (element === this.field && (element === null || element.isConnected)) {
      return;
    }
    this.#detach();
    if (element === null || !element.isConnected) {
      return;
    }
    this.#field = fieldOf(element, this.#parts.mirror);
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const on = (type, listener) => element.addEventListener(type, listener, { capture: true, signal });
    on('beforeinput', () => {
      this.#handAt = performance.now();
      if (!this.#composing) {
        this.#before = this.#field.text;
      }
    });
    on('input', (event) => this.#changed(event));
    on('paste', () => (this.#handAt = performance.now()));
    on('keydown', (event) => this.#key(event));
    on('focus', () => this.#render());
    on('blur', () => this.#blurred());
    on('compositionstart', () => {
      this.#composing = true;
      this.#closeSearch();
      this.#render();
    });
    on('compositionend', () => {
      this.#composing = false;
      // The input event of the last character comes before this one in some browsers.
      this.#handAt = performance.now();
      setTimeout(() => this.#changed(null), 0);
    });
    const stop = this.#field.watch(() => this.#changed(null));
    const resized = new ResizeObserver(() => this.#place());
    resized.observe(element);
    signal.addEventListener('abort', () => {
      stop();
      resized.disconnect();
    });
    this.#before = this.#field.text;
    this.#render();
    this.refresh();
  }

  #detach() {
    this.#leave?.abort();
    this.#field = null;
    this.#composing = false;
    this.#closeSearch();
    this.#render();
  }

  /** An element of the same tree as this one, or of the page. */
  #find(selector) {
    if (!selector) {
      return null;
    }
    return this.getRootNode().querySelector(selector) ?? document.querySelector(selector);
  }

  /** The draft may have changed, by whatever hand. */
  #changed(event) {
    if (this.#inserting || this.#composing || this.#field === null) {
      return;
    }
    const { text } = this.#field;
    const before = this.#before;
    const byHand = event !== null || performance.now() - this.#handAt < BY_HAND_MS;
    if (text !== '' || event?.inputType?.startsWith('delete')) {
      this.#sending = byHand && text !== before ? null : this.#sending; // it was not sent
    }
    if (text === before || (text === '' && this.#sending !== null)) {
      return; // the desk took what is being sent
    }
    this.#before = text;
    if (byHand) {
      const characters = event?.inputType?.startsWith('history') ? 0 : inserted(before, text);
      this.#characters += characters;
      this.#actions += Math.max(1, characters);
    }
    if (text === '') {
      // Begun again: nothing of what was there counts.
      this.#rejected.clear();
      this.#outcome.forget();
      this.#blanks.clear();
    } else if (byHand && before.startsWith(text)) {
      this.#rejected.add(before);
    }
    this.#typedAt = performance.now();
    this.#readSearch();
    this.#render();
    this.#say('');
    this.#schedule();
  }

  #selected() {
    if (this.#field === null || this.#inserting) {
      return;
    }
    if (this.#field.text !== this.#before && !this.#composing) {
      // Set by the page: nobody typed it.
      this.#before = this.#field.text;
      this.#typedAt = performance.now();
      this.#schedule();
    }
    this.#render();
  }

  #blurred() {
    this.#closeSearch();
    this.#render();
  }

  #keepFocus(event) {
    if (this.#field?.focused) {
      event.preventDefault();
    }
  }

  // Keys

  #key(event) {
    this.#handAt = performance.now();
    // What an input method reads is none of ours; 229 is what it makes of a key.
    if (event.isComposing || this.#composing || event.keyCode === 229 || this.off) {
      return;
    }
    if (this.#search !== null ? this.#searchKey(event) : this.#offerKey(event)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (event.key === 'Enter' && !event.shiftKey && !event.altKey) {
      if (this.#blocked && this.hasAttribute('guard-enter')) {
        event.preventDefault();
        event.stopImmediatePropagation();
        this.#refuse();
      } else {
        this.#mayBeSent();
      }
    }
  }

  #offerKey(event) {
    const plain = !event.altKey && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (event.key === 'Tab' && plain && this.#shownOffer() !== '') {
      const { from, index, whole } = this.#offer;
      const { length } = this.#before;
      this.#insert(length, length, whole.slice(length), { from, index });
      return true;
    }
    if (event.key === 'Escape' && plain && this.#shownOffer() !== '') {
      this.#rejected.add(this.#offer.whole);
      this.#declined = true;
      this.#offer = null;
      this.#render();
      this.#say('');
      return true;
    }
    // By the place of the key: with Alt, some layouts write other characters.
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    return digit !== undefined && event.altKey && !event.ctrlKey && !event.metaKey && this.take(digit - 1);
  }

  // Asking

  #service() {
    this.#client ??= new ReparteeClient({
      url: this.getAttribute('url') ?? new URL('.', import.meta.url),
      getToken: this.#getToken,
      fetch: this.#fetch,
    });
    return this.#client;
  }

  /** What the desk knows, for every request. */
  #desk() {
    return {
      conversationId: this.getAttribute('conversation') || undefined,
      agentId: this.getAttribute('agent') || undefined,
      queue: this.getAttribute('queue') || undefined,
      language: this.getAttribute('language') || undefined,
      metadata: this.#metadata,
      messages: this.#messages,
    };
  }

  get #limit() {
    const limit = Number.parseInt(this.getAttribute('limit') ?? '3', 10);
    return Math.min(Math.max(limit || 0, 1), 9);
  }

  /** Asks once the draft rests, and not later than the longest wait. */
  #schedule() {
    this.#waiting ??= this.#typedAt;
    const due = Math.min(this.#typedAt + DEBOUNCE_MS, this.#waiting + LONGEST_WAIT_MS);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#askIfDue(), Math.max(0, due - performance.now()));
  }

  /** Who types faster than the service answers gets the answer for what was typed before. */
  #askIfDue() {
    const rests = this.#typedAt + DEBOUNCE_MS - performance.now();
    if (rests > 1 && this.#request?.pending) {
      this.#timer = setTimeout(() => this.#ask(), rests);
    } else {
      this.#ask();
    }
  }

  async #ask() {
    clearTimeout(this.#timer);
    const paused = this.#pausedUntil - performance.now();
    const draft = this.#field?.text;
    if (this.off || draft === undefined || this.#composing || this.#search !== null || !this.isConnected) {
      return;
    }
    if (paused > 0) {
      this.#timer = setTimeout(() => this.#ask(), paused);
      return;
    }
    this.#waiting = null;
    this.#request?.abort();
    if (draft.length > MOST_DRAFT) {
      return;
    }
    const own = new AbortController();
    own.pending = true;
    this.#request = own;
    const { signal } = own;
    const declined = this.#declined || undefined;
    const request = {
      ...this.#desk(),
      draft,
      limit: this.#limit,
      operatingPoint: this.getAttribute('operating-point') ?? undefined,
      declined,
    };
    try {
      let response = await this.#service().suggest(request, { signal });
      signal.throwIfAborted();
      own.pending = false;
      this.#declined = declined ? false : this.#declined;
      this.#answered(response, draft);
      if (this.#waiting !== null) {
        this.#schedule();
      }
      for (let i = 0; i < MOST_MORE && response.complete === false; i++) {
        await pause(MORE_AFTER_MS, signal);
        response = await this.#service().suggest(request, { signal });
        signal.throwIfAborted();
        this.#answered(response, draft);
      }
    } catch (error) {
      if (!signal.aborted) {
        this.#failed(error);
      }
    } finally {
      own.pending = false;
    }
  }

  #answered(response, draft) {
    this.#failures = 0;
    this.#become('ready', '', response.model);
    this.#answer = { ...response, draft };
    this.#outcome.saw(this.#answer);
    this.#render();
    this.#say(this.#shownOffer().trim() === '' ? '' : this.#words('tab', { text: this.#shownOffer().trim() }));
  }

  #failed(error) {
    const { status, detail, retryAfterMs } = error;
    if (status === 409) {
      return; // a newer request of the conversation came first
    }
    if (status === undefined) {
      throw error;
    }
    if (status === 401) {
      this.#pausedUntil = performance.now() + LAST_PAUSE_MS;
      this.#become('locked', detail);
    } else if (status === 0 || status === 429 || status >= 500) {
      const growing = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
      this.#failures += 1;
      // A little more, so that those who were refused together do not come again together.
      this.#pausedUntil = performance.now() + (retryAfterMs ?? growing) * (1 + Math.random() / 5);
      this.#become({ 429: 'busy', 503: 'unready' }[status] ?? 'unreachable', detail);
      this.#ask();
    } else {
      this.#become('refused', detail);
    }
  }

  #become(state, detail, model = this.#state.model) {
    const before = this.#state;
    this.#state = { state, detail, model };
    const same = model?.name === before.model?.name && model?.version === before.model?.version;
    if (before.state !== state || before.detail !== detail || !same) {
      this.#tell('state', this.#state);
    }
  }

  // Offers

  /** What a suggestion would add to the draft as it is by now; null where it no longer fits. */
  #rest(suggestion) {
    const draft = this.#field?.text;
    if (draft === undefined) {
      return null;
    }
    if (suggestion.kind === 'completion') {
      const whole = this.#answer.draft + suggestion.text;
      return this.#continues(whole, draft) ? whole.slice(draft.length) : null;
    }
    const fits = draft === this.#answer.draft || beginsWith(suggestion.text, draft);
    return fits && suggestion.text !== draft ? suggestion.text : null;
  }

  /** Whether a text goes on from the draft, and not with what was deleted or declined. */
  #continues(whole, draft) {
    return (
      whole.length > draft.length &&
      whole.startsWith(draft) &&
      !Array.from(this.#rejected).some(
        (no) => no.length > draft.length && (no.startsWith(whole) || whole.startsWith(no)),
      )
    );
  }

  /** The grey text stays as long as the letters agree with it; then the newest answer's takes its place. */
  #choose() {
    const draft = this.#field?.text;
    if (draft === undefined) {
      this.#offer = null;
    } else if (this.#offer === null || !this.#continues(this.#offer.whole, draft)) {
      const suggestions = this.#answer?.suggestions ?? [];
      const index = suggestions.findIndex((one) => one.kind === 'completion' && this.#rest(one) !== null);
      this.#offer =
        index < 0 ? null : { whole: this.#answer.draft + suggestions[index].text, from: this.#answer, index };
    }
  }

  /** The grey text as far as it shows: while one writes at the end. */
  #shownOffer() {
    const field = this.#field;
    if (this.#offer === null || this.off || this.#composing || this.#search !== null || !field?.focused) {
      return '';
    }
    const { text, selection } = field;
    const atEnd = selection?.start === text.length && selection.end === text.length;
    return atEnd && this.#continues(this.#offer.whole, text) ? this.#offer.whole.slice(text.length) : '';
  }

  /** Puts in a whole reply, in place of the draft or at the cursor, as the desk says. */
  #insertReply(reply, source) {
    const field = this.#field;
    const { text } = field;
    let { start, end } = { start: 0, end: text.length };
    let put = reply.text;
    if (this.getAttribute('chips') === 'insert') {
      const selection = field.selection ?? { start: text.length, end: text.length };
      end = selection.end;
      // What is there of it already is not said twice.
      start = selection.start - overlap(text.slice(0, selection.start), put);
      put = start === selection.start && /\S$/.test(text.slice(0, start)) ? ` ${put}` : put;
    }
    this.#insert(start, end, put, source, reply.unfilled);
  }

  /**
   * Puts a text in place of a part of the draft.
   *
   * @param {{from, index}} source the response and the suggestion that it comes from
   * @param {string[]} [unfilled] placeholders in it that the agent has to fill
   */
  #insert(start, end, text, source, unfilled = []) {
    const field = this.#field;
    this.#inserting = true;
    try {
      field.replace(start, end, field.element.localName === 'input' ? text.replaceAll('\n', ' ') : text);
    } finally {
      this.#inserting = false;
    }
    this.#actions += 1;
    this.#settle();
    unfilled.forEach((name) => this.#blanks.add(name));
    this.#outcome.took(source, this.#before);
    this.#selectBlank();
    this.#render();
    this.#say('');
    this.#tell('taken', { text, ...this.typed });
    // Editors put their text in order a moment later.
    setTimeout(() => this.#settle(), 0);
    this.#typedAt = performance.now();
    this.#schedule();
  }

  /** What stands in the field by now is not what was typed. */
  #settle() {
    if (this.#field !== null) {
      this.#before = this.#field.text;
    }
  }

  // Search

  /** Whether the cursor is in a search: behind a slash that begins a word. */
  #readSearch() {
    const sign = this.getAttribute('search') ?? '/';
    const { text, selection } = this.#field;
    if (sign === '' || this.off || !this.#searches || selection === null || selection.start !== selection.end) {
      this.#closeSearch();
      return;
    }
    const line = text.slice(Math.max(0, selection.end - MOST_QUERY - sign.length), selection.end);
    const at = line.lastIndexOf(sign);
    const query = line.slice(at + sign.length);
    const start = selection.end - query.length - sign.length;
    if (at < 0 || /^\s|\n/.test(query) || /\S/.test(text[start - 1] ?? ' ')) {
      this.#closedAt = at < 0 ? null : this.#closedAt;
      this.#closeSearch();
    } else if (this.#closedAt !== start) {
      this.#closedAt = null;
      this.#lookUp(start, query);
    }
  }

  async #lookUp(start, query) {
    clearTimeout(this.#timer);
    this.#request?.abort();
    const before = this.#search;
    before?.own.abort();
    const own = new AbortController();
    const search = { start, query, own, answers: before?.answers ?? null, active: 0, library: null };
    this.#search = search;
    this.#render();
    try {
      await pause(before === null ? 0 : DEBOUNCE_MS / 2, own.signal);
      const found = await this.#service().answers(
        { ...this.#desk(), q: query, limit: MOST_FOUND },
        { signal: own.signal },
      );
      own.signal.throwIfAborted();
      search.answers = found.answers;
      if (found.answers.length === 0 && /\s/.test(query)) {
        this.#closeSearch(); // these are words of the draft
      }
      this.#render();
      this.#sayActive();
    } catch (error) {
      if (!own.signal.aborted) {
        // A service without search is not asked again.
        this.#searches = error.status !== 404 && error.status !== 405;
        this.#closeSearch();
        this.#render();
        this.refresh();
      }
    }
  }

  #searchKey(event) {
    const search = this.#search;
    const count = search.answers?.length ?? 0;
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return false;
    }
    if (event.key === 'Escape') {
      this.#closedAt = search.start;
      this.#closeSearch();
      this.#render();
      this.refresh();
      return true;
    }
    if (count === 0 || event.shiftKey) {
      return false;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      search.active = (search.active + step + count) % count;
      this.#drawSearch();
      this.#sayActive();
      return true;
    }
    if (event.key === 'Enter' || event.key === 'Tab') {
      this.#takeFound(search.active);
      return true;
    }
    return false;
  }

  #takeFound(index) {
    const { start, query, answers } = this.#search;
    const answer = answers[index];
    const end = start + (this.getAttribute('search') ?? '/').length + query.length;
    this.#closeSearch();
    const { model } = this.#state;
    const shown = { model, draft: '', suggestions: [{ kind: 'answer', id: answer.id, text: answer.text }] };
    this.#insert(start, end, answer.text, { from: shown, index: 0 }, answer.unfilled);
  }

  #closeSearch() {
    this.#search?.own.abort();
    this.#search = null;
  }

  // Placeholders

  /** Where placeholders stand that nobody filled. */
  #openBlanks() {
    const text = this.#field?.text ?? '';
    return Array.from(this.#blanks).flatMap((name) =>
      Array.from(text.matchAll(RegExp(`\\{${name.replace(/\W/g, '\\$&')}\\}`, 'g')), ({ index }) => ({
        name,
        start: index,
        end: index + name.length + 2,
      })),
    );
  }

  #selectBlank() {
    const first = this.#openBlanks().sort((one, other) => one.start - other.start)[0];
    if (first !== undefined) {
      this.#field.element.focus({ preventScroll: true });
      this.#field.select(first.start, first.end);
    }
  }

  /** Keeps a draft with open placeholders from being sent by the named button or its form. */
  #guard(event) {
    const selector = this.getAttribute('send');
    if (!selector) {
      return;
    }
    const button =
      event.type === 'submit'
        ? Array.from(event.target.elements ?? []).find((one) => one.matches(selector))
        : event.composedPath().find((one) => one.matches?.(selector));
    if (button === undefined) {
      return;
    }
    if (this.#blocked) {
      event.preventDefault();
      event.stopImmediatePropagation();
      this.#refuse();
    } else {
      this.#mayBeSent();
    }
  }

  #refuse() {
    const names = Array.from(new Set(this.#openBlanks().map(({ name }) => name)));
    this.#selectBlank();
    this.#say(this.#words('fill', { names: names.join(', ') }));
    this.#tell('blocked', { blocked: true, placeholders: names, refused: true });
  }

  /** The desk may be about to send: it did where the draft is gone a moment later. */
  async #mayBeSent() {
    const text = this.#field?.text.trim() ?? '';
    if (text === '') {
      return;
    }
    const sending = {};
    this.#sending = sending;
    for (const ms of SENT_WITHIN_MS) {
      await pause(ms);
      if (this.#sending !== sending) {
        return;
      }
      if ((this.#field?.text ?? '').trim() === '') {
        this.sent(text);
        return;
      }
    }
    this.#sending = null;
  }

  // The off switch

  get #offKey() {
    return `repartee-assist.off:${this.getAttribute('agent') ?? ''}`;
  }

  /** As this agent chose, otherwise as the desk says. */
  #recallOff() {
    this.#offAtFirst ??= this.off;
    try {
      this.off = (localStorage.getItem(this.#offKey) ?? String(this.#offAtFirst)) === 'true';
    } catch {
      // A page without storage forgets it.
    }
  }

  #toggle() {
    this.off = !this.off;
    try {
      localStorage.setItem(this.#offKey, String(this.off));
    } catch {
      // As above.
    }
    this.#tell('off', { off: this.off });
  }

  #turned() {
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.#answer = null;
    this.#offer = null;
    this.#closeSearch();
    this.#render();
  }

  /** Where there are no custom elements, nothing calls back. */
  #stayInStep(name) {
    if (!globalThis.customElements) {
      this.attributeChangedCallback(name, undefined, this.getAttribute(name));
    }
  }

  // Drawing

  /** As many places as there may be suggestions, so that nothing moves when they come and go. */
  #drawPlaces() {
    const { chips, toggle, menu } = this.#parts;
    chips.setAttribute('aria-label', this.#labels.suggestions);
    toggle.setAttribute('aria-label', this.#labels.suggestions);
    menu.setAttribute('aria-label', this.#labels.answers);
    const places = Array.from({ length: this.#limit }, (_, index) => {
      const place = part('li', 'place');
      const chip = part('button', 'chip', { type: 'button', 'aria-keyshortcuts': `Alt+${index + 1}` });
      const key = part('kbd', 'key', { 'aria-hidden': 'true' });
      key.textContent = this.#words('key', { number: index + 1 });
      chip.append(key, part('span', 'words', { dir: 'auto' }));
      place.append(chip);
      return place;
    });
    chips.replaceChildren(...places);
    this.#render();
  }

  #render() {
    this.#choose();
    const { chips, toggle } = this.#parts;
    chips.querySelectorAll('.chip').forEach((chip, index) => {
      const suggestion = this.off ? undefined : this.#answer?.suggestions[index];
      const rest = (suggestion === undefined ? null : this.#rest(suggestion))?.trim() ?? '';
      const words = rest !== '' && suggestion.kind === 'completion' ? `… ${rest}` : rest;
      chip.disabled = words === '';
      chip.title = words;
      chip.querySelector('.words').textContent = words;
      chip.part.toggle('empty', words === '');
    });
    toggle.setAttribute('aria-checked', String(!this.off));
    const blocked = this.#openBlanks().length > 0;
    if (blocked !== this.#blocked) {
      this.#blocked = blocked;
      const names = Array.from(new Set(this.#openBlanks().map(({ name }) => name)));
      this.toggleAttribute('blocked', blocked);
      this.#tell('blocked', { blocked, placeholders: names, refused: false });
    }
    this.#place();
    this.#drawSearch();
  }

  /** Puts the grey text and the marks of placeholders over the field. */
  #place() {
    const { layer, ghost } = this.#parts;
    ghost.textContent = this.#shownOffer();
    const blanks = this.#blocked ? this.#openBlanks() : [];
    layer.hidden = ghost.textContent === '' && blanks.length === 0;
    if (layer.hidden) {
      layer.replaceChildren(ghost);
      return;
    }
    const field = this.#field;
    const box = field.visibleBox;
    const host = this.getBoundingClientRect();
    move(layer, box.left - host.left, box.top - host.top, box.width, box.height);
    const marks = blanks.flatMap(({ start, end }) =>
      field.rects(start, end).map((rect) => {
        const mark = part('div', 'mark');
        move(mark, rect.left - box.left, rect.top - box.top, rect.width, rect.height);
        return mark;
      }),
    );
    layer.replaceChildren(ghost, ...marks);
    if (ghost.textContent !== '') {
      this.#placeGhost(box);
    }
  }

  /** The text goes on in a block as wide as that of the field, with an indent as wide as what is there. */
  #placeGhost(visible) {
    const { ghost } = this.#parts;
    const { left, top, height, box, style } = this.#field.end();
    setLike(ghost, style);
    ghost.style.setProperty('--ink', style.color);
    const lineHeight = parseFloat(style.lineHeight);
    const y = Number.isNaN(lineHeight) ? top : top + (height - lineHeight) / 2;
    const indent = style.direction === 'rtl' ? box.right - left : left - box.left;
    ghost.style.textIndent = `${indent}px`;
    ghost.style.whiteSpace = style.whiteSpace === 'pre' ? 'pre' : 'pre-wrap';
    ghost.style.overflowWrap = 'break-word';
    ghost.style.width = `${box.right - box.left}px`;
    ghost.style.left = `${box.left - visible.left}px`;
    ghost.style.top = `${y - visible.top}px`;
  }

  #drawSearch() {
    const { menu } = this.#parts;
    const search = this.#search;
    const shown = search !== null && search.answers !== null;
    if (menu.hidden !== !shown) {
      menu.hidden = !shown;
      // Above all else on the page, where browsers can do that.
      if (shown) {
        menu.showPopover?.();
      } else if (menu.matches(':popover-open')) {
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
      nothing.textContent = this.#labels.none;
      options.push(nothing);
    }
    menu.replaceChildren(...options);
    this.#placeSearch();
    menu.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }

  /** Below the slash, or above it where there is more room. */
  #placeSearch() {
    const { menu } = this.#parts;
    const { start } = this.#search;
    const at = this.#field.rects(start, start + 1)[0] ?? this.#field.visibleBox;
    const { innerWidth, innerHeight } = window;
    const width = Math.min(420, innerWidth - 16);
    const below = innerHeight - at.bottom - 16;
    const above = at.top - 16;
    const under = below >= 220 || below >= above;
    const rtl = getComputedStyle(this.#field.element).direction === 'rtl';
    const left = rtl ? at.right - width : at.left;
    menu.style.width = `${width}px`;
    menu.style.maxHeight = `${Math.min(360, under ? below : above)}px`;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    menu.style.top = under ? `${at.bottom + 6}px` : 'auto';
    menu.style.bottom = under ? 'auto' : `${innerHeight - at.top + 6}px`;
  }

  // Words

  #words(label, values) {
    return this.#labels[label].replace(/\{(\w+)\}/g, (_, name) => values[name]);
  }

  #sayActive() {
    const { answers, active } = this.#search ?? { answers: null };
    const answer = answers?.[active];
    if (answer !== undefined) {
      const text = answer.title ? `${answer.title}: ${answer.text}` : answer.text;
      this.#say(this.#words('found', { text, number: active + 1, count: answers.length }));
    } else if (answers !== null) {
      this.#say(this.#labels.none);
    }
  }

  /** Read aloud. A text that stays is not read again. */
  #say(text) {
    if (this.#parts.status.textContent !== text) {
      this.#parts.status.textContent = text;
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`repartee-${name}`, { detail, bubbles: true, composed: true }));
  }
}

/**
 * What became of the suggestions for one reply, for the service to learn from. The text that was
 * taken last decides: a whole reply is accepted when it was sent as it is, a completion when what
 * it made of the draft still begins the reply.
 */
class Outcome {
  #shown = null;
  #taken = null;

  saw(shown) {
    if (shown.suggestions.length > 0) {
      this.#shown = shown;
    }
  }

  took({ from, index }, text) {
    this.#taken = { shown: from, index, text: text.trim() };
  }

  /** The agent emptied the draft and begins again. */
  forget() {
    this.#taken = null;
  }

  /** The fields of feedback, or null when nothing was shown by a model that is known. */
  of(finalText) {
    const shown = this.#taken?.shown ?? this.#shown;
    if (!shown?.model) {
      return null;
    }
    return {
      model: shown.model,
      shown: shown.suggestions,
      action: this.#action(finalText),
      accepted: this.#taken?.index ?? null,
    };
  }

  #action(finalText) {
    if (this.#taken === null) {
      return 'dismissed';
    }
    const { shown, index, text } = this.#taken;
    const whole = shown.suggestions[index].kind === 'answer';
    return (whole ? finalText === text : finalText.startsWith(text)) ? 'accepted' : 'edited';
  }
}

/** An element with the same name as class and as part, so that the page can style it. */
function part(tag, name, attributes = {}) {
  const element = document.createElement(tag);
  element.className = name;
  element.setAttribute('part', name);
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

function beginsWith(text, draft) {
  return text.toLowerCase().startsWith(draft.toLowerCase());
}

/** How many characters at the end of a text, from a word's beginning, another text begins with. */
function overlap(before, text) {
  for (let length = Math.min(before.length, text.length); length > 0; length--) {
    const from = before.length - length;
    if (!/[\p{L}\p{N}]/u.test(before[from - 1] ?? ' ') && beginsWith(text, before.slice(from))) {
      return length;
    }
  }
  return 0;
}

/** How many characters an edit inserted, in code points: what is between the ends that stayed. */
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
  return Array.from(after.slice(start, after.length - end)).length;
}

globalThis.customElements?.define('repartee-assist', ReparteeAssist);
