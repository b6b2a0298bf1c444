/**
 * How a reply comes about: what was shown and what the agent did, with times and numbers of
 * characters, and no text.
 *
 * @module repartee-events
 */

/** What feedback may hold, as the service's description says. */
const MOST_ACTIONS = 200;
const MOST_BYTES = 32 * 1024;
const MOST_MS = 86_400_000;

/** What is beside the actions: ids and queue. */
const BESIDE_BYTES = 1024;

/** A span of typing ends where the agent rests for so long. */
const REST_MS = 2000;

export class Events {
  #began = performance.now();
  #actions = [];
  #span = null; // of typing, that may go on
  #standing = new Map(); // what is displayed, by its key
  #acted = false;

  /** A customer's message: the clock starts anew, unless the agent is at it already. */
  message() {
    if (!this.#acted) {
      this.#began = performance.now();
      this.#actions = [];
      this.#standing.clear();
    }
  }

  /** Adds an action, which may be completed later. */
  add(action, details = {}) {
    this.#acted = true;
    this.#span = null;
    return this.#push(action, details);
  }

  #push(action, details) {
    const added = { action, at_ms: this.#now(), ...details };
    this.#actions.push(added);
    return added;
  }

  #now() {
    return Math.min(MOST_MS, Math.round(performance.now() - this.#began));
  }

  /** How long an action took, up to now. */
  lasts(added) {
    added.for_ms = this.#now() - added.at_ms;
  }

  /** The agent changed the draft: spans of the same kind are one action. */
  wrote({ characters, removed, pasted }) {
    if (pasted) {
      this.add('pasted', { characters, removed: removed || undefined });
      return;
    }
    const action = characters > 0 && removed === 0 ? 'typed' : 'edited';
    const span = this.#span;
    if (span?.action === action && this.#now() - span.at_ms - span.for_ms < REST_MS) {
      span.characters += characters;
      span.removed = (span.removed ?? 0) + removed || undefined;
      this.lasts(span);
    } else {
      this.#span = this.add(action, { for_ms: 0, characters, removed: removed || undefined });
    }
  }

  /**
   * What stands there now, by a key that stays while it does.
   *
   * @param {Map<string, object>} standing the details of each
   */
  shows(standing, draft) {
    for (const [key, { display, since }] of this.#standing) {
      if (standing.has(key)) {
        display.typed_through ||= draft.length > since.length && draft.startsWith(since);
      } else {
        this.lasts(display);
        this.#standing.delete(key);
      }
    }
    for (const [key, details] of standing) {
      if (!this.#standing.has(key)) {
        const display = this.#push('displayed', { ...details, typed_through: false });
        this.#standing.set(key, { display, since: draft });
      }
    }
  }

  /** The actions of a reply that is sent, as many as feedback may hold. Displays are left out first. */
  sent(characters) {
    this.add('sent', { characters });
    this.shows(new Map(), '');
    const all = this.#actions;
    const own = all.filter(({ action }) => action !== 'displayed');
    const kept = new Set(own.length <= MOST_ACTIONS ? own : [...own.slice(0, MOST_ACTIONS - 1), own.at(-1)]);
    let bytes = total(kept);
    if (bytes > MOST_BYTES) {
      kept.forEach((action) => delete action.id);
      bytes = total(kept);
    }
    for (const action of all) {
      if (action.action === 'displayed' && kept.size < MOST_ACTIONS) {
        bytes += size(action);
        if (bytes > MOST_BYTES) {
          break;
        }
        kept.add(action);
      }
    }
    const actions = all.filter((action) => kept.has(action));
    const displays = (list) => list.filter(({ action }) => action === 'displayed').length;
    return { dropped: displays(all) - displays(actions) || undefined, actions };
  }
}

function total(actions) {
  return Array.from(actions).reduce((sum, action) => sum + size(action), BESIDE_BYTES);
}

/** In a request's body, with a comma. */
function size(action) {
  return new TextEncoder().encode(JSON.stringify(action)).length + 1;
}
