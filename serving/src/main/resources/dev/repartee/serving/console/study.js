import './repartee-assist.js';
import { Connection } from './connection.js';

const MOST_REPLIES = 60;
const SHORTEST = 15;
const LONGEST = 240;
const RESAMPLES = 2000;

const find = (id) => document.getElementById(id);
const assist = find('assist');

let trials = []; // what is left to write, in order
let done = [];
let current = null;
let until = 0;

// Reading

async function text(file) {
  const stream = file.name.endsWith('.gz')
    ? file.stream().pipeThrough(new DecompressionStream('gzip'))
    : file.stream();
  return new Response(stream).text();
}

/** Replies of agents that a person can write, with what was said before them. */
function replies(lines) {
  const found = [];
  lines.split('\n').forEach((line, i) => {
    if (line.trim() === '') {
      return;
    }
    let messages;
    try {
      messages = JSON.parse(line).messages;
    } catch {
      throw new Error(`Line ${i + 1} is not JSON.`);
    }
    if (!Array.isArray(messages)) {
      throw new Error(`Line ${i + 1} has no messages.`);
    }
    messages.forEach((message, at) => {
      const said = message.text ?? '';
      if (message.role === 'agent' && at > 0 && said.length >= SHORTEST && said.length <= LONGEST && !said.includes('\n')) {
        found.push({ id: `${i + 1}.${at}`, before: messages.slice(0, at), wanted: said });
      }
    });
  });
  return found;
}

function shuffled(list) {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [list[i], list[j]] = [list[j], list[i]];
  }
  return list;
}

/** In rounds of five replies: each with one of the two first, by chance, then each with the other. */
function plan(found) {
  const chosen = shuffled(found).slice(0, MOST_REPLIES);
  const order = [];
  for (let i = 0; i < chosen.length; i += 5) {
    const round = chosen.slice(i, i + 5).map((reply) => ({ reply, assisted: Math.random() < 0.5 }));
    order.push(...shuffled([...round]));
    order.push(...shuffled(round.map(({ reply, assisted }) => ({ reply, assisted: !assisted }))));
  }
  return order;
}

// Writing

const plainly = (said) => said.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

function next() {
  if (trials.length === 0 || Date.now() > until) {
    show('report');
    report();
    return;
  }
  current = { ...trials.shift(), keys: 0 };
  const { reply, assisted } = current;
  find('trial-title').textContent = `Reply ${done.length + 1}, ${assisted ? 'with' : 'without'} suggestions`;
  find('messages').replaceChildren(...reply.before.slice(-6).map(item));
  find('wanted').textContent = reply.wanted;
  find('start').hidden = false;
  find('reply').hidden = true;
  find('with').hidden = !assisted;
  find('without').hidden = assisted;
  find('wrong').textContent = '';
  find('draft').value = '';
  find('plain').value = '';
  if (assisted) {
    assist.off = false; // whatever was switched in this browser before
    assist.manual = false;
  }
  assist.setAttribute('conversation', `study-${Date.now().toString(36)}-${done.length}`);
  assist.messages = reply.before.map(({ role, text: said }) => ({ role, text: said }));
  find('start').focus();
}

function item({ role, text: said }) {
  const element = document.createElement('li');
  element.className = role;
  element.append(part('who', role === 'agent' ? 'Agent' : 'Customer'), part('bubble', said));
  return element;
}

/** As text, whatever it holds. */
function part(className, said) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = said;
  return element;
}

const field = () => find(current.assisted ? 'draft' : 'plain');

function begin() {
  find('start').hidden = true;
  find('reply').hidden = false;
  current.began = performance.now();
  field().focus();
}

function send() {
  const written = field().value;
  if (plainly(written) !== plainly(current.reply.wanted)) {
    find('wrong').textContent = 'That is not the reply yet: letters or words differ. Correct it; the clock runs on.';
    return;
  }
  done.push({
    reply: current.reply.id,
    assisted: current.assisted,
    seconds: (performance.now() - current.began) / 1000,
    keys: current.keys,
    characters: Array.from(written).length,
  });
  next();
}

function show(section) {
  for (const id of ['setup', 'trial', 'report']) {
    find(id).hidden = id !== section;
  }
}

// The result

/** Replies that were written both ways. */
function pairs() {
  const byReply = new Map();
  for (const one of done) {
    const pair = byReply.get(one.reply) ?? {};
    pair[one.assisted ? 'with' : 'without'] = one;
    byReply.set(one.reply, pair);
  }
  return [...byReply.values()].filter((pair) => pair.with && pair.without);
}

const sum = (list, value) => list.reduce((total, one) => total + value(one), 0);

function saved(list) {
  return (100 * (sum(list, (one) => one.without.seconds) - sum(list, (one) => one.with.seconds))) / sum(list, (one) => one.without.seconds);
}

/** By drawing pairs again, 2.5% off at either end. */
function interval(list) {
  const drawn = Array.from({ length: RESAMPLES }, () =>
    saved(Array.from(list, () => list[Math.floor(Math.random() * list.length)])),
  ).sort((a, b) => a - b);
  return { low: drawn[Math.floor(RESAMPLES * 0.025)], high: drawn[Math.ceil(RESAMPLES * 0.975) - 1] };
}

function report() {
  const list = pairs();
  const result = {
    person: find('person').value.trim(),
    ended: new Date().toISOString(),
    model: find('model').textContent,
    pairs: list.length,
    time_saved_percent: list.length === 0 ? null : saved(list),
    ci95: list.length < 2 ? null : interval(list),
    replies: done,
  };
  find('verdict').textContent =
    list.length === 0
      ? 'No reply was written both ways, so there is nothing to compare.'
      : `${list.length} replies were written both ways. Suggestions saved ${result.time_saved_percent.toFixed(1)}% of the time` +
        (result.ci95 === null ? '.' : ` (95%: ${result.ci95.low.toFixed(1)} to ${result.ci95.high.toFixed(1)}).`);
  const rows = [
    ['Seconds a reply', (one) => one.seconds, 1],
    ['Keys and actions a reply', (one) => one.keys, 1],
    ['Characters a reply', (one) => one.characters, 1],
  ];
  find('figures').replaceChildren(
    ...(list.length === 0 ? [] : rows).map(([name, value, digits]) => {
      const row = document.createElement('tr');
      const head = document.createElement('th');
      head.scope = 'row';
      head.textContent = name;
      row.append(head);
      for (const way of ['with', 'without']) {
        const cell = document.createElement('td');
        cell.textContent = (sum(list, (pair) => value(pair[way])) / list.length).toFixed(digits);
        row.append(cell);
      }
      return row;
    }),
  );
  find('fine').textContent =
    'One person who copies given replies. Whoever writes a reply a second time is faster, which is why the order is random. It says nothing about other people, or about finding an answer.';
  find('download').href = URL.createObjectURL(new Blob([`${JSON.stringify(result, null, 2)}\n`], { type: 'application/json' }));
  find('report-title').focus?.();
}

// What happens

/** Nothing of a study is stored with the service. */
assist.fetch = (url, options) =>
  String(url).includes('/v1/feedback')
    ? Promise.resolve(new Response('{}', { status: 202, headers: { 'Content-Type': 'application/json' } }))
    : fetch(url, options);

find('begin').addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const found = replies(await text(find('file').files[0]));
    if (found.length === 0) {
      throw new Error(`No reply of an agent has ${SHORTEST} to ${LONGEST} characters in one line and something before it.`);
    }
    trials = plan(found);
    done = [];
    until = Date.now() + 60_000 * Number(find('minutes').value);
    show('trial');
    next();
  } catch (error) {
    find('notice').textContent = `${find('file').files[0].name} cannot be used. ${error.message}`;
  }
});
find('start').addEventListener('click', begin);
find('end').addEventListener('click', () => {
  until = 0;
  trials = [];
  next();
});
find('reply').addEventListener('submit', (event) => {
  event.preventDefault();
  send();
});
for (const id of ['draft', 'plain']) {
  find(id).addEventListener('beforeinput', () => {
    current.keys += 1;
  });
  find(id).addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && !event.defaultPrevented) {
      event.preventDefault();
      find('reply').requestSubmit();
    }
  });
}
new Connection(assist, {
  state: find('state'),
  model: find('model'),
  notice: find('notice'),
  access: find('access'),
  token: find('token'),
});
