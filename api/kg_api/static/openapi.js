// Shows the OpenAPI document; the page names its address, so that nothing stands in the page itself but text.
const place = document.getElementById("openapi");
const url = place.dataset.url;
const options = {
  domNode: place,
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  validatorUrl: null,
};

// An example stands beside a field. Swagger UI would fill it in, and who asks for a list without changing anything would ask
// for what passes every filter at once, which is nothing.
function showBeside(parameter) {
  if (parameter.required || parameter.example === undefined) return;
  parameter.description += ` (${place.dataset.forExample} ${parameter.example})`;
  delete parameter.example;
}

async function read() {
  const spec = await (await fetch(url)).json();
  Object.values(spec.paths).forEach((path) => path.get.parameters.forEach(showBeside));
  return spec;
}

// What cannot be read, Swagger UI asks for itself, and says on the page what is wrong.
read().then(
  (spec) => SwaggerUIBundle({ ...options, spec }),
  () => SwaggerUIBundle({ ...options, url }),
);
