import { Connection } from './connection.js';
import { DraftField } from './draft-field.js';
import { ReparteeClient } from './repartee-client.js';
import { Outcome, saving, Savings } from './savings.js';

/** Whom the page plays, where its address says so. */
const agentId = new URLSearchParams(location.search).get('agent') || undefined;
const find = (id) => document.getElementById(id);
const places = Array.from(find('offers').querySelectorAll('button'));

const client = new ReparteeClient({ url: '.' });
const draft = new DraftField(find('draft'), find('mirror'), draftChanged);
const connection = new Connection(
  client,
  {
    state: find('state'),
    model: find('model'),
    notice: find('notice'),
    access: find('access'),
    token: find('token'),
  },
  ask,
);

let conversationId;
let messages;
let savings;
let outcome;
/** The response that is shown, with the draft that it belongs to. */
let shown;
/** The response whose grey text the agent does not want. */
let hidden;
let declined = false; // the offer that stood, since the last answer
let feedbackTaken = true;

function beginConversation() {
  client.cancel(conversationId);
  conversationId = `console-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;
  messages = [];
  savings = new Savings();
  find('messages').replaceChildren();
  find('blank').hidden = false;
  beginReply();
}

function beginReply() {
  outcome = new Outcome();
  shown = null;
  hidden = null;
  draft.clear();
  showOffers();
  showSavings();
  ask();
}

function draftChanged() {
  if (draft.text === '') {
    outcome.forget();
    showSavings();
  }
  showOffers();
  announceOffer('');
  ask();
}

async function ask() {
  if (!connection.ready) {
    // The connection asks when it is.
    return;
  }
  const asked = draft.text;
  const show = (response) => {
    connection.answered(response.model);
    shown = { ...response, draft: asked };
    outcome.saw(shown);
    showOffers();
    announceOffer(draft.offered.trim());
  };
  try {
    const response = await client.suggest({
      conversationId,
      agentId,
      messages,
      draft: asked,
      limit: places.length,
      operatingPoint: document.querySelector('input[name="point"]:checked').value,
      declined,
      onMore: show,
    });
    declined = false;
    show(response);
  } catch (error) {
    if (error.name !== 'AbortError') {
      connection.failed(error);
    }
  }
}

/**
 * What a completion adds to the draft as it is by now; null when the draft went elsewhere. Typing
 * what is offered does not make the offer flicker.
 */
function rest(suggestion) {
  const whole = shown.draft + suggestion.text;
  return whole.startsWith(draft.text) ? whole.slice(draft.text.length) : null;
}

function showOffers() {
  let grey = '';
  places.forEach((place, index) => {
    const suggestion = shown?.suggestions[index];
    let words = suggestion?.text ?? '';
    if (suggestion?.kind === 'completion') {
      const added = rest(suggestion) ?? '';
      grey = grey || added;
      words = added.trim() === '' ? '' : `… ${added.trim()}`;
    }
    place.disabled = words === '';
    place.querySelector('.words').textContent = words;
    place.title = words;
  });
  draft.offer(shown !== null && shown === hidden ? '' : grey);
}

/** Read aloud once a response, not at each key. */
function announceOffer(words) {
  find('offered').textContent = words === '' ? '' : `Tab takes: ${words}`;
}

function take(index) {
  const suggestion = shown.suggestions[index];
  if (suggestion.kind === 'answer') {
    draft.replace(suggestion.text);
  } else {
    draft.append(rest(suggestion));
  }
  outcome.took(shown, index, draft.text);
  showSavings();
  showOffers();
  ask();
}

/** The counter moves when something is taken or sent, not at each key: it is read aloud. */
function showSavings() {
  const now = draft.text === '' ? savings : savings.with(saving(draft.text, draft.actions));
  find('saved').textContent = now.words;
  find('share').value = now.percent;
}

function say(role, text, note) {
  messages.push({ role, text });
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
  const text = draft.text.trim();
  if (text === '') {
    return;
  }
  const reply = saving(text, draft.actions);
  savings.add(reply);
  say('agent', text, outcome.tookAny && reply.saved > 0 ? `${reply.saved} of ${reply.total} characters saved` : '');
  report(outcome.of(text), text);
  beginReply();
  find('said').focus();
}

async function report(told, finalText) {
  if (told === null || !feedbackTaken) {
    return;
  }
  try {
    await client.feedback({ ...told, conversationId, finalText, charactersTyped: draft.charactersTyped });
  } catch (error) {
    // A service that takes no feedback is not told again; another failure costs one report.
    feedbackTaken = error.status !== 404 && error.status !== 405;
  }
}

function sendCustomer() {
  const text = find('said').value.trim();
  if (text === '') {
    return;
  }
  find('said').value = '';
  say('customer', text, '');
  shown = null;
  showOffers();
  ask();
  draft.focus();
}

function sendOnEnter(event) {
  // Enter also ends the composition of a character.
  if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    event.target.form.requestSubmit();
  }
}

find('draft').addEventListener('keydown', (event) => {
  if (event.key === 'Tab' && !event.shiftKey && draft.offered !== '') {
    event.preventDefault();
    take(shown.suggestions.findIndex((one) => one.kind === 'completion'));
  } else if (event.key === 'Escape' && draft.offered !== '') {
    hidden = shown;
    declined = true;
    showOffers();
  } else {
    sendOnEnter(event);
  }
});
find('said').addEventListener('keydown', sendOnEnter);
document.addEventListener('keydown', (event) => {
  // By the place of the key: with Alt, some layouts write other characters.
  const digit = /^(?:Digit|Numpad)([1-9])$/.exec(event.code)?.[1];
  if (event.altKey && !event.ctrlKey && !event.metaKey && places[digit - 1]) {
    event.preventDefault();
    places[digit - 1].click();
  }
});
places.forEach((place, index) => place.addEventListener('click', () => take(index)));
document.querySelectorAll('input[name="point"]').forEach((point) => point.addEventListener('change', ask));
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

beginConversation();
connection.watch();
find('said').focus();
