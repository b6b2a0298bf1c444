import { Events } from './repartee-events.js';

/**
 * One reply in the making: what it took to write, what was offered and taken, and what is not to
 * be offered again.
 *
 * @module repartee-reply
 */
export class Reply {
  #characters = 0;
  #actions = 0;
  #shown = null; // the newest response that held something
  #newest = null; // the newest response
  #taken = null;
  #undone = null; // what was taken and then undone
  #unwanted = new Set(); // drafts that were declined or deleted

  /** How it comes about. */
  events = new Events();

  /** Whether an offer was declined that the service does not know of yet. */
  declined = false;

  /** Characters typed or pasted, and what it took in all: deletions and texts taken count one each. */
  get typed() {
    return { characters: this.#characters, actions: this.#actions };
  }

  /** The agent changed the draft; undoing and redoing types nothing. */
  edited(before, after, { undone, pasted }) {
    const changed = difference(before, after);
    const characters = undone ? 0 : changed.characters;
    this.events.wrote({ characters, removed: undone ? 0 : changed.removed, pasted });
    this.#characters += characters;
    this.#actions += Math.max(1, characters);
    if (after !== '' && before.startsWith(after)) {
      this.#unwanted.add(before);
    }
    this.#undoOrRedo(before, after);
  }

  /** By the drafts: some editors undo without an event that says so. */
  #undoOrRedo(before, after) {
    const taken = this.#taken;
    const undone = this.#undone;
    if (before.trim() === taken?.text && after === taken.before) {
      this.#taken = taken.previous;
      this.#undone = taken;
    } else if (before === undone?.before && after.trim() === undone.text) {
      this.#taken = undone;
    }
  }

  /** The draft is empty again: nothing of what was there counts. */
  beginAgain() {
    this.#unwanted.clear();
    this.#taken = null;
  }

  decline(draft) {
    this.#unwanted.add(draft);
    this.declined = true;
  }

  /** Whether a text goes on from the draft, and not with what was declined or deleted. */
  wants(text, draft) {
    return (
      text.length > draft.length &&
      text.startsWith(draft) &&
      !Array.from(this.#unwanted).some(
        (no) => no.length > draft.length && (no.startsWith(text) || text.startsWith(no)),
      )
    );
  }

  /** A response, with the draft that it belongs to. */
  saw(response) {
    this.#newest = response;
    if (response.suggestions.length > 0) {
      this.#shown = response;
    }
  }

  /** A suggestion of a response was taken: the text put in, and the draft before and after it. */
  took({ from, index }, put, before, after) {
    this.#actions += 1;
    const suggestion = from.suggestions[index];
    const action = suggestion.kind === 'answer' ? 'chosen' : 'completed';
    this.events.add(action, about(suggestion, from, put));
    this.#taken = { shown: from, index, text: after.trim(), before, previous: this.#taken };
  }

  /**
   * The fields of feedback; the model is missing where none answered. The text that was taken last
   * decides: a whole reply is accepted when it was sent as it is, a completion when what it made of
   * the draft still begins the reply.
   */
  outcome(finalText) {
    const shown = this.#taken?.shown ?? this.#shown;
    const { model, library, suggestions_id } = shown ?? this.#newest ?? {};
    return {
      model,
      library: library ?? null,
      shown: shown?.suggestions ?? [],
      action: this.#action(finalText),
      accepted: this.#taken?.index ?? null,
      events: { suggestions_id, ...this.events.sent(length(finalText)) },
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

/** What events say of a suggestion, and of how much of it is shown or was put in. */
export function about(suggestion, response, text) {
  return {
    characters: length(text),
    kind: suggestion.kind,
    id: suggestion.id ?? undefined,
    p: suggestion.score,
    policy: response.operating_point,
  };
}

/** In code points. */
function length(text) {
  return Array.from(text).length;
}

/** How many characters an edit inserted and removed: what is between the ends that stayed. */
function difference(before, after) {
  const shortest = Math.min(before.length, after.length);
  let start = 0;
  while (start < shortest && before[start] === after[start]) {
    start += 1;
  }
  let end = 0;
  while (end < shortest - start && before.at(-1 - end) === after.at(-1 - end)) {
    end += 1;
  }
  return {
    characters: length(after.slice(start, after.length - end)),
    removed: length(before.slice(start, before.length - end)),
  };
}
