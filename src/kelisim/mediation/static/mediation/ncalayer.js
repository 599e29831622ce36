// The national signing program on the visitor's own machine, by its WebSocket.
const ADDRESS = "wss://127.0.0.1:13579/";
const PATIENCE = 120000;

// Returns a detached CMS signature over the bytes given in base64.
function signed(content) {
  return new Promise((resolve, reject) => {
    const line = new WebSocket(ADDRESS);
    const timer = setTimeout(() => { line.close(); reject(new Error("absent")); }, PATIENCE);
    line.addEventListener("error", () => { clearTimeout(timer); reject(new Error("absent")); });
    line.addEventListener("message", (event) => {
      const told = JSON.parse(event.data);
      if (told.result?.version) {
        line.send(JSON.stringify({
          module: "kz.gov.pki.knca.commonUtils",
          method: "createCAdESFromBase64",
          args: ["PKCS12", "SIGNATURE", content, false],
        }));
        return;
      }
      clearTimeout(timer);
      line.close();
      if (told.code === "200") resolve(told.responseObject);
      else reject(new Error("refused"));
    });
  });
}

const form = document.getElementById("sign");
const button = document.getElementById("ncalayer");
if (form && button) {
  const state = form.querySelector(".state");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      form.elements.cms.value = await signed(form.dataset.pdf);
      form.requestSubmit();
    } catch (problem) {
      state.textContent = problem.message === "absent" ? state.dataset.absent : state.dataset.refused;
    }
  });
}
