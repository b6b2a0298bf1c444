// What the page of `repartee answers review` edits: the decisions of review.csv and the entries of library.json. Other people may change
// the same files, so a Doc merges row by row: the server only accepts a save of the newest version.

const sorted = value => Array.isArray(value) ? value.map(sorted)
  : value !== null && typeof value === 'object'
    ? Object.fromEntries(Object.keys(value).sort().map(key => [key, sorted(value[key])]))
    : value;
const same = (one, other) => one === other || JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));

/**
 * The rows of a file by their id: as the file has them, with what this page changed, and what both this page and another person
 * changed. A state is what people edit of a row; null where there is no such row.
 */
class Doc {
  version = '';
  saved = new Map();
  changes = new Map(); // not saved yet
  decided = new Map(); // saved by this page, so that nobody takes it back unseen
  conflicts = new Map(); // {mine, theirs, why}
  past = [];
  busy = Promise.resolve();

  constructor(name) { this.name = name; }

  get(id) { return this.changes.has(id) ? this.changes.get(id) : this.saved.get(id) ?? null; }

  set(states) {
    const changed = [...states].filter(([id, state]) => !same(state, this.get(id)));
    if (changed.length > 0) {
      this.past.push(changed.map(([id]) => [id, this.get(id)]));
      changed.forEach(([id, state]) => this.put(id, state));
    }
  }

  put(id, state) {
    if (same(state, this.saved.get(id) ?? null)) { this.changes.delete(id); } else { this.changes.set(id, state); }
    this.conflicts.delete(id);
  }

  /** Takes the last step back; returns the ids of its rows. */
  undo() {
    const states = this.past.pop() ?? [];
    states.forEach(([id, state]) => this.put(id, state));
    return states.map(([id]) => id);
  }

  /** Takes over what the file has become; returns how many rows others changed. */
  adopt(json) {
    const { states, rest } = this.decode(json);
    let others = 0;
    for (const id of new Set([...this.saved.keys(), ...states.keys()])) {
      const theirs = states.get(id) ?? null;
      if (same(theirs, this.saved.get(id) ?? null)) { continue; }
      const isMine = this.changes.has(id) || this.decided.has(id);
      const mine = this.changes.has(id) ? this.changes.get(id) : this.decided.get(id);
      if (isMine && !same(mine, theirs)) {
        this.changes.set(id, mine);
        this.conflicts.set(id, { mine, theirs });
      } else {
        this.changes.delete(id);
        this.conflicts.delete(id);
        others += isMine ? 0 : 1;
      }
    }
    this.saved = states;
    this.version = json.version;
    this.shown = rest;
    this.check();
    return others;
  }

  /** Finds own changes that do not fit the file without those that wait for a choice. */
  check() {
    for (const [id, { why }] of this.conflicts) { if (why) { this.conflicts.delete(id); } }
    for (let found = this.problem(); found !== null; found = this.problem()) {
      const [id, why] = found;
      this.conflicts.set(id, { mine: this.changes.get(id), theirs: this.saved.get(id) ?? null, why });
    }
  }

  /** What the file would have if all were saved that can be. */
  sendable(id) { return this.conflicts.has(id) ? this.saved.get(id) ?? null : this.get(id); }

  keepMine(id) {
    const { mine, theirs } = this.conflicts.get(id);
    this.set([[id, this.over(mine, theirs)]]);
    this.conflicts.delete(id);
    this.check();
  }

  keepTheirs(id) {
    this.set([[id, this.conflicts.get(id).theirs]]);
    this.decided.delete(id);
    this.conflicts.delete(id);
    this.check();
  }

  /** One request at a time; returns what `work` does. */
  alone(work) {
    const result = this.busy.then(work);
    this.busy = result.catch(() => {});
    return result;
  }

  /** Reads the file; returns how many rows others changed, null for none. */
  read() {
    return this.alone(async () => {
      const { json } = await ask(`${this.name}?${this.version}`);
      return json.version === this.version ? null : this.adopt(json);
    });
  }

  /** Saves all changes but those in conflict. */
  save() {
    return this.alone(async () => {
      let others = 0;
      for (;;) {
        this.check();
        const sent = [...this.changes].filter(([id]) => !this.conflicts.has(id));
        if (sent.length === 0) { return { saved: 0, others }; }
        const { status, json } = await ask(this.name, { version: this.version, ...this.encode(sent) });
        if (status === 409) {
          others += this.adopt(json);
          continue;
        }
        this.version = json.version;
        for (const [id, state] of sent) {
          if (state === null) { this.saved.delete(id); } else { this.saved.set(id, state); }
          this.decided.set(id, state);
          if (this.changes.get(id) === state) { this.changes.delete(id); }
        }
        return { saved: sent.length, others };
      }
    });
  }

  problem() { return null; }
}

export const DECIDED = { approve: 'approved', edit: 'edited', reject: 'rejected', merge: 'merged' };

/** review.csv: a state is an answer's text and the decision about it. */
export class Review extends Doc {
  decode({ rows, groups }) {
    const states = new Map(), facts = new Map();
    for (const { id, text, decision, new_text, merge_into, note, ...fact } of rows) {
      states.set(id, { text, decision, new_text, merge_into, note });
      facts.set(id, { ...fact, used: Number(fact.messages) || 0 });
    }
    const used = ids => ids.reduce((sum, id) => sum + facts.get(id).used, 0);
    const byUse = groups.map(places => places.map(place => rows[place].id).sort((a, b) => facts.get(b).used - facts.get(a).used));
    return { states, rest: { facts, groups: byUse.sort((a, b) => used(b) - used(a)) } };
  }

  encode(sent) {
    return { rows: sent.map(([id, { decision, new_text, merge_into, note }]) => ({ id, decision, new_text, merge_into, note })) };
  }

  /** The decision stays, about the text that the file has now. */
  over(mine, theirs) { return { ...mine, text: theirs.text }; }

  /** Decides about answers; what is known of their notes stays. */
  decide(ids, decision, more = {}) {
    this.set(ids.map(id => [id, { ...this.get(id), decision, new_text: '', merge_into: '', ...more }]));
  }

  /** The answers on the way of a merge, the first one included. */
  chain(id, state = one => this.get(one)) {
    const way = [id];
    for (let at = state(id); at?.decision === 'merge'; at = state(at.merge_into)) {
      if (way.includes(at.merge_into)) { return [...way, at.merge_into]; }
      way.push(at.merge_into);
    }
    return way;
  }

  /** The answers that are merged into these, and are not among them. */
  mergedInto(ids) {
    return [...this.saved.keys()].filter(id => !ids.includes(id) && this.get(id).decision === 'merge' && ids.includes(this.get(id).merge_into));
  }

  /** An own change that breaks a merge, by what others decided: its id and why. */
  problem() {
    const gone = [...this.changes.keys()].find(id => !this.saved.has(id) && !this.conflicts.has(id));
    if (gone !== undefined) { return [gone, 'Your decision cannot be saved.']; }
    const state = id => this.sendable(id);
    for (const id of this.saved.keys()) {
      if (state(id).decision !== 'merge') { continue; }
      const way = this.chain(id, state), end = way.at(-1);
      const wrong = state(end)?.decision === 'reject' ? 'It is merged into an answer that is rejected.'
        : way.indexOf(end) < way.length - 1 ? 'Its merges lead back to itself.' : '';
      const own = wrong && way.find(one => this.changes.has(one) && !this.conflicts.has(one));
      if (own) { return [own, own === id ? wrong : 'Another answer is merged into it.']; }
    }
    return null;
  }

  describe(state) {
    if (state === null) { return 'The answer is no longer in the file.'; }
    const { decision, new_text: text, merge_into: into, note } = state;
    const said = decision === 'edit' ? `edited: ${text}` : decision === 'merge' ? `merged into: ${this.get(into)?.text ?? into}` : DECIDED[decision] ?? 'undecided';
    return note ? `${said}\nNote: ${note}` : said;
  }

  title(id, state) { return (state ?? this.conflicts.get(id)?.mine)?.text ?? id; }
}

/** library.json: a state is an entry as in the file, or true for a phrase that must never be said. */
export class Library extends Doc {
  decode({ entries, never }) {
    const states = new Map(entries.map(entry => [`entry:${entry.id}`, entry]));
    (never ?? []).forEach(phrase => states.set(`never:${phrase}`, true));
    return { states, rest: {} };
  }

  encode(sent) {
    const phrases = wanted => sent.filter(([id, state]) => id.startsWith('never:') && (state !== null) === wanted).map(([id]) => id.slice(6));
    const entries = sent.filter(([id]) => id.startsWith('entry:')).map(([id, entry]) => ({ id: id.slice(6), entry }));
    return { entries, never: phrases(true), allowed: phrases(false) };
  }

  over(mine) { return mine; }

  ids(kind) { return [...new Set([...this.saved.keys(), ...this.changes.keys()])].filter(id => id.startsWith(kind)); }

  never() { return this.ids('never:').filter(id => this.get(id) !== null).map(id => id.slice(6)); }

  describe(state) {
    if (state === null) { return 'not in the library'; }
    return state === true ? 'must never be said'
      : Object.entries(state).filter(([key]) => key !== 'id')
        .map(([key, value]) => typeof value === 'object' ? Object.entries(value).map(([tag, text]) => `${key} ${tag}: ${text}`).join('\n') : `${key}: ${value}`).join('\n');
  }

  title(id) { return id.slice(6); }
}

/** The texts of an entry, each with its language, which may be empty. */
export const texts = ({ text, language }) => typeof text === 'object' ? Object.entries(text) : [[language ?? '', text ?? '']];

/** Asks the server, or sends a body; throws what it says is wrong. */
export async function ask(path, body) {
  let response;
  try {
    response = await fetch(path, body === undefined ? {} : { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    throw new Error('The command behind this page has ended. What is not saved is still here: leave the page open to read it, and start the command again.');
  }
  const json = await response.json();
  if (!response.ok && response.status !== 409) { throw new Error(json.error ?? `The server answers ${response.status}.`); }
  return { status: response.status, json };
}
