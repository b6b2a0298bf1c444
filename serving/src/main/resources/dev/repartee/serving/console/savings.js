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

/** Of one reply, sent or not, in code points as evaluations count them. */
export function saving(text, actions) {
  const total = Array.from(text).length;
  return { total, saved: total - actions };
}
