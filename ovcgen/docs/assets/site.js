// What the theme leaves out for those who use a keyboard or a screen reader.
document$.subscribe(() => {
  new MutationObserver(complete).observe(document.body, { childList: true, subtree: true })
  complete()
})

function complete() {
  document.querySelectorAll(".md-code__nav").forEach((buttons, number) => label(buttons, `Code block ${number + 1}`))
  document.querySelectorAll(".language-console code, .language-text code").forEach(copyCommands)
  document.querySelectorAll(".md-typeset__scrollwrap, .md-code__content").forEach((scrolled) => { scrolled.tabIndex = 0 })
}

// The button copies the commands of a terminal session, without prompts and output. A console block has one command:
// another line that begins with `$ ` is output there. A text block may have several.
function copyCommands(code) {
  if (!code.textContent.startsWith("$ ")) return
  const commands = code.textContent.split("\n").filter((line) => line.startsWith("$ ")).map((line) => line.slice(2))
  const isConsole = code.closest(".language-console")
  const text = (isConsole ? commands.slice(0, 1) : commands).join("\n")
  if (code.dataset.copy !== text) code.dataset.copy = text
}

function label(element, text) {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text)
}
