/**
 * Makes the requests. It holds the token, which pages never see, and a page's policy does not limit
 * it. A message may be a hostile page's work, so it can only name one of the paths below, and the
 * address is always that of the settings.
 */
import { deskAt, isAllowed, originOf, permissionOf, readSettings } from './desks.js';

/** The requests of the element. */
const METHODS = new Map([
  ['v1/suggestions', 'POST'],
  ['v1/answers', 'POST'],
  ['v1/check', 'POST'],
  ['v1/feedback', 'POST'],
  ['v1/model', 'GET'],
]);

// By default content scripts can read it, and so can a page that exploits an error of the browser.
// Firefox cannot forbid it.
chrome.storage.local.setAccessLevel?.({ accessLevel: 'TRUSTED_CONTEXTS' });

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  respond(message, sender).then(answer, (error) => {
    console.warn(error);
    answer(null);
  });
  return true; // the answer comes later
});

/** Answers the options page, and pages of desks that are set up and allowed; others get nothing. */
async function respond(message, sender) {
  const settings = await readSettings();
  const { origin } = new URL(sender.url);
  const isOwn = sender.url.startsWith(chrome.runtime.getURL(''));
  const desk = deskAt(origin, settings);
  if (sender.id !== chrome.runtime.id || !(isOwn || (desk && (await isAllowed(origin))))) {
    throw new Error(`refused: ${origin} is not a desk that is set up and allowed`);
  }
  return message.path === undefined ? desk : ask(message, settings);
}

async function ask({ path, body, conversation }, { url, token }) {
  const service = new URL(url.endsWith('/') ? url : `${url}/`);
  const method = METHODS.get(path);
  const address = new URL(path, service);
  if (method === undefined || !address.href.startsWith(service.href)) {
    throw new Error(`refused: '${path}' is none of ${Array.from(METHODS.keys()).join(', ')}`);
  }
  const headers = { Accept: 'application/json' };
  if (method === 'POST') {
    headers['Content-Type'] = 'application/json';
  }
  if (/^[0-9a-f]{8}$/.test(conversation)) {
    headers['Repartee-Conversation'] = conversation;
  }
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  // A redirect could lead to another host.
  const response = await fetch(address, { method, headers, body, redirect: 'error' });
  return {
    status: response.status,
    retryAfter: response.headers.get('Retry-After'),
    text: await response.text(),
  };
}

/** Puts the element into the pages of the desks that the browser allows, from their next load on. */
async function register() {
  const { desks } = await readSettings();
  const matches = [];
  for (const { address } of desks) {
    if (await isAllowed(address)) {
      matches.push(permissionOf(address));
    }
  }
  await chrome.scripting.unregisterContentScripts();
  if (matches.length > 0) {
    await chrome.scripting.registerContentScripts([{ id: 'desks', matches, js: ['content.js'], runAt: 'document_idle' }]);
  }
}

/** One after the other: two at once could register twice. */
let registered = Promise.resolve();
const registerSoon = () => (registered = registered.then(register).catch(console.warn));

chrome.storage.onChanged.addListener(registerSoon);
chrome.permissions.onAdded.addListener(registerSoon);
chrome.permissions.onRemoved.addListener(registerSoon);
chrome.runtime.onStartup.addListener(registerSoon);
chrome.runtime.onInstalled.addListener(({ reason }) => {
  registerSoon();
  if (reason === 'install') {
    chrome.runtime.openOptionsPage();
  }
});
// The options page then knows which page is meant, and may try selectors on it.
chrome.action.onClicked.addListener(async ({ id, url }) => {
  await chrome.storage.session.set({ tab: { id, origin: originOf(url) } });
  chrome.runtime.openOptionsPage();
});
