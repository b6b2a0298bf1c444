/**
 * Makes the requests. It holds the token, which pages never see, and a page's policy does not limit
 * it. A message may be a hostile page's work, so it can only name one of the paths below, and the
 * address is always the configured one.
 */
import config from './config.js';

/** The requests of the element. */
const METHODS = new Map([
  ['v1/suggestions', 'POST'],
  ['v1/answers', 'POST'],
  ['v1/check', 'POST'],
  ['v1/feedback', 'POST'],
  ['v1/model', 'GET'],
]);
const service = new URL(config.url.endsWith('/') ? config.url : `${config.url}/`);

// By default content scripts can read it, and so can a page that exploits an error of the browser.
chrome.storage.local.setAccessLevel({ accessLevel: 'TRUSTED_CONTEXTS' });

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (sender.id === chrome.runtime.id && message.path !== undefined) {
    ask(message).then(answer, (error) => {
      console.warn(error);
      answer(null);
    });
    return true; // the answer comes later
  }
});

async function ask({ path, body, conversation }) {
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
  const { token } = await chrome.storage.local.get('token');
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
