// Holds recorded requests against LinkedIn's documentation, since it publishes no schema: `recorded.mjs FILE`. See
// ../README.md.

import { readFileSync } from "node:fs";

const { version, calls } = JSON.parse(readFileSync(new URL("documented.json", import.meta.url)));

/** The values in an object by their names, those of inner ones as `a.b`. What is empty is a value. */
function leaves(value, name = "") {
  const inner = Array.isArray(value) ? value.map((one) => ["", one]) : Object.entries(value ?? {});
  if (typeof value !== "object" || inner.length === 0) return [[name, value]];
  return inner.flatMap(([key, one]) => leaves(one, [name, key].filter(Boolean).join(".")));
}

function* misfits(call, request) {
  const found = leaves(request.json);
  for (const name of call.required) if (!found.some(([one]) => one === name)) yield `${name} is missing`;
  for (const [name, value] of found) {
    if (!call.fields.includes(name)) yield `no field ${name}`;
    const allowed = call.values?.[name];
    if (allowed && !allowed.includes(value)) yield `${name} has no ${value}`;
  }
  for (const [name, value] of request.query) {
    if (!call.query?.[name]?.includes(value)) yield `no parameter ${name}=${value}`;
  }
}

/** Every request to the versioned API says its version; those with a body have documented fields. */
export function check(requests) {
  const fail = (request, what) => {
    throw new Error(`linkedin: ${request.method} ${request.path}: ${what}`);
  };
  let checked = 0;
  for (const request of requests) {
    if (!request.path.startsWith("/rest/")) continue;
    const { "linkedin-version": said, "x-restli-protocol-version": protocol } = request.headers;
    if (said !== version || protocol !== "2.0.0") fail(request, `versions ${said} and ${protocol}`);
    if (request.method === "POST") {
      const path = request.path.replace(/(?<=\/socialActions\/)[^/]+/, "*");
      const call = calls.find((one) => one.call === `POST ${path}`);
      const found = call ? [...misfits(call, request)] : ["not documented"];
      if (found.length) fail(request, found.join("; "));
    }
    checked += 1;
  }
  if (!checked) throw new Error("linkedin: no request was recorded");
  return checked;
}

if (process.argv[1] === import.meta.filename) {
  console.log(`linkedin: ${check(JSON.parse(readFileSync(process.argv[2])))} requests fit the documentation`);
}
