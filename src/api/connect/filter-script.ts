/**
 * The script of the list of providers: it filters the list as a person types. Without it the form around the field
 * asks the server.
 */
export const filterScript = `(() => {
  const field = document.querySelector("input[type=search]");
  const rows = [...document.querySelectorAll(".list li")];
  const none = document.querySelector("[data-none]");
  if (!field || !none || field.defaultValue) return;
  const plain = (text) => text.normalize("NFD").replace(/\\p{M}/gu, "").toLowerCase().trim();
  const filter = () => {
    const wanted = plain(field.value);
    for (const row of rows) row.hidden = !plain(row.textContent).includes(wanted);
    none.hidden = rows.some((row) => !row.hidden);
  };
  field.addEventListener("input", filter);
  field.form.addEventListener("submit", (event) => event.preventDefault());
  field.form.querySelector("button").hidden = true;
  filter();
})();`;
