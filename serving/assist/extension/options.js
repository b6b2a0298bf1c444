/** Where an agent, or a policy, says which service and which desks; asks the browser for these alone. */
import { deskAt, desks, isAllowed, originOf, permissionOf, readSettings, SELECTORS, SETTINGS } from './desks.js';

const [form, url, token, address, desk, other, said, list] =
  ['form', 'url', 'token', 'address', 'desk', 'settings', 'said', 'desks'].map((id) => document.getElementById(id));
let settings = await readSettings();
desk.append(...Object.entries(desks).map(([id, { name }]) => new Option(name, id)));
url.value = settings.url;
token.value = settings.token;
url.disabled = settings.managed.includes('url');
document.getElementById('choice').hidden = settings.managed.includes('desks');
document.getElementById('managed').hidden = settings.managed.length === 0;
const { tab } = await chrome.storage.session.get('tab');
address.value = tab?.origin ?? '';

/** The desk's own settings; throws what is wrong with them. */
function readOther() {
  const given = JSON.parse(other.value.trim() || '{}');
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== SETTINGS[name]) {
      throw new Error(
        SETTINGS[name] ? `"${name}" must be a ${SETTINGS[name]}` : `"${name}" is none of ${Object.keys(SETTINGS).join(', ')}`,
      );
    }
    if (SELECTORS.includes(name)) {
      document.createDocumentFragment().querySelector(value); // or it says that this is no selector
    }
  }
  new RegExp(given.conversation ?? '');
  return given;
}

/** A click, so that the browser asks: for the service and the desk, and for nothing else. */
async function allow(...addresses) {
  const allowed = await chrome.permissions.request({ origins: addresses.map(permissionOf) });
  if (!allowed) {
    said.textContent = 'The browser does not allow it: nothing was changed.';
  }
  return allowed;
}

/** The origin of what was written. */
function checked(what, written) {
  const origin = originOf(written);
  if (origin === null) {
    throw new Error(`the ${what}'s address must begin with https:// or http:// but is '${written}'`);
  }
  return origin;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const managed = settings.managed.includes('desks');
  let chosen = [];
  try {
    checked('service', url.value);
    if (!managed && address.value) {
      chosen = [{ address: checked('desk', address.value), desk: desk.value, settings: readOther() }];
    }
  } catch ({ message }) {
    said.textContent = `Not saved: ${message}.`;
    return;
  }
  const wanted = (managed ? settings.desks : chosen).map((one) => one.address);
  if (await allow(url.value, ...wanted)) {
    const kept = settings.desks.filter((one) => !wanted.includes(originOf(one.address)));
    await chrome.storage.local.set({
      token: token.value.trim(),
      ...(settings.managed.includes('url') ? {} : { url: url.value }),
      ...(managed ? {} : { desks: [...kept, ...chosen] }),
    });
    said.textContent = `Saved. ${await answered()} Load the desk's page again.`;
  }
  await show();
});

/** How the service answers. */
async function answered() {
  const answer = await chrome.runtime.sendMessage({ path: 'v1/model' });
  const problems = { 401: 'The service does not accept the token.', 503: 'The service is not ready yet.' };
  if (answer?.status === 200) {
    const { name, version } = JSON.parse(answer.text);
    return `The service answers with ${name} ${version}.`;
  }
  return answer ? (problems[answer.status] ?? `The service answers with status ${answer.status}.`) : 'The service cannot be reached.';
}

/** Runs in the desk's page: how many elements each selector finds. */
function probe(config, names) {
  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const messages = all(config.messages);
  const found = Object.fromEntries(names.filter((name) => config[name]).map((name) => [name, all(config[name]).length]));
  found.text = messages.filter((one) => one.querySelector(config.text)).length;
  found.agentMessage = messages.filter((one) => one.matches(config.agentMessage) || one.querySelector(config.agentMessage)).length;
  found.conversation = Number(new RegExp(config.conversation).test(location.href));
  return found;
}

/** Tries the selectors on the page that the agent came from, or that was looked at last. */
async function tryOn({ address }) {
  const tabs = await chrome.tabs.query({ url: permissionOf(address) });
  const last = tabs.sort((one, next) => next.lastAccessed - one.lastAccessed)[0];
  const id = tab?.origin === originOf(address) ? tab.id : last?.id;
  if (id === undefined) {
    return [`Open a conversation at ${address} in another tab, then try again.`];
  }
  const config = deskAt(originOf(address), settings);
  const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: id }, func: probe, args: [config, SELECTORS] });
  return [...SELECTORS, 'conversation']
    .filter((name) => name in result)
    .map((name) => `${name}: ${result[name] ? `found ${result[name]}` : 'finds nothing'} (${config[name]})`);
}

async function show() {
  settings = await readSettings();
  const items = settings.desks.map(async (one) => {
    const item = document.createElement('li');
    const buttons = document.createElement('p');
    const found = document.createElement('ul');
    const button = (label, act) => {
      const added = Object.assign(document.createElement('button'), { textContent: label, type: 'button' });
      added.setAttribute('aria-label', `${label}: ${one.address}`);
      added.addEventListener('click', act);
      buttons.append(added);
    };
    const allowed = (await isAllowed(one.address)) && (await isAllowed(settings.url));
    item.append(`${one.address}, ${desks[one.desk]?.name ?? one.desk}: ${allowed ? 'on' : 'not allowed yet'}`, buttons, found);
    if (allowed) {
      button('Try it on this page', async () => {
        const lines = await tryOn(one).catch(({ message }) => [message]);
        found.replaceChildren(...lines.map((line) => Object.assign(document.createElement('li'), { textContent: line })));
      });
    } else {
      button('Allow', async () => (await allow(settings.url, one.address)) && show());
    }
    if (!settings.managed.includes('desks')) {
      button('Remove', async () => {
        await chrome.storage.local.set({ desks: settings.desks.filter(({ address }) => address !== one.address) });
        await chrome.permissions.remove({ origins: [permissionOf(one.address)] });
        await show();
      });
    }
    return item;
  });
  list.replaceChildren(...(await Promise.all(items)));
}

chrome.permissions.onAdded.addListener(show);
chrome.permissions.onRemoved.addListener(show);
await show();
// Policies are only known some seconds after the browser started.
document.querySelector('main').inert = false;
