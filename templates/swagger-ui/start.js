// Shows the document that the page brings along; nothing is asked of other hosts.
"use strict";

const MOST_EXPANDED = 60; // operations that a filter may find for their tags to be expanded
const SCHEMES = /^(basic|bearer)\s/i;

// Follow the colour scheme of the browser, also when it changes.
const dark = matchMedia("(prefers-color-scheme: dark)");
const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", follow);
follow();

// What Swagger UI leaves out for keyboards and screen readers: selector, attribute, and its value.
const MISSING = [
  ["tr[data-param-name] :is(input, select, textarea):not([aria-label])", "aria-label", (field) => field.closest("tr").dataset.paramName],
  ["textarea:not([aria-label])", "aria-label", () => "Request body"],
  ["#servers:not([aria-label])", "aria-label", () => "Server"],
  [".examples-select-element:not([aria-label])", "aria-label", () => "Example"],
  [".content-type:not([aria-label])", "aria-label", () => "Media type"],
  [".close-modal:not([aria-label])", "aria-label", () => "Close"],
  [".modal-btn.authorize[aria-label='Apply credentials']", "aria-label", () => "Authorize: apply credentials"],
  [".dialog-ux .modal-ux:not([role])", "role", () => "dialog"],
  [".dialog-ux .modal-ux:not([aria-label])", "aria-label", (dialog) => dialog.querySelector("h3")?.textContent ?? "Dialog"],
  [".modal-ux-header h3:not([aria-level])", "aria-level", () => "2"],
  [".auth-container h4:not([aria-level])", "aria-level", () => "3"],
  ["pre.microlight:not([tabindex]), pre.curl:not([tabindex])", "tabindex", () => "0"],
];
const complete = () => {
  for (const [selector, attribute, value] of MISSING) {
    for (const element of document.querySelectorAll(selector)) {
      element.setAttribute(attribute, value(element));
    }
  }
};
new MutationObserver(complete).observe(document.getElementById("swagger-ui"), { childList: true, subtree: true });

// Expand the tags in which a filter finds operations, and put all parts of the page into landmarks for screen readers.
const page = ({ React, fn }) => {
  const filtered = fn.opsFilter; // Swagger UI's own: the tags and paths with a phrase
  let found = 0;
  const landmark = (label, heading) => (Original) => (properties) =>
    React.createElement("section", { "aria-label": label }, heading, React.createElement(Original, properties));
  return {
    fn: {
      opsFilter(tags, phrase) {
        const kept = filtered(tags, phrase);
        found = kept.reduce((count, tag) => count + tag.get("operations").size, 0);
        return kept;
      },
    },
    statePlugins: {
      layout: {
        wrapSelectors: {
          isShown: (original) => (state, thing, fallback) => {
            const filter = state.get("filter");
            const isTag = Array.isArray(thing) && thing[0] === "operations-tag";
            const isHit = isTag && typeof filter === "string" && filter.trim() !== "" && found <= MOST_EXPANDED;
            return original(thing, isHit || fallback); // it knows the state already
          },
        },
      },
    },
    wrapComponents: {
      InfoContainer: landmark("Document"),
      ServersContainer: landmark("Servers"),
      SchemesContainer: landmark("Schemes"),
      AuthorizeBtnContainer: landmark("Login"),
      FilterContainer: landmark("Filter", React.createElement("h2", { className: "only-read" }, "Operations")),
    },
  };
};

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  spec: JSON.parse(document.getElementById("document").textContent),
  plugins: [page],
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  queryConfigEnabled: false,
  validatorUrl: null,
  requestInterceptor(request) {
    const token = request.headers.Authorization;
    if (token && !SCHEMES.test(token) && !token.includes(" ")) {
      request.headers.Authorization = `bearer ${token}`; // as identity providers answer it
    } else if (token) {
      request.headers.Authorization = token.replace(/^bearer\s+bearer\s+/i, "bearer "); // pasted with its scheme
    }
    return request;
  },
});
