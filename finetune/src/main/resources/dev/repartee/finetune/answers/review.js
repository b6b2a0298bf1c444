// The page of `repartee answers review`: a list of which only the seen rows are drawn, the chosen row beside it, keys and mouse.

import { ask, DECIDED, Library, Review, texts } from './edits.js';

const POLL_MS = 5000;
const AROUND = 6; // rows drawn above and below what is seen
const MOST_SHOWN = 20;

const $ = id => document.getElementById(id);

/** An element with properties or attributes, and children. */
const h = (tag, props = {}, ...children) => {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  element.className = classes.join(' ');
  for (const [key, value] of Object.entries(props)) {
    if (key in element) { element[key] = value; } else { element.setAttribute(key, value); }
  }
  element.append(...children.flat().filter(child => child !== null && child !== false && child !== undefined));
  return element;
};

const count = (number, one, many = `${one}s`) => `${number.toLocaleString('en')} ${number === 1 ? one : many}`;
const short = (text, most = 60) => text.length <= most ? text : `${text.slice(0, most).trimEnd()}…`;
const folded = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

// What is shown

const about = (await ask('about')).json;
const docs = Object.keys(about.files).map(name => name === 'review' ? new Review(name) : new Library(name));
let doc = docs[0];
const views = new Map(docs.map(one => [one, { at: 0, top: 0, search: '', show: '', closed: new Set(), marked: null, editing: false }]));
const drafts = new Map(); // texts that are being written, by id
const hay = new WeakMap(); // what a search looks through, by state
let items = []; // what the list has: {kind, id, ids, level, size, place}
const view = () => views.get(doc);
const item = () => items[view().at];

function tell(text, isBad = false) {
  $('notice').textContent = text;
  $('notice').className = isBad ? 'bad' : '';
}

/** What is said of a save or of a reading of the file. */
function others(number) { return number > 0 ? `${count(number, 'row')} that others changed ${number === 1 ? 'is' : 'are'} shown as the file has them now.` : ''; }

const REVIEW_SHOWS = [['', 'all'], ['undecided', 'undecided'], ...Object.entries(DECIDED), ['unsaved', 'not saved'], ['is:new', 'new in this extraction'], ['is:changed', 'worded differently now'], ['is:gone', 'no longer in the data']];
/** The queues in which an answer is used most, whose names may have blanks. */
const queues = id => doc.shown.facts.get(id).domains.split(' | ').filter(Boolean).map(one => one.replace(/ \d+$/, ''));
const QUEUE = 'queue:';
const queueShows = () => [...new Set(doc.shown.groups.flat().flatMap(queues))].sort().map(name => [QUEUE + name, `queue ${name}`]);
const LIBRARY_SHOWS = [['', 'all'], ['unsaved', 'not saved']];

function searched(id, state) {
  if (!hay.has(state)) {
    const more = doc instanceof Review ? doc.shown.facts.get(id).phrasings.join('\n') : '';
    hay.set(state, folded([id, ...Object.values(state).flatMap(value => typeof value === 'object' ? Object.values(value) : [value]), more].join('\n')));
  }
  return hay.get(state);
}

function matches(id, words, show) {
  const state = doc.get(id) ?? doc.saved.get(id);
  const isShown = show === '' || (show === 'unsaved' ? doc.changes.has(id)
    : show === 'undecided' ? state.decision === ''
    : show.startsWith(QUEUE) ? queues(id).includes(show.slice(QUEUE.length))
    : show.startsWith('is:') ? doc.shown.facts.get(id).status === show.slice(3) : state.decision === show);
  return isShown && (words.length === 0 || words.every(word => searched(id, state).includes(word)));
}

/** The groups of ids, each with the name that folders have. */
function groups() {
  if (doc instanceof Review) { return doc.shown.groups.map(ids => ({ ids, key: ids[0] })); }
  const folders = new Map();
  for (const id of doc.ids('entry:')) {
    const folder = (doc.get(id) ?? doc.saved.get(id)).folder ?? '';
    if (!folders.has(folder)) { folders.set(folder, []); }
    folders.get(folder).push(id);
  }
  return [...folders].map(([folder, ids]) => ({ ids, key: folder, folder }));
}

/**
 * Finds what the list has, and draws it. The choice stays where it is still there.
 *
 * @param withPane false while a field of the pane is in use
 */
function list(withPane = true) {
  const { search, show, closed } = view();
  const words = folded(search).split(/\s+/).filter(Boolean);
  const chosen = item()?.id;
  items = [];
  if (doc instanceof Library && words.length === 0 && show === '') { items.push({ kind: 'never', id: 'never', level: 1 }); }
  for (const { ids, key, folder } of groups()) {
    const found = ids.filter(id => matches(id, words, show));
    const isGroup = folder === undefined ? found.length > 1 : folder !== '' && found.length > 0;
    if (isGroup) { items.push({ kind: 'group', id: `group:${key}`, ids: found, level: 1, folder, isOpen: !closed.has(key), key }); }
    if (!isGroup || !closed.has(key)) {
      found.forEach((id, place) => items.push({ kind: 'row', id, group: found, level: isGroup ? 2 : 1, ...(isGroup ? { size: found.length, place: place + 1 } : {}) }));
    }
  }
  const first = items.filter(({ level }) => level === 1);
  first.forEach((one, place) => Object.assign(one, { size: first.length, place: place + 1 }));
  const still = items.findIndex(({ id }) => id === chosen);
  view().at = Math.max(0, still >= 0 ? still : Math.min(view().at, items.length - 1));
  draw(withPane);
}

const states = state => doc instanceof Review ? DECIDED[state.decision] ?? '' : '';

function rowParts(one) {
  if (one.kind === 'never') {
    return ['Phrases that must never be said', count(doc.never().length, 'phrase'), ''];
  }
  if (one.kind === 'group' && one.folder !== undefined) { return [one.folder, count(one.ids.length, 'entry', 'entries'), '']; }
  if (one.kind === 'group') {
    const used = one.ids.reduce((sum, id) => sum + doc.shown.facts.get(id).used, 0);
    const done = one.ids.filter(id => doc.get(id).decision !== '').length;
    return [`${one.ids.length} similar: ${doc.get(one.ids[0]).text}`, `${count(used, 'message')} · ${done} of ${one.ids.length} decided`, ''];
  }
  const state = doc.get(one.id) ?? doc.saved.get(one.id);
  const unsaved = doc.changes.has(one.id) ? ' · not saved' : '';
  if (doc instanceof Library) {
    const label = doc.get(one.id) === null ? 'removed' : !doc.saved.has(one.id) ? 'new' : doc.changes.has(one.id) ? 'changed' : '';
    const all = texts(state);
    return [`${state.title ? `${state.title}: ` : ''}${all[0][1]}`, [state.id, state.queue, all.map(([tag]) => tag).filter(Boolean).join(', '), state.owner && `only ${state.owner}`].filter(Boolean).join(' · ') + unsaved, label];
  }
  const fact = doc.shown.facts.get(one.id);
  const into = state.decision === 'merge' ? ` · into “${short(doc.get(state.merge_into)?.text ?? state.merge_into, 40)}”` : '';
  const evaluated = fact.evaluated === undefined ? '' : ` · ${count(fact.evaluated, 'evaluated reply', 'evaluated replies')}`;
  const meta = `${count(fact.used, 'message')}${evaluated} · ${count(Number(fact.agents) || 0, 'agent')}${fact.status ? ` · ${fact.status}` : ''}${into}${unsaved}`;
  return [state.decision === 'edit' ? state.new_text : state.text, meta, states(state)];
}

function rowElement(one, place) {
  const [text, meta, label] = rowParts(one);
  const isMarked = one.kind === 'row' && one.id === view().marked;
  const kind = doc instanceof Library ? label : one.kind === 'row' ? doc.get(one.id).decision : '';
  const element = h(`div.item${one.kind === 'group' ? '.group' : ''}${kind ? `.${kind}` : ''}`, {
    id: `item-${place}`, role: 'treeitem', 'aria-level': one.level, 'aria-selected': String(place === view().at),
    'aria-setsize': one.size, 'aria-posinset': one.place, ...(one.kind === 'group' ? { 'aria-expanded': String(one.isOpen) } : {}),
  }, h('b', { dir: 'auto' }, text.replace(/\s+/g, ' ')), h('span', {}, isMarked && h('span.state.marked', {}, 'marked'), ' ', label && h(`span.state.${kind}`, {}, label)), h('small', {}, meta));
  element.dataset.at = place;
  element.style.top = `${place * rowHeight()}px`;
  return element;
}

let height = 0;
const rowHeight = () => height ||= parseFloat(getComputedStyle(document.documentElement).getPropertyValue('--row'));

/** Draws the rows that are seen, however many there are. */
function drawRows() {
  const box = $('list'), tall = rowHeight();
  const first = Math.max(0, Math.floor(box.scrollTop / tall) - AROUND);
  const last = Math.min(items.length, Math.ceil((box.scrollTop + box.clientHeight) / tall) + AROUND);
  $('rows').style.height = `${items.length * tall}px`;
  $('rows').replaceChildren(...(items.length === 0 ? [h('p.none', {}, 'Nothing matches.')] : items.slice(first, last).map((one, n) => rowElement(one, first + n))));
  const { at } = view();
  if (at >= first && at < last && items.length > 0) { box.setAttribute('aria-activedescendant', `item-${at}`); } else { box.removeAttribute('aria-activedescendant'); }
}

function draw(withPane = true) {
  drawRows();
  if (withPane) { drawPane(); }
  drawConflicts();
  const unsaved = docs.reduce((sum, one) => sum + one.changes.size, 0);
  $('save').textContent = unsaved > 0 ? `Save ${count(unsaved, 'change')}` : 'Saved';
  $('save').disabled = unsaved === 0;
  $('undo').disabled = doc.past.length === 0;
  [...$('files').children].forEach((button, place) => {
    const open = docs[place].conflicts.size;
    button.textContent = (docs[place] instanceof Review ? 'Answers' : 'Library') + (open > 0 ? ` (${open} to choose)` : '');
    if (docs[place] === doc) { button.setAttribute('aria-current', 'page'); } else { button.removeAttribute('aria-current'); }
  });
  const isReview = doc instanceof Review;
  $('share').hidden = !isReview;
  if (isReview) {
    const all = [...doc.saved.keys()], done = all.filter(id => doc.get(id).decision !== '');
    const used = ids => ids.reduce((sum, id) => sum + doc.shown.facts.get(id).used, 0);
    const share = Math.round(100 * used(done) / Math.max(1, used(all)));
    $('done').textContent = `${done.length.toLocaleString('en')} of ${count(all.length, 'answer')} decided, ${share}% of the messages`;
    $('share').value = share;
  } else {
    $('done').textContent = `${count(doc.ids('entry:').length, 'entry', 'entries')}, ${count(doc.changes.size, 'change')} not saved`;
  }
}

// The chosen one

const action = (name, key, does, label = name) => {
  const button = h('button', { type: 'button', onclick: does, ...(key ? { 'aria-keyshortcuts': key } : {}) }, label, key && h('kbd', { 'aria-hidden': 'true' }, key));
  button.dataset.does = name;
  return button;
};

const fact = (name, value) => value ? [h('dt', {}, name), h('dd', {}, value)] : [];

function drawPane() {
  const focused = document.activeElement?.closest?.('#pane [data-does]')?.dataset.does;
  const one = item();
  const parts = one === undefined ? [] : doc instanceof Review ? (one.kind === 'group' ? groupPane(one) : answerPane(one.id)) : libraryPane(one);
  $('pane').replaceChildren(...parts);
  if (focused) { $('pane').querySelector(`[data-does="${focused}"]`)?.focus(); }
}

function groupPane({ ids }) {
  const open = ids.filter(id => doc.get(id).decision === '');
  return [
    h('h2', {}, `${ids.length} similar answers, ${open.length} undecided`),
    h('div.does', {}, action('Approve', 'a', () => act('approve'), 'Approve undecided'), action('Reject', 'r', () => act('reject'), 'Reject undecided'), action('Merge', 'm', () => act('merge'), view().marked ? 'Merge undecided into the marked' : 'Merge undecided into the first')),
    h('ul', {}, ids.slice(0, MOST_SHOWN).map(id => h('li', {}, doc.get(id).text, ` (${count(doc.shown.facts.get(id).used, 'message')})`)), ids.length > MOST_SHOWN && h('li', {}, `and ${ids.length - MOST_SHOWN} more`)),
  ];
}

function answerPane(id) {
  const state = doc.get(id), known = doc.shown.facts.get(id), { marked, editing } = view();
  const target = mergeTarget(id);
  const note = h('input', { value: state.note, onchange: () => { doc.set([[id, { ...doc.get(id), note: note.value.trim() }]]); draw(false); } });
  return [
    h('h2', { dir: 'auto' }, state.text),
    state.decision === 'edit' && !editing && h('p.instead', { dir: 'auto' }, state.new_text),
    editing ? editForm(id, state) : h('div.does', {},
      action('Approve', 'a', () => act('approve')), action('Edit', 'e', () => act('edit')), action('Reject', 'r', () => act('reject')),
      action('Merge', 'm', () => act('merge')), action('Mark', 'x', () => act('mark'), marked === id ? 'Unmark' : 'Mark'),
      state.decision !== '' && action('Clear', 'c', () => act('clear'))),
    h('p.hint', {}, state.decision === 'merge' ? `Merged into: ${short(doc.get(state.merge_into)?.text ?? state.merge_into, 120)}`
      : target ? `Merge counts it as: ${short(doc.get(target).text, 120)}` : 'To merge, mark the answer that stays.'),
    known.customer_message && h('h3', {}, 'After the customer wrote'),
    known.customer_message && h('p', { dir: 'auto' }, known.customer_message),
    known.phrasings.length > 0 && h('h3', {}, 'Examples'),
    known.phrasings.length > 0 && h('ul', {}, known.phrasings.map(text => h('li', { dir: 'auto' }, text))),
    h('h3', {}, 'Use'),
    h('dl.pairs', {}, fact('Messages', known.used.toLocaleString('en')), fact('Agents', known.agents), fact('Share', known.share_of_messages && `${(100 * Number(known.share_of_messages)).toFixed(2)}% of all messages`),
      fact('Queues', known.domains), fact('Language', known.language), fact('Status', known.status), fact('Id', id)),
    h('label.field', {}, 'Note for people', note),
  ].filter(Boolean);
}

function editForm(id, state) {
  const area = h('textarea', { id: 'edited', rows: 5, dir: 'auto', value: drafts.get(id) ?? (state.decision === 'edit' ? state.new_text : state.text), oninput: () => drafts.set(id, area.value) });
  const take = () => {
    if (area.value.trim() === '') { tell('Write the text to suggest instead.', true); return; }
    drafts.delete(id);
    view().editing = false;
    doc.decide([id], 'edit', { new_text: area.value.trim() });
    tell('Edited.');
    draw();
    $('list').focus();
  };
  area.addEventListener('keydown', event => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); take(); } });
  return h('div', {}, h('label.field', {}, 'Suggest instead', area), h('div.does', {}, h('button.main', { type: 'button', onclick: take }, 'Use this text'), h('button', { type: 'button', onclick: () => act('cancel') }, 'Cancel')));
}

/** What `m` merges an answer into. */
function mergeTarget(id) {
  const { marked } = view();
  if (marked && marked !== id && doc.get(marked)) { return marked; }
  const group = doc.shown.groups.find(ids => ids.includes(id));
  return group[0] === id ? null : group[0];
}

function chosenIds() {
  const one = item();
  return one.kind === 'row' ? [one.id] : one.ids.filter(id => doc.get(id).decision === '');
}

const ACTS = {
  approve: ids => { doc.decide(ids, 'approve'); return ['Approved', ids]; },
  clear: ids => { doc.decide(ids, ''); return ['Undecided', ids]; },
  reject: ids => {
    const merged = doc.mergedInto(ids);
    if (merged.length > 0) { throw new Error(`${count(merged.length, 'answer is', 'answers are')} merged into it: clear that first.`); }
    doc.decide(ids, 'reject');
    return ['Rejected', ids];
  },
  merge: (ids, one) => {
    const target = one.kind === 'row' ? mergeTarget(one.id) : view().marked ?? one.ids[0];
    const merged = ids.filter(id => id !== target);
    if (!target) { throw new Error('Mark the answer that stays first, with x.'); }
    if (doc.get(target).decision === 'reject') { throw new Error('The answer that should stay is rejected.'); }
    const way = doc.chain(target);
    if (merged.some(id => way.includes(id))) { throw new Error('That answer is merged into this one.'); }
    if (doc.get(way.at(-1))?.decision === 'reject') { throw new Error('That answer is merged into one that is rejected.'); }
    doc.decide(merged, 'merge', { merge_into: target });
    return ['Merged', merged];
  },
};

/** What keys and buttons do to the chosen answer or group. */
function act(name) {
  const one = item();
  if (!(doc instanceof Review) || one === undefined) { return; }
  try {
    if (name === 'mark') {
      if (one.kind === 'row') { view().marked = view().marked === one.id ? null : one.id; }
    } else if (name === 'edit') {
      if (one.kind === 'row') { view().editing = true; }
    } else if (name === 'cancel') {
      drafts.delete(one.id);
      view().editing = false;
    } else {
      const ids = chosenIds();
      const [said, decided] = ids.length === 0 ? ['Nothing here is undecided', []] : ACTS[name](ids, one);
      tell(decided.length > 1 ? `${said}: ${count(decided.length, 'answer')}.` : `${said}.`);
      if (one.kind === 'row' && name !== 'clear') { choose(view().at + 1, true); }
    }
  } catch (error) {
    tell(error.message, true);
  }
  draw();
  if (name === 'edit' && view().editing) { $('edited').focus(); $('edited').select(); }
  if (name === 'cancel') { $('list').focus(); }
}

/** Chooses an item of the list, and scrolls to it. */
function choose(at, onlyRows = false) {
  let to = Math.max(0, Math.min(items.length - 1, at));
  while (onlyRows && items[to].kind === 'group' && items[to].isOpen && to + 1 < items.length) { to += 1; }
  if (to !== view().at) { view().editing = false; }
  view().at = to;
  const box = $('list'), tall = rowHeight(), top = to * tall;
  if (top < box.scrollTop) { box.scrollTop = top; }
  if (top + tall > box.scrollTop + box.clientHeight) { box.scrollTop = top + tall - box.clientHeight; }
  draw();
}

function fold(open) {
  const one = item();
  if (one?.kind === 'group') {
    if (open) { view().closed.delete(one.key); } else { view().closed.add(one.key); }
    list();
  } else if (!open && one?.level === 2) {
    choose(items.findLastIndex(({ kind }, place) => kind === 'group' && place < view().at));
  }
}

function undo() {
  const ids = doc.undo();
  list();
  const place = items.findIndex(({ id }) => ids.includes(id));
  if (place >= 0) { choose(place); }
  tell(ids.length > 0 ? 'Undone.' : 'Nothing to undo.');
}

// The library's entries

function libraryPane(one) {
  const add = action('New entry', '', () => { $('pane').replaceChildren(...entryForm(null)); $('pane').querySelector('input').focus(); });
  const compare = action('Difference', '', difference, 'Difference to production');
  const top = h('div.does', {}, add, compare);
  return [top, ...(one.kind === 'never' ? neverForm() : one.kind === 'group' ? [h('h2', {}, one.folder)] : entryForm(one.id))];
}

function neverForm() {
  const phrases = doc.never();
  const area = h('textarea', { rows: 14, dir: 'auto', value: phrases.join('\n'), onchange: () => {
    const wanted = new Set(area.value.split('\n').map(line => line.trim()).filter(Boolean));
    const gone = phrases.filter(phrase => !wanted.has(phrase)), fresh = [...wanted].filter(phrase => !phrases.includes(phrase));
    doc.set([...gone.map(phrase => [`never:${phrase}`, null]), ...fresh.map(phrase => [`never:${phrase}`, true])]);
    draw(false);
  } });
  return [h('h2', {}, 'Phrases that must never be said'), h('p.hint', {}, 'One on each line. No suggestion contains one of them; case, punctuation and blanks do not matter.'), h('label.field', {}, 'Phrases', area)];
}

/** Each field is taken over when it is left, once all fields together are an entry. */
function entryForm(id) {
  const isGone = id !== null && doc.get(id) === null;
  const entry = id === null ? { id: '', text: '' } : doc.get(id) ?? doc.saved.get(id);
  if (isGone) {
    return [h('h2', {}, entry.id), h('p', {}, 'This entry is removed.'), h('div.does', {}, action('Restore', '', () => { doc.set([[id, entry]]); list(); }))];
  }
  const wrong = h('p.wrong', { role: 'alert' });
  const field = (name, label, hint = '') => h('label.field', {}, label, h('input', { name, value: entry[name] ?? '', placeholder: hint, dir: 'auto', onchange: take }));
  const texting = h('div', {});
  const textRow = ([tag, text]) => {
    const row = h('fieldset.text', {}, h('legend.hidden', {}, `Text ${tag}`), h('label.field', {}, 'Language', h('input', { value: tag, placeholder: 'any', onchange: take })), h('label.field', {}, 'Text', h('textarea', { rows: 3, value: text, dir: 'auto', onchange: take })),
      h('button', { type: 'button', 'aria-label': `Remove the text ${tag}`, onclick: () => { if (texting.children.length > 1) { row.remove(); take(); } } }, 'Remove'));
    return row;
  };
  texting.append(...texts(entry).map(textRow));
  const form = h('div', {},
    id === null ? field('id', 'Id') : null,
    h('div.pair', {}, field('title', 'Title'), field('folder', 'Folder'), field('queue', 'Queue'), field('owner', 'Owner: the only agent who sees it'), field('valid_from', 'Valid from', '2026-01-31 or with a time'), field('valid_until', 'Valid until', '2026-01-31 or with a time')),
    h('h3', {}, 'Texts'), texting,
    h('div.does', {}, action('Add a language', '', () => { texting.append(textRow(['', ''])); texting.lastChild.querySelector('input').focus(); }),
      id !== null && action('Remove entry', '', () => { doc.set([[id, null]]); list(); })));
  function take() {
    const result = readEntry(form, texting, entry);
    wrong.textContent = result.wrong ?? '';
    if (result.wrong) { return; }
    const key = `entry:${result.entry.id}`;
    if (id === null && doc.get(key) !== null) { wrong.textContent = `There is an entry ${result.entry.id} already.`; return; }
    doc.set([[key, result.entry]]);
    if (id === null) {
      list();
      choose(items.findIndex(one => one.id === key));
      tell(`Added ${result.entry.id}.`);
    } else {
      list(false);
    }
  }
  return [h('h2', {}, entry.id || 'A new entry'), form, wrong];
}

const instant = text => /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;

function readEntry(form, texting, before) {
  const entry = { ...before };
  for (const input of form.querySelectorAll('input[name]')) {
    const value = input.name.startsWith('valid') ? instant(input.value.trim()) : input.value.trim();
    if (value || input.name === 'id') { entry[input.name] = value; } else { delete entry[input.name]; }
  }
  if (!entry.id) { return { wrong: 'Write an id, which stays the same when the text changes.' }; }
  for (const name of ['valid_from', 'valid_until']) {
    if (entry[name] && !/T.*(Z|[+-]\d\d:?\d\d)$/.test(entry[name])) { return { wrong: `${name} must be a date or a time such as 2026-01-31T08:00:00Z.` }; }
  }
  const all = [...texting.children].map(row => [row.querySelector('input').value.trim(), row.querySelector('textarea').value.trim()]);
  const filled = all.filter(([tag, text]) => tag || text);
  if (filled.length === 0 || filled.some(([, text]) => !text)) { return { wrong: 'Write a text.' }; }
  if (filled.length > 1 && filled.some(([tag]) => !tag)) { return { wrong: 'Name the language of each text, such as en or nl.' }; }
  if (new Set(filled.map(([tag]) => tag)).size < filled.length) { return { wrong: 'Each language may have one text.' }; }
  delete entry.language;
  if (filled.length > 1) {
    entry.text = Object.fromEntries(filled);
  } else {
    entry.text = filled[0][1];
    if (filled[0][0]) { entry.language = filled[0][0]; }
  }
  return { entry };
}

// The difference to production

async function difference() {
  const box = $('found');
  box.replaceChildren(h('p', {}, 'Comparing…'));
  $('difference').showModal();
  $('difference-title').focus();
  const commands = [h('h3', {}, 'To publish'), h('pre', { tabIndex: 0 }, about.publish.join('\n'))];
  const unsaved = doc.changes.size > 0 && h('p.wrong', {}, `${count(doc.changes.size, 'change is', 'changes are')} not saved and not compared.`);
  if (!about.production) {
    box.replaceChildren(...[unsaved, h('p', {}, 'Start the command with --production NAME@ALIAS --store URI to see the difference.'), ...commands].filter(Boolean));
    return;
  }
  try {
    const { json } = await ask('difference');
    const part = (title, lines) => lines.length > 0 ? [h('h3', {}, `${title} (${lines.length})`), h('ul', {}, lines.map(line => h('li', {}, line)))] : [];
    const { found } = json;
    box.replaceChildren(...[
      unsaved, h('p', {}, json.summary),
      ...part('Added', json.added.map(id => [h('b', {}, id), ' ', h('ins', {}, json.texts[id])])),
      ...part('Removed', json.removed.map(id => [h('b', {}, id), ' ', h('del', {}, json.texts[id])])),
      ...part('Changed', json.changed.map(({ id, field, from, to }) => [h('b', {}, id), ` ${field}: `, h('del', {}, from ?? '–'), ' → ', h('ins', {}, to ?? '–')])),
      ...part('Must never be said from now on', json.never_added), ...part('May be said again', json.never_removed),
      ...part('Blocked: contains a phrase that must never be said', found.blocked.map(({ id, phrase }) => `${id}: ${phrase}`)),
      ...part('Looks like personal data', found.personal_data.map(({ id, kinds }) => `${id}: ${kinds.join(', ')}`)),
      ...part('Almost the same', found.duplicates.map(({ id, other }) => `${id} and ${other}`)), ...part('Expired', found.expired),
      ...commands,
    ].filter(Boolean));
  } catch (error) {
    box.replaceChildren(h('p.wrong', {}, error.message));
  }
}

// What others changed meanwhile

function drawConflicts() {
  const all = [...doc.conflicts], box = $('conflicts');
  box.hidden = all.length === 0;
  if (all.length === 0) { box.replaceChildren(); return; }
  const decide = (name, ids) => { ids.forEach(id => doc[name](id)); tell(name === 'keepMine' ? 'Yours is kept: save it.' : 'Theirs is kept.'); list(); if (doc.conflicts.size > 0) { $('conflicts').querySelector('button')?.focus(); } else { $('list').focus(); } };
  const side = (title, text, button) => h('div', {}, h('h4', {}, title), text, h('div', {}, button));
  box.replaceChildren(
    h('h2', { id: 'conflicts-title' }, `Another person decided differently about ${count(all.length, 'row')}`),
    h('p.hint', {}, 'Nothing of it is lost, and yours is not saved until you choose.'),
    ...all.slice(0, MOST_SHOWN).map(([id, { mine, theirs, why }]) => h('div.conflict', {},
      h('h3', { dir: 'auto' }, doc.title(id, theirs)), why && h('p', {}, why),
      h('div.sides', {},
        side('Yours', doc.describe(mine), theirs === null && doc instanceof Review || why ? null : h('button', { type: 'button', 'aria-label': `Keep mine: ${id}`, onclick: () => decide('keepMine', [id]) }, 'Keep mine')),
        side('In the file now', doc.describe(theirs), h('button', { type: 'button', 'aria-label': `Keep theirs: ${id}`, onclick: () => decide('keepTheirs', [id]) }, 'Keep theirs'))))),
    all.length > 1 ? h('div.does', {}, all.length > MOST_SHOWN && h('p', {}, `and ${all.length - MOST_SHOWN} more`), h('button', { type: 'button', onclick: () => decide('keepTheirs', all.map(([id]) => id)) }, `Keep theirs of all ${all.length}`)) : '');
}

async function save() {
  try {
    let saved = 0, changed = 0;
    for (const one of docs) {
      const result = await one.save();
      saved += result.saved;
      changed += result.others;
    }
    const open = docs.reduce((sum, one) => sum + one.conflicts.size, 0);
    tell([saved > 0 ? `Saved ${count(saved, 'change')}.` : open > 0 ? '' : 'There is nothing to save.', others(changed), open > 0 ? `${count(open, 'change')} of yours ${open === 1 ? 'waits' : 'wait'} for a choice.` : ''].filter(Boolean).join(' '), open > 0);
  } catch (error) {
    tell(error.message, true);
  }
  list();
}

/** Reads the files, since another person may have saved. */
async function look() {
  if (document.hidden) { return; }
  for (const one of docs) {
    try {
      const changed = await one.read();
      if (changed !== null) {
        tell(others(changed) || 'Another person saved.', one.conflicts.size > 0);
        if (one === doc) { list(!document.activeElement.matches('#pane input, #pane textarea')); }
      }
    } catch (error) {
      tell(error.message, true);
      return;
    }
  }
}

// Keys, mouse, start

function search() {
  view().search = $('search').value;
  $('list').scrollTop = 0;
  list();
}

function open(one) {
  view().top = $('list').scrollTop;
  doc = one;
  $('search').value = view().search;
  $('show').replaceChildren(...(doc instanceof Review ? [...REVIEW_SHOWS, ...queueShows()] : LIBRARY_SHOWS).map(([value, label]) => h('option', { value }, label)));
  $('show').value = view().show;
  $('list').setAttribute('aria-label', doc instanceof Review ? 'Answers, similar ones together' : 'Entries of the library, by folder');
  list();
  $('list').scrollTop = view().top;
  drawRows();
}

const KEYS = {
  a: () => act('approve'), e: () => act('edit'), r: () => act('reject'), m: () => act('merge'), x: () => act('mark'), c: () => act('clear'), u: undo,
  j: () => choose(view().at + 1), k: () => choose(view().at - 1), ArrowDown: () => choose(view().at + 1), ArrowUp: () => choose(view().at - 1),
  Home: () => choose(0), End: () => choose(items.length - 1),
  PageDown: () => choose(view().at + Math.floor($('list').clientHeight / rowHeight())), PageUp: () => choose(view().at - Math.floor($('list').clientHeight / rowHeight())),
  ArrowLeft: () => fold(false), ArrowRight: () => fold(true), '/': () => $('search').focus(), '?': () => $('keys').showModal(),
};

document.addEventListener('keydown', event => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 's') {
    event.preventDefault();
    document.activeElement?.blur(); // takes over the field that is being written
    save();
    return;
  }
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) { return; }
  if (event.target.matches('input, textarea, select')) {
    if (event.key === 'Escape') {
      if (event.target.id === 'edited') { act('cancel'); return; }
      if (event.target.id === 'search') { event.target.value = ''; search(); }
      $('list').focus();
    } else if (event.key === 'Enter' && event.target.id === 'search') {
      $('list').focus();
    }
    return;
  }
  if (KEYS[event.key]) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

$('rows').addEventListener('click', event => {
  const at = event.target.closest('[data-at]')?.dataset.at;
  if (at === undefined) { return; }
  const isChosen = Number(at) === view().at;
  choose(Number(at));
  if (item().kind === 'group' && isChosen) { fold(!item().isOpen); }
});
let isDrawing = false;
$('list').addEventListener('scroll', () => {
  if (!isDrawing) {
    isDrawing = true;
    requestAnimationFrame(() => { isDrawing = false; drawRows(); });
  }
});
new ResizeObserver(drawRows).observe($('list'));
$('search').addEventListener('input', search);
$('show').addEventListener('change', () => { view().show = $('show').value; $('list').scrollTop = 0; list(); });
$('undo').addEventListener('click', undo);
$('save').addEventListener('click', save);
$('help').addEventListener('click', () => $('keys').showModal());
window.addEventListener('focus', look);
window.addEventListener('beforeunload', event => { if (docs.some(one => one.changes.size > 0) || drafts.size > 0) { event.preventDefault(); } });

$('files').append(...docs.map(one => h('button', { type: 'button', title: about.files[one.name], onclick: () => open(one) })));
try {
  for (const one of docs) { await one.read(); }
  open(doc);
  $('list').focus();
  setInterval(look, POLL_MS);
} catch (error) {
  tell(error.message, true);
}
