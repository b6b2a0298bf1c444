/**
 * What a desk's page is made of, and where the settings are. Selectors leave private notes out:
 * they are no replies. A center replaces what does not fit by settings of the same names.
 */

/** Those of them that are selectors. */
export const SELECTORS = ['editor', 'before', 'send', 'messages', 'text', 'agentMessage', 'agent'];

/** What a center may set, with the type; managed.json says the same to Chrome. */
export const SETTINGS = {
  ...Object.fromEntries(SELECTORS.map((name) => [name, 'string'])),
  conversation: 'string',
  search: 'string',
  answers: 'string',
  trigger: 'string',
  triggerKey: 'string',
  enterSends: 'boolean',
  check: 'boolean',
};

export const desks = {
  chatwoot: {
    name: 'Chatwoot',
    editor: '.reply-box:not(.is-private) .ProseMirror',
    /** The element goes before this one. */
    before: '.reply-box .bottom-box',
    send: '.reply-box .right-wrap button',
    /** Whether Enter in the editor sends. */
    enterSends: true,
    /** Chatwoot opens its own list at a slash. */
    search: ';',
    messages: '[data-message-id]',
    text: '.prose, .text-content',
    /** Which messages are the agents'; the others are the customer's. */
    agentMessage: '.justify-end',
    /** An element whose text names the agent, if there is one. */
    agent: '[data-agent-name]',
    /** A regular expression: the conversation's name in the page's address. */
    conversation: 'conversations/(\\d+)',
  },

  /** Omnichannel conversations. What other agents wrote in one looks as the customer's does. */
  rocketChat: {
    name: 'Rocket.Chat',
    editor: 'main .js-input-message',
    before: 'main [role=group]:has(.js-input-message)',
    send: 'main button:has(.rcx-icon--name-send)',
    enterSends: true,
    /** A slash begins Rocket.Chat's commands. */
    search: ';',
    /** Threads stand in an aside. */
    messages: 'main .rcx-message[data-own]:not(aside *)',
    text: '.rcx-message-body',
    agentMessage: '[data-own=true]',
    conversation: '/live/(\\w+)',
  },

  /** Tickets in the tab that is shown. Others stay in the page. */
  zammad: {
    name: 'Zammad',
    editor: '.content.active .article-add:not(.is-internal) .articleNewEdit-body',
    before: '.content.active .article-add .textBubble-footer',
    send: '.content.active .js-submit',
    enterSends: false,
    search: '/',
    messages: '.content.active .ticket-article-item:not(.is-internal, .system)',
    text: '.richtext-content',
    agentMessage: '.ticket-article-item.agent',
    conversation: 'ticket/zoom/(\\d+)',
  },
};

/** The settings in force: what a policy of the administrator says, else what the agent chose. */
export async function readSettings() {
  // Firefox has no such storage where no policy is.
  const managed = await chrome.storage.managed.get().catch(() => ({}));
  const own = await chrome.storage.local.get();
  return {
    url: managed.url ?? own.url ?? '',
    desks: managed.desks ?? own.desks ?? [],
    token: own.token ?? '',
    managed: Object.keys(managed),
  };
}

/** The desk at an origin: its kind's selectors, and its own. */
export function deskAt(origin, settings) {
  const desk = settings.desks.find(({ address }) => originOf(address) === origin);
  return desk && { ...desks[desk.desk], ...desk.settings };
}

/** The origin of an address, or null. */
export function originOf(address) {
  const url = URL.canParse(address) ? new URL(address) : null;
  return url && /^https?:$/.test(url.protocol) ? url.origin : null;
}

/** Asks the browser for one origin; Firefox's patterns have no port. */
export function permissionOf(address) {
  const { origin, protocol, hostname } = new URL(address);
  const firefox = chrome.runtime.getURL('').startsWith('moz');
  return `${firefox ? `${protocol}//${hostname}` : origin}/*`;
}

/** Whether the browser allows an origin. */
export function isAllowed(address) {
  return originOf(address) !== null && chrome.permissions.contains({ origins: [permissionOf(address)] });
}
