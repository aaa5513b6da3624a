"use strict";
// A small viewer of /openapi.json: lists operations, shows fields, and can send a request.

const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};

let spec;
const resolve = (schema) => (schema && schema.$ref ? spec.components.schemas[schema.$ref.split("/").pop()] : schema);

function typeName(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.type === "array") return `${typeName(schema.items)}[]`;
  return schema.format ? `${schema.type} (${schema.format})` : schema.type || "any";
}

function example(schema, depth = 0) {
  const plain = resolve(schema) || {};
  if (plain.examples) return plain.examples[0];
  if (plain.enum) return plain.enum[1] || plain.enum[0];
  if (plain.type === "array") return depth > 3 ? [] : [example(plain.items, depth + 1)];
  if (plain.type === "object") {
    const out = {};
    if (depth > 3) return out;
    for (const [name, field] of Object.entries(plain.properties || {})) {
      if (name !== "requestId") out[name] = example(field, depth + 1);
    }
    return out;
  }
  return { string: "", integer: 0, number: 0, boolean: false }[plain.type] ?? null;
}

function rows(schema) {
  const plain = resolve(schema) || {};
  const table = make("table");
  for (const [name, field] of Object.entries(plain.properties || {})) {
    const about = field.description || (resolve(field) || {}).description || "";
    table.append(make("tr", {}, make("td", {}, make("code", { textContent: name })),
      make("td", { textContent: typeName(field) }), make("td", { textContent: about })));
  }
  return table;
}

function tryIt(path, verb, operation) {
  const box = make("div");
  const inputs = (operation.parameters || []).map((parameter) => {
    const input = make("input", { placeholder: parameter.name });
    box.append(make("label", {}, `${parameter.name} (${parameter.in}) `, input));
    return { parameter, input };
  });
  const schema = operation.requestBody?.content?.["application/json"]?.schema;
  const body = schema && make("textarea", { rows: 8, value: JSON.stringify(example(schema), null, 2) });
  if (body) box.append(body);
  const result = make("pre", { hidden: true });
  const send = make("button", { textContent: "Send", type: "button" });
  send.addEventListener("click", async () => {
    const headers = {};
    const query = new URLSearchParams();
    let address = path;
    for (const { parameter, input } of inputs) {
      if (parameter.in === "path") address = address.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (input.value && parameter.in === "query") query.append(parameter.name, input.value);
      else if (input.value) headers[parameter.name] = input.value;
    }
    const key = document.getElementById("key").value.trim();
    if (key) headers.Authorization = `Bearer ${key}`;
    if (body) headers["Content-Type"] = "application/json";
    const search = query.toString();
    result.hidden = false;
    try {
      const answer = await fetch(search ? `${address}?${search}` : address,
        { method: verb.toUpperCase(), headers, body: body ? body.value : undefined });
      const text = await answer.text();
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* not JSON */ }
      result.textContent = `${answer.status} ${answer.statusText}\n${[...answer.headers].map((h) => h.join(": ")).join("\n")}\n\n${shown}`;
    } catch (error) {
      result.textContent = String(error);
    }
  });
  box.append(make("div", {}, send), result);
  return box;
}

function operationView(path, verb, operation) {
  const details = make("details");
  details.append(make("summary", {}, make("span", { className: `verb ${verb}`, textContent: verb.toUpperCase() }),
    make("code", { textContent: path }), make("span", { className: "what", textContent: operation.summary || "" })));
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    details.append(make("p", { textContent: operation.description || operation.summary || "" }));
    const parameters = operation.parameters || [];
    if (parameters.length) {
      const table = make("table");
      for (const p of parameters) {
        table.append(make("tr", {}, make("td", {}, make("code", { textContent: p.name })),
          make("td", { textContent: `${p.in}, ${typeName(p.schema)}` }), make("td", { textContent: p.description || "" })));
      }
      details.append(make("h4", { textContent: "Parameters" }), table);
    }
    const request = operation.requestBody?.content?.["application/json"]?.schema;
    if (request) details.append(make("h4", { textContent: "Body" }), rows(request));
    const done = operation.responses?.["200"]?.content?.["application/json"]?.schema;
    if (done) details.append(make("h4", { textContent: "Answer" }), rows(done));
    details.append(make("h4", { textContent: "Try it" }), tryIt(path, verb, operation));
  });
  details.dataset.text = `${verb} ${path} ${operation.summary} ${operation.operationId}`.toLowerCase();
  return details;
}

async function start() {
  const main = document.getElementById("operations");
  spec = await (await fetch("/openapi.json")).json();
  document.getElementById("title").textContent = `${spec.info.title} API ${spec.info.version}`;
  document.getElementById("about").textContent = spec.info.description;
  const groups = new Map(spec.tags.map((tag) => [tag.name, []]));
  for (const [path, item] of Object.entries(spec.paths)) {
    for (const [verb, operation] of Object.entries(item)) {
      groups.get(operation.tags[0])?.push(operationView(path, verb, operation));
    }
  }
  main.replaceChildren();
  for (const [name, views] of groups) main.append(make("section", {}, make("h2", { textContent: name }), ...views));
  document.getElementById("find").addEventListener("input", (event) => {
    const wanted = event.target.value.toLowerCase();
    for (const view of main.querySelectorAll("details")) view.hidden = !view.dataset.text.includes(wanted);
  });
}

start().catch((error) => { document.getElementById("operations").textContent = String(error); });
