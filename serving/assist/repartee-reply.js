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
  #taken = null;
  #unwanted = new Set(); // drafts that were declined or deleted

  /** Whether an offer was declined that the service does not know of yet. */
  declined = false;

  /** Characters typed or pasted, and what it took in all: deletions and texts taken count one each. */
  get typed() {
    return { characters: this.#characters, actions: this.#actions };
  }

  /** The agent changed the draft; undoing and redoing types nothing. */
  edited(before, after, undone) {
    const characters = undone ? 0 : inserted(before, after);
    this.#characters += characters;
    this.#actions += Math.max(1, characters);
    if (after !== '' && before.startsWith(after)) {
      this.#unwanted.add(before);
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
    if (response.suggestions.length > 0) {
      this.#shown = response;
    }
  }

  /** A suggestion of a response was taken; the draft that it made. */
  took({ from, index }, draft) {
    this.#actions += 1;
    this.#taken = { shown: from, index, text: draft.trim() };
  }

  /**
   * The fields of feedback, or null where nothing was shown by a model that is known. The text that
   * was taken last decides: a whole reply is accepted when it was sent as it is, a completion when
   * what it made of the draft still begins the reply.
   */
  outcome(finalText) {
    const shown = this.#taken?.shown ?? this.#shown;
    if (!shown?.model) {
      return null;
    }
    return {
      model: shown.model,
      library: shown.library ?? null,
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
