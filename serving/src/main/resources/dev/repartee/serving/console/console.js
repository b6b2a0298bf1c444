import './repartee-assist.js';
import { Connection } from './connection.js';
import { saving, Savings } from './savings.js';

const find = (id) => document.getElementById(id);
const assist = find('assist');
const draft = find('draft');

/** Why nothing is suggested, in a few words. */
const NOTHING = {
  unknown: 'Nothing known fits.',
  not_worth_reading: 'Nothing is worth reading.',
  forbidden: 'The library forbids what fits.',
  other_queue: 'What fits belongs to another queue.',
  off: 'Switched off.',
};

let messages;
let savings;
let empty; // whether no whole reply came for this reply

function beginConversation() {
  const id = `console-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  messages = [];
  savings = new Savings();
  empty = true;
  assist.parentElement.classList.add('closed');
  draft.value = '';
  find('messages').replaceChildren();
  find('blank').hidden = false;
  assist.setAttribute('conversation', id);
  assist.messages = messages;
  showSavings();
}

/** The counter moves when something is taken or sent, not at each key: it is read aloud. */
function showSavings() {
  const text = draft.value;
  const now = text === '' ? savings : savings.with(saving(text, assist.typed.actions));
  find('saved').textContent = now.words;
  find('share').value = now.percent;
}

function say(role, text, note) {
  messages.push({ role, text });
  assist.messages = messages;
  const item = document.createElement('li');
  item.className = role;
  item.append(part('who', role === 'agent' ? 'Agent' : 'Customer'), part('bubble', text));
  if (note !== '') {
    item.append(part('note', note));
  }
  find('messages').append(item);
  find('blank').hidden = true;
  find('log').scrollTop = find('log').scrollHeight;
}

/** As text, whatever it holds: it comes from a conversation. */
function part(className, text) {
  const element = document.createElement('span');
  element.className = className;
  element.textContent = text;
  return element;
}

function sendReply() {
  if (draft.value.trim() !== '') {
    assist.sent();
    draft.value = '';
    showSavings();
    find('said').focus();
  }
}

function sendCustomer() {
  const text = find('said').value.trim();
  if (text !== '') {
    find('said').value = '';
    say('customer', text, '');
    draft.focus();
  }
}

function sendOnEnter(event) {
  // Enter also ends the composition of a character.
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
}

assist.addEventListener('repartee-shown', ({ detail: { chips, nothing } }) => {
  if (chips > 0) {
    empty = false;
    assist.parentElement.classList.remove('closed');
  }
  find('nothing').textContent = chips > 0 ? '' : (NOTHING[nothing] ?? '');
});
assist.addEventListener('repartee-taken', showSavings);
assist.addEventListener('repartee-sent', ({ detail }) => {
  assist.parentElement.classList.toggle('closed', empty); // now, since nobody types
  empty = true;
  const reply = saving(detail.text, detail.actions);
  savings.add(reply);
  const helped = ['accepted', 'edited'].includes(detail.action) && reply.saved > 0;
  say('agent', detail.text, helped ? `${reply.saved} of ${reply.total} characters saved` : '');
});
draft.addEventListener('input', () => {
  if (draft.value === '') {
    showSavings();
  }
});
draft.addEventListener('keydown', sendOnEnter);
find('said').addEventListener('keydown', sendOnEnter);
document.addEventListener('keydown', (event) => {
  // Wherever one writes; in the draft, the element has taken the key before.
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (event.altKey && !event.ctrlKey && !event.metaKey && digit && assist.take(digit - 1)) {
    event.preventDefault();
  }
});
for (const [name, attribute] of [['point', 'operating-point'], ['answers', 'answers']]) {
  document.querySelectorAll(`input[name="${name}"]`).forEach((choice) =>
    choice.addEventListener('change', () => assist.setAttribute(attribute, choice.value)),
  );
}
find('renew').addEventListener('click', () => {
  beginConversation();
  find('said').focus();
});
find('agent').addEventListener('submit', (event) => {
  event.preventDefault();
  sendReply();
});
find('customer').addEventListener('submit', (event) => {
  event.preventDefault();
  sendCustomer();
});

/** Whom the page plays, where its address says so. */
const agent = new URLSearchParams(location.search).get('agent');
if (agent) {
  assist.setAttribute('agent', agent);
}
new Connection(assist, {
  state: find('state'),
  model: find('model'),
  notice: find('notice'),
  access: find('access'),
  token: find('token'),
});
beginConversation();
find('said').focus();
