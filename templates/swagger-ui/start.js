// Shows the document that the page brings along; nothing is asked of other hosts.
"use strict";

SwaggerUIBundle({
  dom_id: "#swagger-ui",
  spec: JSON.parse(document.getElementById("document").textContent),
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  queryConfigEnabled: false,
  validatorUrl: null,
  requestInterceptor(request) {
    const token = request.headers.Authorization;
    if (token && !token.includes(" ")) {
      request.headers.Authorization = `bearer ${token}`; // as identity providers answer it
    }
    return request;
  },
});
