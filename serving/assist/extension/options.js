const token = document.getElementById('token');
document.getElementById('form').addEventListener('submit', async (event) => {
  event.preventDefault();
  await chrome.storage.local.set({ token: token.value.trim() });
  document.getElementById('kept').textContent = 'Kept in this browser.';
});
token.value = (await chrome.storage.local.get('token')).token ?? '';
