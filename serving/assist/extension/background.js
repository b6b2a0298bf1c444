/**
 * Asks the service: it holds the token, which pages never see, and pages' own rules about where
 * they may connect to do not bind it.
 */
import config from './config.js';

chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (sender.id === chrome.runtime.id && message.path !== undefined) {
    ask(message).then(answer, () => answer(null));
    return true; // the answer comes later
  }
});

async function ask({ path, method, body }) {
  const { token } = await chrome.storage.local.get('token');
  const headers = { Accept: 'application/json' };
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (token) {
    headers.Authorization = `Bearer ${token}`;
  }
  const response = await fetch(new URL(path, config.url), { method, headers, body });
  return {
    status: response.status,
    retryAfter: response.headers.get('Retry-After'),
    text: await response.text(),
  };
}
