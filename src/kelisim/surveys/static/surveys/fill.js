// Saves each answer when it is given, and says so quietly. Without it the page is a plain form.
const form = document.querySelector('form[data-save]');
const saved = document.getElementById('saved');

async function save() {
  const body = new FormData(form);
  try {
    const answer = await fetch(location.href, {
      method: 'POST', body, headers: { 'X-Requested-With': 'kelisim-save' }, redirect: 'manual',
    });
    saved.textContent = answer.status === 204 ? saved.dataset.saved : '';
  } catch {
    saved.textContent = '';
  }
}

if (form) form.addEventListener('change', save);
document.querySelector('[aria-invalid], .wrong')?.scrollIntoView({ block: 'center' });
