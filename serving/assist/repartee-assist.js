/**
 * <repartee-assist for="#reply">: suggests replies beside a field that agents write in. Grey text
 * goes on behind the draft, chips offer whole replies, a slash searches the answers. A text stands
 * in one place only.
 *
 * @module repartee-assist
 */
import { pause, ReparteeClient } from './repartee-client.js';
import { fieldOf } from './repartee-field.js';
import { about, Reply } from './repartee-reply.js';
import { inExtension, View } from './repartee-view.js';

/** The longest delay of a request after a key. */
const LONGEST_DELAY_MS = 300;
/** Gaps between keys outside of these are pauses, or no typing by hand. */
const SHORTEST_GAP_MS = 30;
const LONGEST_GAP_MS = 1000;
/** An agent pauses after 2 gaps without a key; what is answered 6 keys later seldom fits. */
const PAUSE_GAPS = 2;
const LATE_KEYS = 6;
/** While an input method composes, a draft is only sent when it rests for so long. */
const COMPOSING_REST_MS = 300;
/** Pauses after failures double from the first to the last. */
const FIRST_PAUSE_MS = 1000;
const LAST_PAUSE_MS = 30_000;
/** A service that answers nothing for so long is too slow for people who type. */
const SLOW_MS = 2000;
/** A search is sent when its words rest for so long, and a draft is checked. */
const QUERY_REST_MS = 60;
const CHECK_REST_MS = 400;
/** How often to repeat a request that another page superseded, after 1 to 2.5 times this pause. */
const MOST_SUPERSEDED = 3;
const SUPERSEDED_PAUSE_MS = 200;
/** A draft that is gone so soon after Enter or a click on the send button was sent. */
const SENT_WITHIN_MS = [0, 50, 250, 1000, 3000];
/** An editor's change so soon after a key or a paste is the agent's. */
const BY_HAND_MS = 100;

const MOST_DRAFT = 4000; // characters that a request may hold
const MOST_QUERY = 60;
const MOST_FOUND = 8;

const WORDS = new Intl.Segmenter(undefined, { granularity: 'word' });

/** Scripts that write no spaces between words, with their punctuation. */
const UNSPACED =
  /[\p{scx=Hani}\p{scx=Hira}\p{scx=Kana}\p{scx=Bopo}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\uff01-\uff65]$/u;

/** Input methods without a touch screen show their own list below the cursor. */
const touchScreen = globalThis.matchMedia?.('(hover: none) and (pointer: coarse)');

/** With which arrow editors move by words: Alt on a Mac, Ctrl elsewhere. */
const WORD_KEY = /Mac|iPad|iPhone/.test(globalThis.navigator?.platform) ? 'altKey' : 'ctrlKey';

const FINDINGS = ['never', 'personal'];
const UNCHECKED = { draft: null, findings: [] };

const LABELS = {
  suggestions: 'Suggestions',
  manual: 'On demand: {key}',
  answers: 'Answers',
  key: 'Alt {number}',
  tab: 'Tab takes: {text}',
  found: '{text}, {number} of {count}',
  none: 'No answer found',
  fill: 'Fill in before sending: {names}',
  never: '“{text}” must not be said',
  personal: '“{text}”: another customer’s data?',
};

/** A div, because a page that defines its own `repartee-assist` could open the closed shadow root of such an element. */
function Div() {
  return Object.setPrototypeOf(document.createElement('div'), new.target.prototype);
}
Div.prototype = globalThis.HTMLElement?.prototype ?? Object.prototype;

/**
 * Replaces the custom element in an extension, whose scripts have none. The page's scripts share the
 * DOM and are not trusted, so attributes are stored outside of the DOM, and no events are fired.
 */
class IsolatedElement extends Div {
  #attributes = new Map();

  getAttribute(name) {
    return this.#attributes.get(name) ?? null;
  }

  hasAttribute(name) {
    return this.#attributes.has(name);
  }

  setAttribute(name, value) {
    const before = this.getAttribute(name);
    this.#attributes.set(name, String(value));
    this.#changed(name, before);
  }

  toggleAttribute(name, on) {
    const before = this.getAttribute(name);
    on ? this.#attributes.set(name, '') : this.#attributes.delete(name);
    this.#changed(name, before);
  }

  #changed(name, before) {
    if (this.constructor.observedAttributes.includes(name)) {
      this.attributeChangedCallback(name, before, this.getAttribute(name));
    }
  }

  dispatchEvent() {
    return true;
  }
}

export class ReparteeAssist extends (inExtension ? IsolatedElement : HTMLElement) {
  static observedAttributes =
    'for url agent off trigger trigger-key conversation limit operating-point answers check'.split(' ');

  // What the page gives.
  #given = null; // a field
  #messages = [];
  #metadata;
  #getToken = null;
  #fetch = null;
  #labels = LABELS;
  #atFirst = null; // the switches, by property

  // The field, and how its draft came about.
  #field = null;
  #leave = null; // what ends the listening to the field
  #before = '';
  #inserting = false;
  #composing = false;
  #handAt = 0;
  #pastedAt = 0;

  // Asking.
  #client = null;
  #timer;
  #typedAt = 0;
  #rhythm = new Rhythm();
  #request = null; // the newest: draft, time, what stops it, and whether it is pending
  #asked = false; // on demand
  #pausedUntil = 0;
  #failures = 0;
  #heardAt = 0; // when the service answered, or failed to
  #saying; // the timer of what is read aloud
  #state = { state: 'idle', detail: '', model: null };
  #named = new Set(); // the states that were named in the console
  #takesFeedback = true;
  #searches = true;

  // What is offered.
  #answer = null; // the newest response, with the draft that it belongs to
  #offer = null; // the grey text: what it makes of the draft, and where it comes from
  #reply = new Reply();
  #checked = UNCHECKED; // the draft that was checked last
  #checking = null; // the draft that is to be checked, and how to stop that
  #checks = true;
  #search = null; // where the slash is, what was found, and which of it is active
  #closedAt = null; // the slash whose search was closed
  #blanks = new Set(); // placeholders that came with a text unfilled
  #blocked = false;
  #shown = { chips: 0, nothing: null }; // as the page was told
  #buttons = []; // those that are marked as disabled
  #sending = null; // the text that the desk may be sending, its conversation and queue

  #view;
  #page = null; // what ends the listening to the page

  constructor() {
    super();
    this.#view = new View(this, {
      take: (place) => this.take(place),
      takeFound: (index) => this.#takeFound(index),
      toggle: (name) => this.#toggle(name),
      staysInField: () => this.#field?.focused,
    });
  }

  connectedCallback() {
    for (const name of ['field', 'messages', 'metadata', 'getToken', 'fetch', 'labels', 'off', 'manual']) {
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
    for (const root of new Set([this.getRootNode(), document])) {
      observer.observe(root, { childList: true, subtree: true });
    }
    signal.addEventListener('abort', () => observer.disconnect());
    this.#recall();
    this.#relabel();
    this.#attach();
    this.#askSoon();
  }

  disconnectedCallback() {
    this.#sentIfCleared();
    this.#sending = null;
    this.#page?.abort();
    this.#detach();
    this.#stopAsking();
  }

  attributeChangedCallback(name, before, after) {
    if (this.#page === null || before === after) {
      return;
    }
    const effects = {
      for: () => this.#attach(),
      url: () => (this.#client = null),
      agent: () => this.#recall(),
      conversation: () => this.#changeConversation(),
      check: () => this.#render(),
      limit: () => this.#relabel(),
      'trigger-key': () => this.#relabel(),
      off: () => this.#turned(),
      trigger: () => this.#turned(),
    };
    effects[name]?.();
    this.#askSoon();
  }

  /** The field; an element here goes before the selector of `for`. */
  get field() {
    return this.#field?.element ?? null;
  }

  set field(element) {
    this.#given = element;
    if (this.#page !== null) {
      this.#attach();
      this.#askSoon();
    }
  }

  /** The conversation so far, oldest message first. Set it anew when there is another message. */
  get messages() {
    return this.#messages;
  }

  set messages(messages) {
    this.#messages = Array.from(messages);
    this.#checked = UNCHECKED;
    this.#reply.events.message();
    this.#hush();
    this.#render();
    this.#askSoon();
  }

  /** What placeholders are filled from, such as customer_name and order_number. */
  get metadata() {
    return this.#metadata;
  }

  set metadata(metadata) {
    this.#metadata = metadata;
    this.#askSoon();
  }

  get getToken() {
    return this.#getToken;
  }

  set getToken(getToken) {
    this.#getToken = getToken;
    this.#client = null;
    this.#become('idle', '');
    this.#pausedUntil = 0;
    this.#askSoon();
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
    this.#relabel();
  }

  /** Which whole replies are shown: worth (their reading), always or never; null as the service does. */
  get answers() {
    return this.getAttribute('answers');
  }

  set answers(answers) {
    answers ? this.setAttribute('answers', answers) : this.toggleAttribute('answers', false);
  }

  get off() {
    return this.hasAttribute('off');
  }

  set off(off) {
    this.toggleAttribute('off', off);
  }

  /** Whether suggestions are only asked for when the agent presses a key. */
  get manual() {
    return this.getAttribute('trigger') === 'manual';
  }

  set manual(manual) {
    manual ? this.setAttribute('trigger', 'manual') : this.toggleAttribute('trigger', false);
  }

  /** Whether the draft holds placeholders that nobody filled. */
  get blocked() {
    return this.#blocked;
  }

  /** How the service is: idle (not asked yet), ready, slow, busy, unready, unreachable, locked or refused. */
  get state() {
    return this.#state.state;
  }

  /** What was typed of this reply in characters, and in all: deletions and texts taken count one each. */
  get typed() {
    return this.#reply.typed;
  }

  /** Asks now, also where a pause is on, or suggestions come on demand. */
  refresh() {
    this.#pausedUntil = 0;
    this.#asked = true;
    this.#askSoon();
  }

  /** Takes the suggestion of a chip, as a click on it does; whether there was one. */
  take(place) {
    const chip = this.#chips()[place];
    if (chip === undefined) {
      return false;
    }
    const rest = this.#rest();
    this.#endComposition();
    const reply = chip.from.suggestions[chip.index];
    if (reply.kind === 'completion') {
      this.#append(rest, chip);
    } else {
      this.#insertReply(reply, chip);
    }
    return true;
  }

  /** The reply was sent: reports what became of the suggestions, and begins the next. */
  sent(text = this.#field?.text ?? '') {
    this.#finish({ text, ...this.#here() });
  }

  /** Where the reply is written: a desk may show the next conversation before this one is reported. */
  #here() {
    return { conversationId: this.getAttribute('conversation'), queue: this.getAttribute('queue') || undefined };
  }

  #finish({ text, conversationId, queue }) {
    const finalText = text.trim();
    this.#closeSearch();
    const told = this.#reply.outcome(finalText);
    told.events.queue = queue;
    const action = told.shown.length > 0 ? told.action : null;
    const detail = { text: finalText, ...this.typed, action };
    if (finalText !== '') {
      this.#report({ ...told, conversationId, finalText, charactersTyped: this.typed.characters });
    }
    this.#begin();
    this.#tell('sent', detail);
    this.#schedule();
  }

  async #report(told) {
    if (!this.#takesFeedback || !told.conversationId) {
      return;
    }
    try {
      // Where the agent turned suggestions off, nobody answered yet.
      const { name, version } = told.model ?? this.#state.model ?? (await this.#service().model());
      await this.#service().feedback({
        ...told,
        model: { name, version },
        agentId: this.getAttribute('agent') || undefined,
      });
    } catch (error) {
      // A service that takes no feedback is not told again; another failure costs one report.
      this.#takesFeedback = error.status !== 404 && error.status !== 405;
    }
  }

  /** Begins a reply. */
  #begin() {
    this.#hush();
    this.#reply = new Reply();
    this.#blanks.clear();
    this.#checked = UNCHECKED;
    this.#before = '';
    this.#sending = null;
    this.#closeSearch();
    this.#render();
  }

  async #changeConversation() {
    if (this.#sending !== null) {
      await null; // a desk that sends may clear the field in the next statement
    }
    if (!this.#sentIfCleared()) {
      this.#begin();
    }
    this.#before = this.#field?.text ?? '';
  }

  // The field

  #attach() {
    const element = this.isConnected ? (this.#given ?? this.#find(this.getAttribute('for'))) : null;
    if (element === this.field && (element === null || element.isConnected)) {
      return;
    }
    this.#detach();
    if (element === null || !element.isConnected) {
      return;
    }
    this.#field = fieldOf(element, this.#view.mirror);
    this.#leave = new AbortController();
    const { signal } = this.#leave;
    const on = (type, listener) => element.addEventListener(type, listener, { capture: true, signal });
    on('beforeinput', () => {
      this.#handAt = performance.now();
      this.#sentIfCleared();
      if (!this.#composing) {
        this.#before = this.#field.text;
      }
    });
    on('input', (event) => this.#changed(event));
    on('paste', () => {
      this.#handAt = performance.now();
      this.#pastedAt = this.#inserting ? 0 : this.#handAt;
    });
    on('keydown', (event) => this.#key(event));
    on('focus', () => this.#render());
    on('blur', () => this.#blurred());
    on('compositionstart', () => {
      this.#composing = true;
      if (!touchScreen?.matches) {
        this.#closeSearch();
      }
      this.#render();
      this.#composes();
    });
    on('compositionend', () => {
      this.#composing = false;
      this.#handAt = performance.now();
      this.#changed(null); // now, so that a change of the selection finds nothing that nobody typed
      // In some browsers the last character is not there yet.
      setTimeout(() => {
        this.#changed(null);
        this.#schedule();
      }, 0);
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
    this.#askSoon();
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

  /** An input method is at work. Phones compose every word, so the agent may rest in the middle of one. */
  #composes() {
    if (touchScreen?.matches) {
      this.#readSearch();
    }
    this.#render(); // chips that no longer fit
    this.#schedule();
  }

  /** Keeps what is composed so far, as typed by the agent. */
  #endComposition() {
    if (!this.#composing) {
      return;
    }
    this.#inserting = true; // what is composed is counted below
    this.#field.element.blur();
    this.#inserting = false;
    this.#composing = false;
    const before = this.#before;
    this.#settle();
    if (this.#before !== before) {
      this.#reply.edited(before, this.#before, { undone: false, pasted: false });
    }
  }

  /** The draft may have changed, by whatever hand. */
  #changed(event) {
    if (this.#inserting || this.#field === null) {
      return;
    }
    if (this.#composing) {
      if (event !== null) {
        this.#composes();
      }
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
      const how = event?.inputType;
      this.#reply.edited(before, text, {
        undone: how?.startsWith('history'),
        pasted: /^insertFrom(Paste|Drop)/.test(how) || performance.now() - this.#pastedAt < BY_HAND_MS,
      });
      if (text.length === before.length + 1) {
        this.#rhythm.typed();
      }
    }
    if (text === '') {
      this.#reply.beginAgain();
      this.#blanks.clear();
    }
    this.#readSearch();
    this.#render();
    this.#view.say('');
    clearTimeout(this.#saying);
    this.#schedule();
  }

  #selected() {
    if (this.#field === null || this.#inserting) {
      return;
    }
    if (!this.#composing) {
      this.#sentIfCleared();
      if (this.#field.text !== this.#before) {
        // Set by the page: nobody typed it.
        this.#before = this.#field.text;
        this.#schedule();
      }
    }
    this.#render();
  }

  #blurred() {
    this.#closeSearch();
    this.#render();
  }

  // Keys

  #key(event) {
    if (!byAgent(event)) {
      return;
    }
    this.#handAt = performance.now();
    // What an input method reads is none of ours; 229 is what it makes of a key.
    if (event.isComposing || this.#composing || event.keyCode === 229) {
      return;
    }
    const isOurs =
      !this.off && (this.#search !== null ? this.#searchKey(event) : this.#offerKey(event));
    if (isOurs) {
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
    const grey = this.#shownOffer();
    if (this.manual && nameOf(event) === this.#triggerKey) {
      this.refresh();
      return true;
    }
    if (event.key === 'Tab' && plain && grey !== '') {
      this.#append(grey, this.#offer);
      return true;
    }
    if (grey !== '' && this.#movesByWord(event)) {
      this.#append(firstWord(this.#offer.whole, this.#before.length), this.#offer);
      return true;
    }
    if (event.key === 'Escape' && plain && grey !== '') {
      this.#reply.decline(this.#offer.whole);
      this.manual ? this.#hush() : (this.#offer = null);
      this.#render();
      this.#view.say('');
      return true;
    }
    // By the place of the key: with Alt, some layouts write other characters.
    const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
    return digit !== undefined && event.altKey && !event.ctrlKey && !event.metaKey && this.take(digit - 1);
  }

  /** Whether a key moves the cursor by a word, in the direction in which one writes. */
  #movesByWord(event) {
    const held = ['altKey', 'ctrlKey', 'metaKey', 'shiftKey'].filter((name) => event[name]);
    return (
      held.length === 1 &&
      held[0] === WORD_KEY &&
      event.key === (this.#field.end().direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight')
    );
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

  get #triggerKey() {
    return this.getAttribute('trigger-key') || 'Alt+0';
  }

  /** Asks for the same draft in a new situation. Several changes at a time make one request. */
  #askSoon() {
    if (this.#page !== null && this.isConnected) {
      this.#giveUp();
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), 0);
    }
  }

  /** The draft changed: asks when that can still help. Who types on waits for the pending request. */
  #schedule(changedAt = performance.now()) {
    this.#typedAt = changedAt;
    const due = changedAt + (this.#request?.pending ? this.#rhythm.pause : this.#rhythm.delay);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => this.#field?.text !== this.#request?.draft && this.#ask(),
      Math.max(0, due - performance.now()),
    );
  }

  async #ask(superseded = 0) {
    clearTimeout(this.#timer);
    const composing = this.#composing ? this.#typedAt + COMPOSING_REST_MS : 0;
    const paused = Math.max(this.#pausedUntil, composing) - performance.now();
    const draft = this.#field?.text;
    const quiet = this.off || (this.manual && !this.#asked);
    if (quiet || draft === undefined || this.#search !== null || !this.isConnected) {
      return;
    }
    if (paused > 0) {
      this.#timer = setTimeout(() => this.#ask(), paused);
      return;
    }
    this.#giveUp();
    if (draft.length > MOST_DRAFT) {
      return;
    }
    const own = { draft, at: performance.now(), stop: new AbortController(), pending: true };
    this.#request = own;
    setTimeout(() => this.#slowSince(own.at), SLOW_MS);
    const { signal } = own.stop;
    const reply = this.#reply;
    const declined = reply.declined || undefined;
    const request = {
      ...this.#desk(),
      draft,
      limit: this.#limit + (draft === '' ? 0 : 2), // the grey text, and the reply that it leads to
      operatingPoint: this.getAttribute('operating-point') ?? undefined,
      answers: this.answers ?? undefined,
      declined,
    };
    try {
      const response = await this.#service().suggest(request, { signal });
      signal.throwIfAborted();
      own.pending = false;
      this.#rhythm.answered(performance.now() - own.at);
      reply.declined &&= !declined;
      this.#answered(response, draft);
      this.#schedule(this.#typedAt); // what was typed meanwhile
    } catch (error) {
      if (!signal.aborted) {
        this.#request = null;
        this.#failed(error, superseded);
      }
    }
  }

  /** Forgets the newest request, and stops it if it is pending. */
  #giveUp() {
    this.#request?.stop.abort();
    this.#request = null;
  }

  /** Nothing is offered, or awaited. */
  #hush() {
    this.#giveUp();
    this.#asked = false;
    this.#answer = null;
    this.#offer = null;
  }

  #stopAsking() {
    clearTimeout(this.#timer);
    this.#giveUp();
  }

  /** Nothing was answered for long, whatever was typed meanwhile. */
  #slowSince(at) {
    if (this.#request?.pending && this.#heardAt < at) {
      this.#become('slow', `no answer within ${SLOW_MS / 1000} s`);
    }
  }

  #answered(response, draft) {
    this.#heardAt = performance.now();
    this.#failures = 0;
    this.#become('ready', '', response.model);
    this.#asked = false;
    this.#answer = { ...response, draft };
    this.#reply.saw(this.#answer);
    this.#render();
    clearTimeout(this.#saying);
    const pause = this.#typedAt + this.#rhythm.pause - performance.now();
    this.#saying = setTimeout(() => this.#sayOffer(), Math.max(0, pause));
  }

  /** Screen readers read it in a pause only: an offer may come with every key. */
  #sayOffer() {
    const grey = this.#shownOffer().trim();
    if (grey !== '') {
      this.#view.say(this.#words('tab', { text: grey }));
    } else if (this.manual && this.#answer !== null) {
      this.#view.say(`${this.#labels.suggestions}: ${this.#shown.chips}`);
    }
  }

  #failed(error, superseded = 0) {
    const { status, detail, retryAfterMs } = error;
    this.#heardAt = performance.now();
    if (status === 409) {
      // Another page shows the conversation, too: this one cancels its own older requests.
      if (superseded < MOST_SUPERSEDED) {
        clearTimeout(this.#timer);
        const ms = SUPERSEDED_PAUSE_MS * (1 + 1.5 * Math.random());
        this.#timer = setTimeout(() => this.#ask(superseded + 1), ms);
      }
      return;
    }
    if (status === undefined) {
      throw error;
    }
    if (status === 401) {
      this.#pausedUntil = performance.now() + LAST_PAUSE_MS;
      this.#become('locked', detail);
    } else if (status < 400 || status === 429 || status >= 500) {
      const growing = Math.min(LAST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
      this.#failures += 1;
      // A little more, so that those who were refused together do not come again together.
      this.#pausedUntil = performance.now() + (retryAfterMs ?? growing) * (1 + Math.random() / 5);
      this.#become({ 429: 'busy', 503: 'unready' }[status] ?? 'unreachable', detail);
      this.#ask();
    } else {
      this.#asked = false;
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
    if (state !== 'idle' && state !== 'ready' && !this.#named.has(state)) {
      this.#named.add(state);
      console.warn(`repartee-assist: ${state}: ${detail}`);
    }
  }

  // Offers

  /** What the offer would add to the draft as it is by now. */
  #rest() {
    const draft = this.#field?.text;
    const goesOn = this.#offer !== null && !this.off && draft !== undefined;
    return goesOn && this.#reply.wants(this.#offer.whole, draft) ? this.#offer.whole.slice(draft.length) : '';
  }

  /** The offer stays as long as the letters agree with it; then the newest answer's takes its place. */
  #choose() {
    const draft = this.#field?.text;
    if (draft === undefined) {
      this.#offer = null;
    } else if (this.#offer === null || !this.#reply.wants(this.#offer.whole, draft)) {
      const from = this.#answer;
      const offers = from?.suggestions.map(({ kind, text }, index) => ({ kind, whole: from.draft + text, from, index }));
      this.#offer = offers?.find(({ kind, whole }) => kind === 'completion' && this.#reply.wants(whole, draft)) ?? null;
    }
  }

  /** Whether grey text may stand in the field, and a key may take it. */
  get #takesGrey() {
    return !touchScreen?.matches && !this.#composing && !this.#field?.element.readOnly;
  }

  /** The grey text as far as it shows: while one writes at the end. */
  #shownOffer() {
    const field = this.#field;
    if (!field?.focused || !this.#takesGrey || this.#search !== null) {
      return '';
    }
    const { text, selection } = field;
    return selection?.start === text.length && selection.end === text.length ? this.#rest() : '';
  }

  /** Whole replies, but not the one that the offer leads to. The offer itself where it is no grey text. */
  #chips() {
    if (this.off || this.#field === null) {
      return [];
    }
    const from = this.#answer ?? { suggestions: [] };
    const draft = this.#field.text;
    const rest = this.#rest();
    const offers =
      rest.trim() === '' || this.#takesGrey
        ? []
        : [{ ...this.#offer, words: `… ${fromWord(draft + rest, draft.length)}` }];
    const replies = from.suggestions.flatMap(({ kind, text }, index) => {
      const fits = kind === 'answer' && text !== draft && (draft === from.draft || beginsWith(text, draft));
      return fits ? [{ from, index, words: text.trim() }] : [];
    });
    const ledTo = rest === '' ? [] : replies.filter(({ words }) => beginsWith(words, (draft + rest).trim()));
    const others = ledTo.length === 1 ? replies.filter((reply) => reply !== ledTo[0]) : replies;
    return [...offers, ...others].slice(0, this.#limit);
  }

  /** Puts in what the offer adds to the draft, or a part of it. */
  #append(text, source) {
    const { length } = this.#field.text;
    this.#insert(length, length, text, source);
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
      put = start === selection.start && !beginsWord(text.slice(0, start)) ? ` ${put}` : put;
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
    this.#sentIfCleared();
    const field = this.#field;
    const before = field.text;
    this.#inserting = true;
    try {
      field.replace(start, end, field.element.localName === 'input' ? text.replaceAll('\n', ' ') : text);
    } finally {
      this.#inserting = false;
    }
    this.#settle();
    unfilled.forEach((name) => this.#blanks.add(name));
    this.#reply.took(source, text, before, this.#before);
    this.#selectBlank();
    if (this.manual && (source !== this.#offer || this.#rest() === '')) {
      this.#hush(); // unless a word was taken, and others are left
    }
    this.#render();
    this.#view.say('');
    this.#tell('taken', { text, ...this.typed });
    // Editors put their text in order a moment later.
    setTimeout(() => this.#settle(), 0);
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
    const searches = sign !== '' && !this.off && this.#searches && performance.now() >= this.#pausedUntil;
    if (!searches || selection === null || selection.start !== selection.end) {
      this.#closeSearch();
      return;
    }
    const line = text.slice(Math.max(0, selection.end - MOST_QUERY - sign.length), selection.end);
    const at = line.lastIndexOf(sign);
    const query = line.slice(at + sign.length);
    const start = selection.end - query.length - sign.length;
    if (at < 0 || /^\s|\n/.test(query) || !beginsWord(text.slice(0, start))) {
      this.#closedAt = at < 0 ? null : this.#closedAt;
      this.#closeSearch();
    } else if (this.#closedAt !== start) {
      this.#closedAt = null;
      this.#lookUp(start, query);
    }
  }

  async #lookUp(start, query) {
    clearTimeout(this.#timer);
    this.#giveUp();
    const before = this.#search;
    before?.own.abort();
    const own = new AbortController();
    const action = before?.action ?? this.#reply.events.add('searched');
    const search = { start, query, own, answers: before?.answers ?? null, library: before?.library, active: 0, action };
    this.#search = search;
    this.#render();
    try {
      await pause(before === null ? 0 : QUERY_REST_MS, own.signal);
      const found = await this.#service().answers(
        { ...this.#desk(), q: query, limit: MOST_FOUND },
        { signal: own.signal },
      );
      own.signal.throwIfAborted();
      search.answers = found.answers;
      search.library = found.library;
      this.#searches = found.library !== null;
      if (found.answers.length === 0 && (!this.#searches || /\s/.test(query))) {
        this.#endSearch(); // there is no library, or these are words of the draft
      } else {
        this.#render();
        this.#sayActive();
      }
    } catch (error) {
      if (!own.signal.aborted) {
        // A service without search is not asked again.
        this.#searches = error.status !== 404 && error.status !== 405;
        this.#endSearch();
        if (this.#searches) {
          this.#failed(error);
        }
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
      this.#endSearch();
      return true;
    }
    if (count === 0 || event.shiftKey) {
      return false;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      search.active = (search.active + step + count) % count;
      this.#view.search(this.#field, this.#search);
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
    const { start, query, answers, library } = this.#search;
    const answer = answers[index];
    const end = start + (this.getAttribute('search') ?? '/').length + query.length;
    this.#closeSearch();
    this.#endComposition();
    const { model } = this.#state;
    const suggestions = [{ kind: 'answer', id: answer.id, text: answer.text }];
    const shown = { model, library, draft: '', suggestions };
    this.#insert(start, end, answer.text, { from: shown, index: 0 }, answer.unfilled);
  }

  /** From now on the slash is a slash. */
  #endSearch() {
    this.#closedAt = this.#search.start;
    this.#closeSearch();
    this.#render();
    this.#askSoon();
  }

  #closeSearch() {
    if (this.#search !== null) {
      const { own, action, query } = this.#search;
      own.abort();
      action.characters = Array.from(query).length;
      this.#reply.events.lasts(action);
    }
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
    } else if (byAgent(event)) {
      this.#mayBeSent();
    }
  }

  #openNames() {
    return Array.from(new Set(this.#openBlanks().map(({ name }) => name)));
  }

  /** A button that is disabled for good could not say why. */
  #markButtons() {
    const selector = this.#blocked && this.getAttribute('send');
    const roots = new Set([this.getRootNode(), document]);
    const buttons = selector ? Array.from(roots).flatMap((root) => Array.from(root.querySelectorAll(selector))) : [];
    const added = buttons.filter((button) => !button.hasAttribute('aria-disabled'));
    added.forEach((button) => button.setAttribute('aria-disabled', 'true'));
    this.#buttons = [...this.#buttons, ...added].filter((button) => {
      const stays = buttons.includes(button);
      stays || button.removeAttribute('aria-disabled');
      return stays;
    });
  }

  #refuse() {
    const names = this.#openNames();
    this.#selectBlank();
    this.#view.say(this.#words('fill', { names: names.join(', ') }));
    this.#tell('blocked', { blocked: true, placeholders: names, refused: true });
  }

  /** The desk may be about to send: it did where the draft is gone a moment later. */
  async #mayBeSent() {
    const text = this.#field?.text.trim() ?? '';
    if (text === '') {
      return;
    }
    const sending = { text, ...this.#here() };
    this.#sending = sending;
    for (const ms of SENT_WITHIN_MS) {
      await pause(ms);
      if (this.#sending !== sending || this.#sentIfCleared()) {
        return;
      }
    }
    this.#sending = null;
  }

  /** Reports what the desk may be sending once it has cleared the field; whether it has. */
  #sentIfCleared() {
    if (this.#sending === null || this.#field?.text.trim() !== '') {
      return false;
    }
    this.#finish(this.#sending);
    return true;
  }

  // Checks

  /** Has a draft checked once it rests. */
  #checkSoon(draft) {
    if (draft === this.#checking?.draft || draft === this.#checked.draft) {
      return;
    }
    this.#checking?.own.abort();
    this.#checking = null;
    if (this.hasAttribute('check') && this.#checks && draft.trim() !== '' && draft.length <= MOST_DRAFT) {
      this.#checking = { draft, own: new AbortController() };
      this.#check(this.#checking);
    }
  }

  async #check({ draft, own: { signal } }) {
    try {
      await pause(Math.max(CHECK_REST_MS, this.#pausedUntil - performance.now()), signal);
      const { findings } = await this.#service().check({ ...this.#desk(), draft }, { signal });
      signal.throwIfAborted();
      this.#checked = { draft, findings };
      this.#tell('checked', { draft, findings });
      this.#render();
    } catch (error) {
      if (!signal.aborted) {
        // A service without checks is not asked again; after another failure the next draft is checked.
        this.#checked = { draft, findings: [] };
        this.#checks = error.status !== 404 && error.status !== 405;
        if (error.status === undefined) {
          throw error;
        }
      }
    } finally {
      if (!signal.aborted) {
        this.#checking = null;
      }
    }
  }

  /** What was found, with its text, as long as that stands where it was. */
  #findings() {
    const { draft, findings } = this.#checked;
    const now = this.#field?.text ?? '';
    return this.hasAttribute('check')
      ? findings
          .map(({ kind, start, end }) => ({ kind, start, text: draft.slice(start, end) }))
          .filter(({ kind, start, text }) => FINDINGS.includes(kind) && now.startsWith(text, start))
          .map((one) => ({ ...one, end: one.start + one.text.length }))
      : [];
  }

  // The switches

  /** Where the choice of this agent is stored. */
  #choice(name) {
    return `repartee-assist.${name}:${this.getAttribute('agent') ?? ''}`;
  }

  /** As this agent chose, otherwise as the desk says. */
  #recall() {
    const { off, manual } = this;
    this.#atFirst ??= { off, manual };
    try {
      for (const name of Object.keys(this.#atFirst)) {
        this[name] = (localStorage.getItem(this.#choice(name)) ?? String(this.#atFirst[name])) === 'true';
      }
    } catch {
      // A page without storage forgets it.
    }
  }

  #toggle(name) {
    this[name] = !this[name];
    try {
      localStorage.setItem(this.#choice(name), String(this[name]));
    } catch {
      // As above.
    }
    this.#tell(name, { [name]: this[name] });
  }

  #turned() {
    this.#stopAsking();
    this.#hush();
    this.#closeSearch();
    this.#render();
  }

  // Drawing

  #relabel() {
    const { suggestions, answers, none } = this.#labels;
    const keys = Array.from({ length: this.#limit }, (_, i) => this.#words('key', { number: i + 1 }));
    const manual = this.#words('manual', { key: this.#triggerKey.replaceAll('+', ' ') });
    this.#view.label({ suggestions, manual, answers, none, keys });
    this.#render();
  }

  #render() {
    this.#choose();
    const draft = this.#field?.text ?? '';
    const chips = this.#chips();
    this.#view.chips(chips.map(({ words }) => words), !this.off, this.manual);
    this.#reply.events.shows(this.#standing(chips), draft);
    const nothing = this.#answer?.nothing ?? null;
    if (chips.length !== this.#shown.chips || nothing !== this.#shown.nothing) {
      this.#shown = { chips: chips.length, nothing };
      this.#tell('shown', this.#shown);
    }
    const names = this.#openNames();
    if (names.length > 0 !== this.#blocked) {
      this.#blocked = names.length > 0;
      this.toggleAttribute('blocked', this.#blocked);
      this.#tell('blocked', { blocked: this.#blocked, placeholders: names, refused: false });
    }
    this.#markButtons();
    this.#checkSoon(draft);
    const open = this.#blocked ? [this.#words('fill', { names: names.join(', ') })] : [];
    this.#view.note([...open, ...this.#findings().map(({ kind, text }) => this.#words(kind, { text }))].join(' · '));
    this.#place();
    this.#view.search(this.#field, this.#search);
  }

  /** What the agent sees now: chips, and the grey text, which may be of an older response. */
  #standing(chips) {
    const shown = this.#shownOffer() === '' ? chips : [...chips, this.#offer];
    return new Map(
      shown.map(({ from, index }) => {
        const suggestion = from.suggestions[index];
        const isOffer = suggestion.kind === 'completion';
        const whole = isOffer ? from.draft + suggestion.text : suggestion.text;
        return [suggestion.kind + whole, about(suggestion, from, isOffer ? this.#rest() : whole)];
      }),
    );
  }

  #place() {
    const blanks = this.#blocked ? this.#openBlanks() : [];
    this.#view.overlay(this.#field, this.#shownOffer(), [...blanks, ...this.#findings()]);
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
      this.#view.say(this.#words('found', { text, number: active + 1, count: answers.length }));
    } else if (answers !== null) {
      this.#view.say(this.#labels.none);
    }
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`repartee-${name}`, { detail, bubbles: true, composed: true }));
  }
}

/**
 * Whether the agent caused an event. In an extension the page's scripts must not take suggestions or
 * send feedback. They can submit a form, which fires a trusted event.
 */
function byAgent(event) {
  return !inExtension || (event.isTrusted && event.type !== 'submit');
}

/** How fast the agent types, and how fast the service answers lately: both stay in the page's memory. */
export class Rhythm {
  #gaps = [200]; // in ms, the newest last; the first is assumed
  #answers = [0];
  #keyAt = -Infinity;

  /** The agent typed a character. */
  typed(now = performance.now()) {
    const gap = now - this.#keyAt;
    this.#keyAt = now;
    if (gap >= SHORTEST_GAP_MS && gap <= LONGEST_GAP_MS) {
      this.#gaps = [...this.#gaps, gap].slice(-15);
    }
  }

  /** The service answered a request, after some milliseconds. */
  answered(ms) {
    this.#answers = [...this.#answers, ms].slice(-5);
  }

  /** After how many milliseconds without a key the agent pauses. */
  get pause() {
    return PAUSE_GAPS * median(this.#gaps);
  }

  /** How many milliseconds after a key to ask: at once, or in a pause if answers are too late for who types on. */
  get delay() {
    const late = median(this.#answers) > LATE_KEYS * median(this.#gaps);
    return late ? Math.min(LONGEST_DELAY_MS, this.pause) : 0;
  }
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

/** A key's name, such as `Alt+0`. By its place: with Alt, some layouts write other characters. */
function nameOf(event) {
  const held = ['Control', 'Alt', 'Shift', 'Meta'].filter((name) => event.getModifierState(name));
  return [...held, event.code.replace(/^(?:Key|Digit)/, '')].join('+');
}

function beginsWith(text, draft) {
  return text.toLowerCase().startsWith(draft.toLowerCase());
}

/** A text from a place on, with the whole word that the place is in. */
function fromWord(text, place) {
  const { index, isWordLike } = WORDS.segment(text).containing(place);
  return text.slice(isWordLike ? index : place).trim();
}

/** Whether what follows a text is a word of its own, without a space between. */
function beginsWord(before) {
  return !/\S$/.test(before) || UNSPACED.test(before);
}

/** From a place in a text to the end of the word there, or of the next one. */
function firstWord(text, place) {
  for (const { index, segment, isWordLike } of WORDS.segment(text)) {
    if (isWordLike && index + segment.length > place) {
      return text.slice(place, index + segment.length);
    }
  }
  return text.slice(place);
}

/** How many characters at the end of a text, from a word's beginning, another text begins with. */
function overlap(before, text) {
  for (const { index } of WORDS.segment(before)) {
    if (beginsWith(text, before.slice(index))) {
      return before.length - index;
    }
  }
  return 0;
}

if (!inExtension) {
  customElements.define('repartee-assist', ReparteeAssist);
}
