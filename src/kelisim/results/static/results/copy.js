// A button that copies the text of another element; without scripts the text is there to select.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
  });
}
