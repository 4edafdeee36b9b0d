// Shows the OpenAPI document; the page names its address, so that nothing stands in the page itself but text.
SwaggerUIBundle({
  url: document.getElementById("openapi").dataset.url,
  domNode: document.getElementById("openapi"),
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
