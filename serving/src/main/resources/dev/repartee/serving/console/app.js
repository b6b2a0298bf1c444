import './repartee-assist.js';
import { Connection } from './connection.js';

const find = (id) => document.getElementById(id);
const [assist, draft] = ['assist', 'draft'].map(find);
const say = (words) => (find('done').textContent = words);

/** As a dashboard app: Chatwoot answers with the conversation as it is now, and takes no text. */
const chatwoot = {
  request: 'chatwoot-dashboard-app:fetch-info',
  read(data) {
    const { conversation, contact, currentAgent } = JSON.parse(data).data;
    const roles = ['customer', 'agent']; // then come activities and templates
    return {
      id: conversation.id,
      agent: currentAgent?.id,
      metadata: { customer_name: contact?.name, agent_name: currentAgent?.name },
      messages: conversation.messages
        .filter((message) => !message.private && !message.content_attributes?.deleted)
        .map(({ message_type: type, content }) => ({ role: roles[type], text: content })),
    };
  },
  /** Its frame forbids `navigator.clipboard`; this way the agent's click is enough. */
  put() {
    draft.select();
    document.execCommand('copy') ? sent('Copied. Paste it into the reply.') : say('Copying is not allowed here: press Ctrl+C.');
  },
};

/** Desks with a script that speaks as docs/front-end.md says. */
const scripted = {
  request: { event: 'repartee-fetch' },
  read: ({ event, conversation }) => (event === 'repartee-inserted' ? sent('It is in the reply.') : conversation),
  put() {
    say('The desk does not take it. Is a reply open?'); // until it says that it did
    parent.postMessage({ event: 'repartee-insert', text: draft.value }, deskOrigin);
  },
};

const isChatwoot = location.pathname.includes('/chatwoot');
const desk = isChatwoot ? chatwoot : scripted;
let deskOrigin; // by its last message
let shown;

// The desk is the page that has this one in a frame, and frame-ancestors lets only origins do that
// which the service was given. All others, such as a frame beside this one, can only post messages.
addEventListener('message', ({ source, origin, data }) => {
  try {
    if (source === parent) {
      show(desk.read(data));
      deskOrigin = origin;
    }
  } catch (error) {
    console.debug('no conversation:', error);
  }
});

function show(given) {
  const isText = (value) => typeof value === 'string' && value.trim() !== '';
  const messages = given.messages.filter(({ role, text }) => ['customer', 'agent'].includes(role) && isText(text));
  const metadata = Object.fromEntries(Object.entries(given.metadata ?? {}).filter(([, value]) => isText(value)));
  const now = JSON.stringify([given.id, given.agent, metadata, messages]);
  if (now === shown) {
    return;
  }
  shown = now;
  if (assist.getAttribute('conversation') !== String(given.id)) {
    draft.value = ''; // it is for another customer
    draft.disabled = false;
    say('');
  }
  assist.setAttribute('conversation', given.id);
  assist.setAttribute('agent', given.agent ?? '');
  Object.assign(assist, { metadata, messages });
  const part = (name, className, textContent) => Object.assign(document.createElement(name), { className, textContent });
  find('messages').replaceChildren(...messages.map(({ role }) => part('li', role, '')));
  messages.forEach(({ role, text }, index) => {
    const who = role === 'agent' ? 'Agent' : (metadata.customer_name ?? 'Customer');
    find('messages').children[index].append(part('span', 'who', who), part('span', 'bubble', text));
  });
  find('log').scrollTop = find('log').scrollHeight;
}

/** What is copied or in the desk's editor counts as sent: nothing tells this page when it is. */
function sent(words) {
  assist.sent();
  draft.value = '';
  say(words);
}

/** Nothing tells it of new messages. A frame that the desk hides has no width. */
function ask() {
  if (innerWidth > 0 && document.visibilityState === 'visible') {
    parent.postMessage(desk.request, '*'); // no secret
  }
  setTimeout(ask, shown === undefined ? 300 : 3000);
}

draft.addEventListener('input', () => say(''));
find('reply').addEventListener('submit', (event) => {
  event.preventDefault();
  if (draft.value.trim() !== '') {
    desk.put();
  }
});
find('put').textContent = isChatwoot ? 'Copy' : 'Insert';
new Connection(assist, Object.fromEntries(['state', 'model', 'notice', 'access', 'token'].map((id) => [id, find(id)])));
ask();
