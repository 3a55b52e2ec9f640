// What the theme leaves out for those who use a keyboard or a screen reader.
document$.subscribe(() => {
  new MutationObserver(complete).observe(document.body, { childList: true, subtree: true })
  complete()
})

function complete() {
  document.querySelectorAll(".md-code__nav").forEach((buttons, number) => label(buttons, `Code block ${number + 1}`))
  document.querySelectorAll(".md-typeset__scrollwrap, .md-code__content").forEach((scrolled) => { scrolled.tabIndex = 0 })
}

function label(element, text) {
  if (element.getAttribute("aria-label") !== text) element.setAttribute("aria-label", text)
}
