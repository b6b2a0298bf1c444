import type { Finding, Message, Model, Nothing } from './repartee-client.js';

export type { Finding, Message, Model, Nothing } from './repartee-client.js';

/** How the service is. */
export type AssistState = 'idle' | 'ready' | 'slow' | 'busy' | 'unready' | 'unreachable' | 'locked' | 'refused';

/** What the element says and reads aloud. `{…}` are filled in. */
export interface AssistLabels {
  /** Names the chips and the switch: `Suggestions`. */
  suggestions: string;
  /** Names the other switch: `On demand: {key}`. */
  manual: string;
  /** Names the list of a search: `Answers`. */
  answers: string;
  /** On a chip: `Alt {number}`. */
  key: string;
  /** Of the grey text: `Tab takes: {text}`. */
  tab: string;
  /** Of an answer in a search: `{text}, {number} of {count}`. */
  found: string;
  /** `No answer found`. */
  none: string;
  /** `Fill in before sending: {names}`. */
  fill: string;
  /** Of a passage that is against the library: `“{text}” must not be said`. */
  never: string;
  /** Of a passage that looks like another customer's: `“{text}”: another customer’s data?`. */
  personal: string;
}

export interface AssistEventMap {
  /** The service became ready, busy and so on, or serves another model. */
  'repartee-state': CustomEvent<{ state: AssistState; detail: string; model: Model | null }>;
  /** Another number of chips is shown, or there is another reason why the service suggests nothing. */
  'repartee-shown': CustomEvent<{ chips: number; nothing: Nothing | null }>;
  /** A suggestion or an answer was taken. */
  'repartee-taken': CustomEvent<{ text: string; characters: number; actions: number }>;
  /** A reply was sent. `action` is null where nothing had been suggested. */
  'repartee-sent': CustomEvent<{
    text: string;
    characters: number;
    actions: number;
    action: 'accepted' | 'edited' | 'dismissed' | null;
  }>;
  /** The draft holds placeholders that nobody filled, or no more; `refused` where it was to be sent with them. */
  'repartee-blocked': CustomEvent<{ blocked: boolean; placeholders: string[]; refused: boolean }>;
  /** With the attribute `check`: the draft rested and was checked. */
  'repartee-checked': CustomEvent<{ draft: string; findings: Finding[] }>;
  /** The agent turned suggestions off, or on. */
  'repartee-off': CustomEvent<{ off: boolean }>;
  /** The agent turned suggestions on demand on, or off. */
  'repartee-manual': CustomEvent<{ manual: boolean }>;
}

/**
 * `<repartee-assist>`. Attributes: `for` (a selector of the field), `url` (of the service; without
 * it, where this script came from), `conversation`, `agent`, `queue`, `language`, `chips` (`replace`
 * or `insert`), `send` (a selector of the button), `guard-enter`, `search` (the sign that begins one;
 * empty for none), `limit` (1 to 9 chips), `operating-point` (`calm` or `eager`), `answers` (`worth`, `always` or
 * `never`), `check`, `off`, `trigger` (`manual`: suggestions on demand), `trigger-key` (such as `Alt+0`).
 * Set by the element: `blocked`.
 */
export class ReparteeAssist extends HTMLElement {
  /** The field; setting it goes before `for`. */
  get field(): HTMLElement | null;
  set field(field: HTMLElement | null);

  /** The conversation so far, oldest message first. Set it anew when there is another message. */
  messages: Message[];

  /** What placeholders are filled from, such as `customer_name` and `order_number`. */
  metadata: Record<string, string> | undefined;

  /** Asked for a bearer token, and once more after a 401 with the token that was refused. */
  getToken: ((refused: string | null) => string | null | Promise<string | null>) | null;

  /** In place of the browser's `fetch`. */
  fetch: typeof fetch | null;

  get labels(): AssistLabels;
  set labels(labels: Partial<AssistLabels>);

  /** Which whole replies are shown; null as the service does. */
  answers: 'worth' | 'always' | 'never' | null;

  /** Whether suggestions are off. The agent's own choice is kept in `localStorage`. */
  off: boolean;

  /** Whether suggestions come on demand only; also kept in `localStorage`. The attribute is `trigger`. */
  manual: boolean;

  /** Whether the draft holds placeholders that nobody filled. */
  readonly blocked: boolean;

  readonly state: AssistState;

  /** Of this reply: characters typed, and all that it took: deletions and texts taken count one each. */
  readonly typed: { characters: number; actions: number };

  /** Asks for suggestions now, also where the element waits after a failure, or for the agent's key. */
  refresh(): void;

  /** Takes the suggestion of a chip, counted from 0; whether there was one. */
  take(index: number): boolean;

  /**
   * The reply was sent. The element notices it by itself where the field is empty soon after Enter
   * or a click on the button named by `send`; call it where your desk sends in other ways.
   */
  sent(text?: string): void;

  addEventListener<K extends keyof AssistEventMap>(
    type: K,
    listener: (this: ReparteeAssist, event: AssistEventMap[K]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

declare global {
  interface HTMLElementTagNameMap {
    'repartee-assist': ReparteeAssist;
  }
}
