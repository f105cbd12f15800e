// A receiver as an integrator would write it: verifies with the public package standardwebhooks, and Ed25519 with Node's own
// crypto, since that package knows the shared secret only. Prints its port, then one JSON line for each request.
//
//   node receiver.mjs < keys     one JSON line, {"path": "/a", "secret": "whsec_…"} or {"path": "/b", "public_key": "whpk_…"},
//                                for each address; answers 204 to what verifies and 401 to what does not

import { createPublicKey, verify } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

const BODY_BYTES_MAX = 1 << 20;
// SubjectPublicKeyInfo of an Ed25519 key, before its 32 bytes.
const SPKI_HEAD = Buffer.from("302a300506032b6570032100", "hex");
const keys = new Map();

createInterface({ input: process.stdin }).on("line", (line) => {
  const key = JSON.parse(line);
  keys.set(key.path, key);
  console.log(JSON.stringify({ known: key.path }));
});

/** The message, or an error when nothing verifies it. */
function verified(key, headers, body) {
  if (key.secret) {
    return new Webhook(key.secret).verify(body, headers);
  }
  const raw = Buffer.from(key.public_key.replace("whpk_", ""), "base64");
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_HEAD, raw]), format: "der", type: "spki" });
  const signed = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
  const signatures = headers["webhook-signature"].split(" ").filter((one) => one.startsWith("v1a,"));
  if (!signatures.some((one) => verify(null, signed, publicKey, Buffer.from(one.slice(4), "base64")))) {
    throw new Error("no signature fits");
  }
  return JSON.parse(body);
}

const server = createServer((request, response) => {
  const chunks = [];
  let bytes = 0;
  request.on("data", (chunk) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) request.destroy();
    else chunks.push(chunk);
  });
  request.on("end", () => {
    const report = { path: request.url, id: request.headers["webhook-id"], signature: request.headers["webhook-signature"] };
    try {
      const message = verified(keys.get(request.url), request.headers, Buffer.concat(chunks).toString("utf8"));
      console.log(JSON.stringify({ ...report, verified: true, message }));
      response.writeHead(204).end();
    } catch (error) {
      console.log(JSON.stringify({ ...report, verified: false, error: String(error) }));
      response.writeHead(401).end();
    }
  });
});

server.listen(0, "127.0.0.1", () => console.log(JSON.stringify({ port: server.address().port })));
