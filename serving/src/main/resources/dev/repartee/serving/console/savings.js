import { characters } from './draft-field.js';

/** What suggestions saved: characters of the replies less what it took to write them. */
export class Savings {
  #total = 0;
  #saved = 0;

  add(reply) {
    this.#total += reply.total;
    this.#saved += reply.saved;
  }

  /** With a reply that is still being written. */
  with(reply) {
    const both = new Savings();
    both.add({ total: this.#total, saved: this.#saved });
    both.add(reply);
    return both;
  }

  /** In percent; who corrects more than is offered saves nothing. */
  get percent() {
    return this.#total === 0 ? 0 : Math.round((100 * Math.max(0, this.#saved)) / this.#total);
  }

  get words() {
    return this.#total === 0
      ? 'No reply written yet'
      : `${Math.max(0, this.#saved)} of ${this.#total} characters saved (${this.percent}%)`;
  }
}

/** Of one reply, sent or not. */
export function saving(text, actions) {
  const total = characters(text);
  return { total, saved: total - actions };
}

/**
 * What became of the suggestions for one reply, for the service to learn from. The offer that was
 * taken last decides: a whole reply is accepted when it was sent as it is, a completion when what
 * it made of the draft still begins the reply.
 */
export class Outcome {
  #shown = null;
  #taken = null;

  /** @param {{suggestions: object[], model: object}} shown */
  saw(shown) {
    if (shown.suggestions.length > 0) {
      this.#shown = shown;
    }
  }

  took(shown, index, text) {
    this.#taken = { shown, index, text };
  }

  get tookAny() {
    return this.#taken !== null;
  }

  /** The agent emptied the draft and begins again. */
  forget() {
    this.#taken = null;
  }

  /** The fields of feedback, or null when nothing was shown. */
  of(finalText) {
    const shown = this.#taken?.shown ?? this.#shown;
    if (shown === null) {
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
    const kept =
      shown.suggestions[index].kind === 'answer'
        ? finalText === text.trim()
        : finalText.startsWith(text.trim());
    return kept ? 'accepted' : 'edited';
  }
}
